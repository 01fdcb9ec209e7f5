// The drop-in in languages that are fetched when they are spoken, and in the
// shop's own words: under the demo's policy, as the shop's bundler split it.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";

import arabic from "../../src/js/languages/ar.js";
import german from "../../src/js/languages/de.js";
import russian from "../../src/js/languages/ru.js";
import { Field, openShop, way } from "./shop.mjs";

let shop, page;

before(async () => (shop = await openShop()));
afterEach(() => page?.context().close());
after(() => shop?.close());

const root = () => page.locator("[part=root]");

/** Another checkout of the page's order, mounted in its place; or the error that refused it. */
const opened = (options) =>
  page.evaluate(async (options) => {
    const { merchant } = await (await fetch("/api/config")).json();
    kasa.destroy();
    try {
      const another = await kasaCheckout.init({ merchant, checkout: kasaCheckout.checkout, ...options });
      another.mount("#checkout");
    } catch ({ code, message }) {
      return { code, message };
    }
  }, options);

for (const [locale, dir, texts] of [["de", "ltr", german], ["ru", "ltr", russian], ["ar", "rtl", arabic]]) {
  test(`${locale}: the form is drawn in it, in its direction, and the page's policy has nothing against it`, async () => {
    page = await shop.checkout({ locale });
    const complaints = [];
    page.on("console", (line) => line.type() !== "log" && complaints.push(line.text()));
    await page.reload();
    await page.locator("[part=methods]").waitFor();

    assert.equal(await root().getAttribute("dir"), dir);
    assert.equal(await root().getAttribute("lang"), locale);
    assert.equal(await page.locator("label[for=number]").textContent(), texts.number);
    assert.equal(await root().locator("h2").first().textContent(), texts.methods_title);
    assert.deepEqual(complaints, []);
  });
}

test("the order's own language is spoken where the page asks for none", async () => {
  page = await shop.checkout({ locale: "de" });
  await opened({});

  assert.equal(await root().getAttribute("lang"), "de");
  assert.equal(await page.locator("label[for=number]").textContent(), german.number);
});

test("from right to left, digits still run from left to right, and stand where the line begins", async () => {
  page = await shop.checkout({ locale: "ar", viewport: { width: 320, height: 800 } });
  const number = new Field(way(page, "card"), "number");
  await number.type("9792088780144513");

  assert.equal(await number.value(), "9792 0887 8014 4513");
  const { direction, textAlign } = await number.input.evaluate((input) => {
    const { direction, textAlign } = getComputedStyle(input);
    return { direction, textAlign };
  });
  assert.deepEqual([direction, textAlign], ["ltr", "right"]);
  const middle = async (locator) => locator.boundingBox().then(({ x, width }) => x + width / 2);
  assert.ok((await middle(page.locator("[part~=brand]").first())) < (await middle(number.input)), "the brand stands at the line's end");
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "nothing is wider than the screen");
});

test("the bank's dialog speaks it too", async () => {
  page = await shop.checkout({ locale: "ar" });
  const form = way(page, "card");
  for (const [name, text] of [["number", "5141181677407907"], ["expiry", "0928"], ["cvc", "360"], ["holder", "Elif Yılmaz"]]) {
    await new Field(form, name).type(text);
  }
  await form.locator("[part=pay]").click();
  const dialog = page.locator("kasa-challenge dialog");
  await dialog.waitFor();

  assert.equal(await dialog.getAttribute("dir"), "rtl");
  assert.equal(await dialog.locator("iframe").getAttribute("title"), arabic.challenge_title);
  await dialog.locator("[part=close]").click();
  await page.locator("[part=status]", { hasText: arabic.canceled }).waitFor();
});

test("the shop's own words go over a language, and a whole one may be its own", async () => {
  page = await shop.checkout();
  const messages = { de: { number: "Ihre Kartennummer" }, fr: { pay: "Payer {}", methods_title: "Comment payer ?" } };
  await opened({ locale: "de-AT", messages });
  assert.equal(await page.locator("label[for=number]").textContent(), "Ihre Kartennummer");
  assert.equal(await page.locator("label[for=holder]").textContent(), german.holder);

  page.once("console", (line) => assert.fail(line.text()));
  await page.evaluate(() => document.querySelector("kasa-drop-in").remove());
  await opened({ locale: "fr", messages });
  assert.equal(await root().locator("h2").first().textContent(), "Comment payer ?");
  assert.match(await page.locator("[part=pay]").first().textContent(), /^Payer .*₺/);
  assert.equal(await page.locator("label[for=number]").textContent(), "Card number");
});

test("a word that does not exist is refused by name", async () => {
  page = await shop.checkout();
  const { code, message } = await opened({ messages: { en: { pay_now: "Pay now" } } });

  assert.equal(code, "invalid_options");
  assert.match(message, /messages\.en\.pay_now/);
});

test("a language that cannot be fetched does not stop a payment: it is English, with a warning", async () => {
  page = await shop.checkout();
  await page.route("**/*.js", (route) => route.abort());
  const warned = page.waitForEvent("console", (line) => line.type() === "warning" && line.text().includes('"de" could not be loaded'));
  await opened({ locale: "de" });

  await warned;
  assert.equal(await root().getAttribute("lang"), "en");
  assert.equal(await page.locator("label[for=number]").textContent(), "Card number");
});
