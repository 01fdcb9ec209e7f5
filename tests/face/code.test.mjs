// The one-time code: pasted with its message, or read in it by the browser.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { Field, openShop, way } from "./shop.mjs";

const MESSAGE = "KASA: 129,90 TL tutarındaki 22.11.2026 14:05 tarihli işleminiz için onay kodu 123456. B002";

let shop, page, code;

before(async () => {
  shop = await openShop();
});
after(() => shop?.close());
beforeEach(async () => {
  page = await shop.checkout();
  await page.evaluate(standInForWebOtp);
  const mealCard = way(page, "apm", "12");
  await mealCard.locator("[part=choose]").click();
  await new Field(mealCard, "cardNumber").type("6375780000000001");
  await page.keyboard.press("Enter");
  code = new Field(page.locator("[part=otp]"), "code");
  await code.input.waitFor();
});

/** The one thing that cannot run here: it needs a phone. */
function standInForWebOtp() {
  window.OTPCredential = class OTPCredential {};
  window.asked = [];
  navigator.credentials.get = ({ otp, signal }) =>
    new Promise((settle, fail) => {
      const asked = { otp, given: (code) => settle({ code }), givenUp: false };
      window.asked.push(asked);
      signal.addEventListener("abort", () => {
        asked.givenUp = true;
        fail(signal.reason);
      });
    });
}

const asked = () => page.evaluate(() => window.asked.map(({ otp, givenUp }) => ({ otp, givenUp })));
const ONCE = { otp: { transport: ["sms"] }, givenUp: false };

test("the field has the focus, and tells browsers and keyboards what it is for", async () => {
  assert.ok(await code.hasFocus());
  for (const [name, value] of [["autocomplete", "one-time-code"], ["inputmode", "numeric"], ["dir", "ltr"]]) {
    assert.equal(await code.input.getAttribute(name), value);
  }
});

test("of a whole message that is pasted its code is left, and pays", async () => {
  await code.paste(MESSAGE);
  assert.equal(await code.shown(), "123456|");
  await page.keyboard.press("Enter");

  await page.locator("[part=result][data-status=paid]").waitFor();
});

test("the browser is asked for the message's code, and the shopper confirms it", async () => {
  assert.deepEqual(await asked(), [ONCE]);

  await page.evaluate(() => window.asked[0].given("123456"));
  await code.input.evaluate((input) => input.value || new Promise((settle) => setInterval(() => input.value && settle(), 20)));

  assert.equal(await code.value(), "123456");
  assert.ok(await code.hasFocus());
  await page.keyboard.press("Enter");
  await page.locator("[part=result][data-status=paid]").waitFor();
});

test("after a wrong code the browser is asked again, and no longer for the first", async () => {
  await code.type("000000");
  await page.keyboard.press("Enter");
  await page.locator("#code-error:not(:empty)").waitFor();

  assert.deepEqual(await asked(), [{ ...ONCE, givenUp: true }, ONCE]);
  assert.equal(await code.value(), "");
  assert.ok(await code.hasFocus());
  assert.match(await page.locator("[part=attempts]").textContent(), /2/);
});

test("an unmounted component no longer asks for a code", async () => {
  await page.evaluate(() => kasa.unmount());

  assert.deepEqual(await asked(), [{ ...ONCE, givenUp: true }]);
});

test("a canceled payment no longer asks for a code", async () => {
  await page.locator("[part=cancel]").click();
  await page.locator("[part=methods]").waitFor();

  assert.deepEqual(await asked(), [{ ...ONCE, givenUp: true }]);
});
