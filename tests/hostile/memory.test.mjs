// The memory of the wasm holds neither card number nor security code as soon as
// they are of no use; freed memory neither. What the browser's own controls
// keep of what was typed into them is theirs, and not looked for.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { tell } from "../../scripts/lib/figures.mjs";
import { heapStrings, memories, plant } from "./memory.mjs";
import { METHODS, NEVER, order, payment } from "./merchant.mjs";
import { found, foundInBytes } from "./needles.mjs";
import { CARD, hears, mounts, openStage, pays, step, types } from "./stage.mjs";

/** Of the greatest length: what holds a number while it grows had to move oftener. */
const LONG = { ...CARD, number: "6799460837261594038" };
const paywallRefuses = (ErrorCode) => ({ ErrorCode, Result: false, Message: "no", Body: null });
const garbled = (_request, response) => response.type("json").send('{"ErrorCode":0,');
const broken = (_request, response) => response.destroy();
const refuses = (status, code) => ({ status, body: { title: "no", status, code } });

let stage, page;
const searched = { times: 0, bytes: 0, hits: 0, strings: 0 };

before(async () => {
  stage = await openStage();
  // One page for all: what one payment leaves behind, the next must not hide.
  page = await stage.page();
});
after(async () => {
  await stage?.close();
  const { times, bytes, hits, strings } = searched;
  await tell("wasm memory searched for the card", `${times} times, ${(bytes / 1e6).toFixed(0)} MB, ${hits} hits; ${strings} strings of the JavaScript heap, 0 hits`);
});
beforeEach(() => page.evaluate(() => globalThis.kasa?.destroy()));

async function opens(answers = {}) {
  stage.says(answers);
  await mounts(page, stage.options());
}

async function isClean(when, card = CARD) {
  const all = await memories(page);
  assert.ok(all.length > 0, "there is a memory to search");
  const hits = all.flatMap((bytes) => foundInBytes(bytes, card));
  searched.times += 1;
  searched.bytes += all.reduce((sum, { length }) => sum + length, 0);
  searched.hits += hits.length;
  assert.deepEqual(hits, [], when);
}

test("the search finds what stands there, whole or in part, and a code that stands alone", async () => {
  await opens();
  for (const text of ["5406 6752 0691 3846", "2069138", " 9071 ", Buffer.from(`x${CARD.number}`).toString("base64")]) {
    await plant(page, text);
    const hits = (await memories(page)).flatMap((bytes) => foundInBytes(bytes, CARD));
    await plant(page, "\0".repeat(64));
    assert.ok(hits.length > 0, text);
  }
});

for (const card of [CARD, LONG]) {
  test(`after ${card.number.length} digits were typed, and after each way to correct them`, async () => {
    await opens();
    await types(page, card);
    await isClean("typed", card);
    const number = page.locator("kasa-drop-in input[name=number]");
    await number.focus();
    for (const keys of ["Home", "ArrowRight", "ArrowRight", "Delete", "7", "Control+z", "Control+z", "Control+y", "End", "Backspace", "5", "Control+a", "Backspace", "Control+z"]) {
      await page.keyboard.press(keys);
    }
    await number.fill(card.number);
    await number.blur();
    await isClean("corrected", card);
    await page.evaluate(() => kasa.unmount());
    await isClean("unmounted", card);
  });
}

for (const [name, answers] of Object.entries({
  paid: { createPayment: payment("card", "paid") },
  failed: { createPayment: payment("card", "failed", { error: { code: "declined" } }) },
  "card refused by PayWall": { tokenize: paywallRefuses(2003) },
  "both TempTokens refused": { tokenize: paywallRefuses(401) },
  "both TempTokens refused with 401": { tokenize: (_request, response) => response.status(401).end() },
  "PayWall away": { tokenize: broken },
  "PayWall's answer cut off": { tokenize: garbled },
  "merchant server away": { createTempToken: broken },
  "merchant server's answer cut off": { createTempToken: garbled },
  "merchant server refuses": { createTempToken: refuses(429, "too_many_attempts") },
  "order paid elsewhere": { createTempToken: refuses(409, "already_paid") },
})) {
  test(`after a payment that ends so: ${name}`, async () => {
    await opens(answers);
    await types(page);
    await pays(page);
    await page.waitForFunction(() => told.some(({ type }) => type === "result" || type === "error"));
    await isClean("ended");
    await page.evaluate(() => kasa.destroy());
    await isClean("destroyed");
  });
}

test("while the payment is asked for, and after the component was taken away in the midst of each call", async () => {
  for (const call of ["createTempToken", "tokenize", "createPayment"]) {
    await opens({ [call]: NEVER });
    await types(page);
    await pays(page);
    await step(page, { createTempToken: "fetch_temp_token", tokenize: "tokenize", createPayment: "create_payment" }[call]);
    if (call === "createPayment") await isClean("PayWall has taken the card");
    await page.evaluate(() => kasa.destroy());
    await isClean(`destroyed, ${call}`);
  }
});

test("after headless pay and tokenise, of cards that are taken and that are not", async () => {
  await opens({ createPayment: payment("card", "failed", { error: { code: "declined" } }) });
  const spaced = { ...CARD, number: CARD.number.replace(/(.{4})(?=.)/g, "$1 ") };
  for (const [name, code, card] of [
    ["a number, not text", "invalid_options", { ...CARD, number: Number(CARD.number) }],
    ["too long", "invalid_card", { ...CARD, number: `${CARD.number}12345678`, cvc: `${CARD.cvc}1` }],
    ["a letter in it", "invalid_card", { ...CARD, number: `${CARD.number}x` }],
    ["number as expiry", "invalid_card", { ...spaced, expiry: CARD.number }],
    ["number as holder", "invalid_card", { ...spaced, holder: CARD.number }],
    ["good", undefined, spaced],
  ]) {
    for (const call of ["tokenize", "pay"]) {
      const ended = await page.evaluate(([call, card]) => outcome(call === "pay" ? kasa.pay({ method: "card", card }) : kasa.tokenize(card)), [call, card]);
      assert.equal(ended.code, code);
      await isClean(`${call}, ${name}`);
    }
  }
});

test("after a meal card's number has asked for a code and for another one", async () => {
  const next = { type: "otp", length: 6, now: "2026-01-01T00:00:00Z", resendAt: "2025-01-01T00:00:00Z", resendFields: ["cardNumber"] };
  const meal = payment("apm", "pending", { next });
  await opens({ readCheckout: order([METHODS.meal]), createPayment: meal, resendCode: meal, confirmCode: payment("apm", "paid") });
  await page.locator("kasa-drop-in input[name=cardNumber]").pressSequentially(CARD.number);
  await pays(page);
  await hears(page, "action");
  await page.evaluate(() => kasa.resend());
  await hears(page, "action", 1);
  while (stage.count("resendCode") === 0) await step(page, "resend_code");
  assert.match(stage.asked.find(({ operation }) => operation === "resendCode").body, new RegExp(CARD.number), "the number is still known, for this");
  await page.waitForFunction(() => {
    try {
      kasa.confirm("123456");
      return true;
    } catch {
      return false;
    }
  });
  await hears(page, "result");
  await isClean("paid");
});

test("JavaScript's heap, too, once the component is gone and the garbage taken away", async () => {
  await opens({ createPayment: payment("card", "paid") });
  await types(page);
  await pays(page);
  await hears(page, "result");
  await page.evaluate(() => kasa.destroy());
  const strings = await heapStrings(page);
  searched.strings = strings.length;
  assert.deepEqual(found(strings.join("\n"), CARD, "heap"), []);
});
