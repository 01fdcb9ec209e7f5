// What is wrong is said when a field is left or a payment is asked for, at the
// field and in sum, and nothing moves when it is.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { Field, openShop, way } from "./shop.mjs";

const FIELDS = ["number", "expiry", "cvc", "holder"];

let shop, page, form, number, expiry, cvc, holder;

before(async () => {
  shop = await openShop();
  page = await shop.checkout();
});
after(() => shop?.close());
beforeEach(async () => {
  await page.reload();
  form = way(page, "card");
  await form.locator("[part=form]").waitFor();
  [number, expiry, cvc, holder] = FIELDS.map((name) => new Field(form, name));
});

const summary = () => page.locator("[part=status]").textContent();

/** What a field is described by, in words; empty where nothing is shown. */
const description = ({ input }) =>
  input.evaluate((input) => {
    const texts = input.getAttribute("aria-describedby").split(" ").map((id) => input.getRootNode().getElementById(id));
    return texts.filter((each) => each.checkVisibility()).map((each) => each.textContent).join(" ");
  });
const isInvalid = async ({ input }) => (await input.getAttribute("aria-invalid")) === "true";

/** Where everything stands that can be seen, on the shop's page too. */
const places = () =>
  page.evaluate(() => {
    const roots = [document, document.querySelector("kasa-drop-in").shadowRoot];
    return roots
      .flatMap((root) => [...root.querySelectorAll("h1, h2, h3, label, input, button, aside, footer, section")])
      .map((each) => {
        const { x, y } = each.getBoundingClientRect();
        return [each.id || each.getAttribute("part") || each.textContent.trim().slice(0, 20), x + scrollX, y + scrollY];
      });
  });

test("nothing is said to be wrong while it is typed", async () => {
  for (const [field, keys] of [[number, "4"], [expiry, "1"], [cvc, "1"]]) {
    await field.type(keys);

    assert.equal(await field.error.textContent(), "");
    assert.equal(await isInvalid(field), false);
  }
});

test("what is wrong is said when the field is left, and tied to it", async () => {
  await number.type("514118");
  await number.press("Tab");

  const said = await number.error.textContent();
  assert.notEqual(said, "");
  assert.equal(await description(number), said);
  assert.ok(await isInvalid(number));
});

test("a field that was only passed through is not complained of", async () => {
  await number.press("Tab", "Tab", "Tab", "Tab");

  for (const field of [number, expiry, cvc, holder]) assert.equal(await field.error.textContent(), "");
});

test("what was said stands until it is mended, and not a key longer", async () => {
  await cvc.type("3");
  await cvc.press("Tab");
  const said = await cvc.error.textContent();

  await cvc.press("End", "6");
  assert.equal(await cvc.error.textContent(), said);
  await cvc.press("0");

  assert.equal(await cvc.error.textContent(), "");
  assert.equal(await isInvalid(cvc), false);
});

test("an empty form is summed up, and the first field has the focus", async () => {
  await form.locator("[part=pay]").click();

  assert.equal(
    await summary(),
    "Düzeltilecek bilgi (4): Kart numarası, Son kullanma tarihi, Güvenlik kodu (CVC), Kart üzerindeki ad soyad",
  );
  assert.ok(await number.hasFocus());
  for (const field of [number, expiry, cvc, holder]) assert.notEqual(await field.error.textContent(), "");
});

test("one wrong field is summed up alone, and has the focus", async () => {
  await number.type("5141181677407907");
  await expiry.type("0928");
  await holder.type("Elif Yılmaz");
  await holder.press("Enter");

  assert.equal(await summary(), "Düzeltilecek bilgi (1): Güvenlik kodu (CVC)");
  assert.ok(await cvc.hasFocus());
});

test("the sum goes when all of it is mended", async () => {
  await number.type("5141181677407907");
  await holder.type("Elif Yılmaz");
  await holder.press("Enter");
  assert.match(await summary(), /\(2\)/);

  await expiry.type("0928");
  assert.match(await summary(), /\(2\)/);
  await cvc.type("360");

  assert.equal(await summary(), "");
});

test("the sum outlasts what is looked up meanwhile", async () => {
  const plans = page.waitForResponse((answer) => answer.url().endsWith("/bin"));
  await form.locator("[part=pay]").click();
  await number.type("5141181677407907");
  await plans;

  assert.match(await summary(), /\(4\)/);
});

for (const width of [1280, 320]) {
  test(`nothing moves when fields are told wrong, ${width} pixels wide`, async () => {
    await page.setViewportSize({ width, height: 900 });
    for (const [field, keys] of [[number, "514118"], [expiry, "0921"], [cvc, "3"], [holder, "Elif 1"]]) {
      await field.input.focus();
      const before = await places();
      await field.type(keys);
      await field.press("Tab");

      assert.notEqual(await field.error.textContent(), "");
      assert.deepEqual(await places(), before);
    }
  });
}
