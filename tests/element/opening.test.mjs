// <kasa-checkout> before there is anything to pay with: the room it keeps, what
// is seen while the order is read, and the way on when it cannot be.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { MERCHANT, heard, hears, openStage, put } from "./stage.mjs";

let stage;

before(async () => (stage = await openStage()));
after(() => stage?.close());

const ORDER = new RegExp(`^${MERCHANT}/v1/checkouts/[^/]+$`);

/** The element's own: the drop-in has one too, for later. */
const retryOf = (element) => element.locator("section > [part=retry]");

/** Requests that wait until they are let go on. */
function gate() {
  let open;
  const opened = new Promise((settle) => (open = settle));
  return { hold: (route) => opened.then(() => route.continue()), open };
}

for (const width of [320, 1280]) {
  test(`room is kept from the start, and nothing moves until the form is there, ${width} pixels wide`, async () => {
    const [wasm, read] = [gate(), gate()];
    const page = await stage.page(async (page) => {
      await page.setViewportSize({ width, height: 800 });
      await page.route("**/*.wasm", wasm.hold);
      await page.route(ORDER, read.hold);
    });
    const element = await put(page);
    const height = () => element.evaluate((element) => element.getBoundingClientRect().height);
    const placeholder = element.locator("[part=placeholder]");
    await placeholder.waitFor();
    const kept = await height();
    await page.evaluate(() => {
      globalThis.shifts = [];
      new PerformanceObserver((list) => shifts.push(...list.getEntries().map(({ value }) => value))).observe({ type: "layout-shift" });
    });

    wasm.open();
    await element.locator("[part=root][data-view=opening]").waitFor();
    assert.ok(await placeholder.isHidden());
    assert.ok(kept > 300);
    assert.equal(await height(), kept);
    assert.equal(await element.locator("[part=status]").textContent(), "Ödeme hazırlanıyor…");
    await page.evaluate(() => new Promise((settle) => requestAnimationFrame(() => requestAnimationFrame(settle))));
    assert.deepEqual(await page.evaluate(() => shifts), []);

    read.open();
    await element.locator("[part=methods]").waitFor();
    assert.equal(await page.locator("kasa-drop-in").count(), 1);
    assert.deepEqual(page.complaints, []);
  });
}

test("the form that appears takes neither the focus nor the page to itself", async () => {
  const page = await stage.page();
  await page.evaluate(() => {
    document.querySelector("main").before(...Array.from({ length: 100 }, () => Object.assign(document.createElement("p"), { textContent: "…" })));
  });
  const element = await put(page);
  await element.locator("[part=methods]").waitFor();

  assert.equal(await focus(page), "body");
  assert.equal(await page.evaluate(() => scrollY), 0);
});

test("until the order's language is known, the page's is spoken", async () => {
  const read = gate();
  const page = await stage.page((page) => page.route(ORDER, read.hold));
  await page.evaluate(() => (document.documentElement.lang = "de-AT"));
  const element = await put(page, { locale: "" });
  const root = element.locator("[part=root]");
  await element.locator("[part=root][lang=de][data-view=opening]").waitFor();
  assert.match(await element.locator("[part=status]").textContent(), /Zahlung/);

  read.open();

  await element.locator("[part=root][lang=tr][data-view=form]").waitFor();
  assert.equal(await root.count(), 1);
});

test("an order that cannot be read is told of, and tried again by a button that keeps the focus", async () => {
  const page = await stage.page((page) => page.route(ORDER, (route) => route.abort()));
  const element = await put(page, { locale: "en" });
  const retry = retryOf(element);
  await retry.waitFor();
  assert.ok(await element.locator("kasa-drop-in [part=retry]").isHidden());
  assert.match(await element.locator("kasa-drop-in [part=status][data-tone=bad]").textContent(), /connection/i);
  const [error] = await heard(page, "error");
  assert.deepEqual([error.id, error.code, error.retryable], ["one", "merchant_unreachable", true]);
  assert.equal(await element.evaluate((element) => element.kasa), null);

  await retry.press("Enter");
  await hears(page, "error", 2);
  await retry.and(page.locator("[aria-disabled=false]")).waitFor();
  assert.equal(await focus(page), "retry");

  await page.unroute(ORDER);
  await retry.press("Enter");
  await element.locator("[part=methods]").waitFor();
  await hears(page, "ready");
  assert.ok(await retry.isHidden());
  assert.equal(await focus(page), "status");
  assert.equal(await page.locator("kasa-drop-in").count(), 1);
});

test("what does not pass is told of, without a button that would not help", async () => {
  const page = await stage.page();
  const element = await put(page, { checkout: "co_unknown" });
  await hears(page, "error");

  assert.equal((await heard(page, "error"))[0].code, "checkout_not_found");
  await element.locator("kasa-drop-in [part=status][data-tone=bad]").waitFor();
  assert.ok(await retryOf(element).isHidden());
});

test("without the wasm it says so itself, in the language asked for, and tries again", async () => {
  const page = await stage.page((page) => page.route("**/*.wasm", (route) => route.abort()));
  const element = await put(page, { locale: "de" });
  const problem = element.locator("[part=problem]");
  await problem.waitFor();
  assert.equal(await problem.textContent(), "Das Zahlungsformular konnte nicht geladen werden.");
  assert.equal(await retryOf(element).textContent(), "Erneut versuchen");
  assert.ok(await element.locator("[part=placeholder]").isHidden());

  await page.unroute("**/*.wasm");
  await retryOf(element).click();
  await element.locator("[part=methods]").waitFor();
  assert.ok(await problem.isHidden());
});

test("after the WebAssembly has failed inside, a push of the button starts anew", async () => {
  const page = await stage.page((page) =>
    page.addInitScript(() => {
      const real = WebAssembly.instantiateStreaming;
      WebAssembly.instantiateStreaming = async (...given) => (globalThis.made = await real.apply(WebAssembly, given));
    }),
  );
  const element = await put(page);
  await hears(page, "ready");

  await page.evaluate(() => {
    new Uint8Array(made.instance.exports.memory.buffer).fill(0xff);
    dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
  });
  await element.locator("[part=problem]").waitFor();
  assert.equal((await heard(page, "error"))[0].code, "internal");
  assert.equal(await element.evaluate((element) => element.kasa), null);

  await retryOf(element).click();
  await element.locator("[part=methods]").waitFor();
  assert.ok(await element.locator("[part=problem]").isHidden());
});

test("a misuse is named, in the event and in the console", async () => {
  const page = await stage.page();
  await put(page, { challenge: "popup" });
  await hears(page, "error");

  const [{ code, message }] = await page.evaluate(() => heard.filter(({ type }) => type === "error").map(({ detail }) => detail));
  assert.equal(code, "invalid_options");
  assert.equal(message, undefined);
  assert.match(page.complaints.join(), /`challenge` must be/);
});

const focus = (page) =>
  page.evaluate(() => {
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    return at?.getAttribute("part") ?? at?.localName;
  });
