// A call that does not fit says what is wrong, what was given and what is
// expected; it never quotes what could be a card's, and sends nothing.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { openBare, order, recorded } from "./bare.mjs";

let bare, page, made;

before(async () => {
  bare = await openBare();
  page = await bare.page();
  made = await order();
  await page.evaluate(async (checkout) => {
    window.kasa = await init({ merchant, checkout });
    window.number = "5141181677407907";
    window.card = { number, expiry: "09/28", cvc: "360", holder: "Elif Yılmaz" };
    window.hostile = (name) => ({ merchant, checkout, method: "card", card, get [name]() { throw new Error(number); } });
    window.checkout = checkout;
  }, made.checkout);
});
after(() => bare?.close());

/** What a call in the page came to. */
const told = (call) =>
  page.evaluate(`(async () => {
    try {
      await (${call})();
      return { code: "taken" };
    } catch (error) {
      return { code: isKasaError(error) ? error.code : "no KasaError", message: error.message, all: error.message + JSON.stringify(error) + error.cause };
    }
  })()`);

const refused = (what, call, message, code = "invalid_options") =>
  test(what, async () => {
    const error = await told(call);
    assert.equal(error.code, code, error.message);
    assert.match(error.message, message);
    assert.doesNotMatch(error.all, /5141181677407907|7907/);
  });

describe("init", () => {
  refused("without options", () => init(), /^`merchant` must be the address of your merchant server, .*; it is not given\.$/);
  refused("options that are a text", () => init("https://pay.shop.example"), /^`merchant` must be .*; it is not given\.$/);
  refused("a merchant that is a number", () => init({ merchant: 8401, checkout }), /`merchant` .*; it is 8401\.$/);
  refused("a merchant without a scheme", () => init({ merchant: "pay.shop.example", checkout }), /`merchant` .*; it is "pay\.shop\.example"\.$/);
  refused("a merchant with a query", () => init({ merchant: "https://pay.shop.example/?a", checkout }), /without query or fragment; it is "https:/);
  refused("a merchant that could be a card", () => init({ merchant: number, checkout }), /`merchant` .*; it is a text\.$/);
  refused("no checkout", () => init({ merchant }), /^`checkout` must be the id that POST \/v1\/orders answered.*; it is not given\.$/);
  refused("a checkout that is an object", () => init({ merchant, checkout: {} }), /`checkout` .*; it is an object\.$/);
  refused("a locale that is a number", () => init({ merchant, checkout, locale: 90 }), /^`locale` must be a BCP 47 tag.*; it is 90\.$/);
  refused("a locale that is a symbol", () => init({ merchant, checkout, locale: Symbol("tr") }), /^`locale` .*; it is a symbol\.$/);
  refused("another challenge", () => init({ merchant, checkout, challenge: "popup" }), /^`challenge` must be "redirect" or "frame"; it is "popup"\.$/);
  refused("a challenge that is true", () => init({ merchant, checkout, challenge: true }), /^`challenge` .*; it is a boolean\.$/);
  refused("hosts that are a text", () => init({ merchant, checkout, redirectHosts: "bank.example" }), /^`redirectHosts` must be an array of host names.*; it is "bank\.example"\.$/);
  refused("a host that is an address", () => init({ merchant, checkout, redirectHosts: ["https://bank.example/"] }), /^`redirectHosts\[\]` must be a host name.*; it is "https:/);
  refused("a host with a wildcard", () => init({ merchant, checkout, redirectHosts: ["*.bank.example"] }), /without scheme, port, path or wildcard/);
  refused("a host that is a number", () => init({ merchant, checkout, redirectHosts: [7] }), /^`redirectHosts\[\]` .*; it is 7\.$/);
  refused("a wasm that is a number", () => init({ merchant, checkout, wasm: 7 }), /^`wasm` must be the address of the \.wasm.*; it is a number\.$/);
  refused("a wasm that is a plain object", () => init({ merchant, checkout, wasm: {} }), /^`wasm` .*; it is an object\.$/);
  refused("a controller for its signal", () => init({ merchant, checkout, signal: new AbortController() }), /^`signal` must be an AbortSignal; it is an object\.$/);
  refused("messages that are a list", () => init({ merchant, checkout, messages: [] }), /^messages: must be texts by language/);
  refused("an option that throws", () => init(hostile("locale")), /options of `init` cannot be read: one of them throws/);
  refused("messages that throw", () => init({ merchant, checkout, messages: { get en() { throw number; } } }), /^messages: cannot be read/);
});

describe("mount, on, confirm and the like", () => {
  refused("a selector that finds none", () => kasa.mount("#nowhere"), /^`target` must be an Element, or a selector that finds one; this selector finds none\.$/);
  refused("a selector that is none", () => kasa.mount("##"), /this selector finds none/);
  refused("no target", () => kasa.mount(), /^`target` .*; it is not given\.$/);
  refused("an unknown event", () => kasa.on("paid", () => {}), /^`type` must be one of the events "change", "action", "result", "error", "trace"; it is a string\.$/);
  refused("no listener", () => kasa.on("result"), /^`listener` must be a function; it is not given\.$/);
  refused("a code that nobody awaits", () => kasa.confirm("123456"), /^No one-time code is awaited now/);
  refused("a code that is a number", () => kasa.confirm(123456), /^`code` must be the text that the payer typed; it is a number\.$/);
  refused("another code that nobody awaits", () => kasa.resend(), /^No one-time code is awaited now/);
  refused("too few digits", () => kasa.installments("5141"), /^`digits` must be a text with the first six to eight digits.*; it is a string\.$/);
  refused("digits that are a symbol", () => kasa.installments(Symbol("a")), /^`digits` .*; it is a symbol\.$/);
  refused("no card to delete", () => kasa.deleteCard(), /^`id` must be the id of a saved card.*; it is not given\.$/);
});

describe("pay", () => {
  refused("without a request", () => kasa.pay(), /^`request` must be an object, like .*; it is not given\.$/);
  refused("a card number for a request", () => kasa.pay(number), /^`request` .*; it is a text\.$/);
  refused("an unknown method", () => kasa.pay({ method: "cash" }), /^`method` must be "card", "saved_card", .*; it is "cash"\.$/);
  refused("a card number for a method", () => kasa.pay({ method: number }), /^`method` .*; it is a text\.$/);
  refused("a request that throws", () => kasa.pay(hostile("method")), /^`method` cannot be read: it throws\.$/);
  refused("no card", () => kasa.pay({ method: "card" }), /^`card` must be an object, .*; it is not given\.$/);
  refused("a number for a card", () => kasa.pay({ method: "card", card: number }), /^`card` must be an object, .*; it is a text\.$/);
  refused("a card number that is a number", () => kasa.pay({ method: "card", card: { ...card, number: Number(number) } }), /^`number` must be text, .*; it is a number\.$/);
  refused("a CVC that is a number", () => kasa.pay({ method: "card", card: { ...card, cvc: 360 } }), /^`cvc` must be text, which keeps leading zeros; it is a number\.$/);
  refused("a holder that is an object", () => kasa.pay({ method: "card", card: { ...card, holder: {} } }), /^`holder` .*; it is an object\.$/);
  refused("half a month", () => kasa.pay({ method: "card", card: { ...card, expiry: undefined, expiryMonth: 9.5, expiryYear: 28 } }), /^`expiryMonth` must be text or a whole number; it is a number\.$/);
  for (const [what, call, given] of [
    ["none", () => kasa.pay({ method: "card", card, installments: 0 }), "0"],
    ["one and a half", () => kasa.pay({ method: "card", card, installments: 1.5 }), "1\\.5"],
    ["37", () => kasa.pay({ method: "card", card, installments: 37 }), "37"],
    ["a text", () => kasa.pay({ method: "card", card, installments: "3" }), '"3"'],
    ["not a number", () => kasa.pay({ method: "card", card, installments: NaN }), "a number"],
  ]) {
    refused(`installments: ${what}`, call, new RegExp(`^\`installments\` must be a whole number from 1 to 36; it is ${given}\\.$`));
  }
  refused("a save that is no yes or no", () => kasa.pay({ method: "card", card, save: "no" }), /^`save` must be true or false; it is "no"\.$/);
  refused("a save that the order does not offer", () => kasa.pay({ method: "card", card, save: true }), /^`save` must be left out: .*`customer\.id`/);
  refused("a saved card without its id", () => kasa.pay({ method: "saved_card" }), /^`card` must be the id of a saved card; see `kasa\.cards\(\)`; it is not given\.$/);
  refused("an alternative method without a connection", () => kasa.pay({ method: "apm" }), /^`connection` must be that of an `apm` in `kasa\.methods`; it is not given\.$/);
  refused("an unknown kind", () => kasa.pay({ method: "apm", connection: "12", kind: "sms" }), /^`kind` must be "otp", "redirect", "qr" or "direct"; it is "sms"\.$/);
  refused("a kind that is needed", () => kasa.pay({ method: "apm", connection: "11" }), /^`kind` must be .*; it is not given\.$/);
  refused("an unknown connection", () => kasa.pay({ method: "apm", connection: "none" }), /by that method, connection, kind or terminal; see `kasa\.methods`/, "method_not_allowed");
  refused("a payer that is a text", () => kasa.pay({ method: "aspay", payer: number }), /^`payer` must be an object .*; it is a text\.$/);
  refused("a phone that is a number", () => kasa.pay({ method: "apm", connection: "14", payer: { phone: 5551112233 } }), /^`phone` must be text, .*; it is a number\.$/);
  refused("a terminal that is a number", () => kasa.pay({ method: "terminal", terminal: 1 }), /^`terminal` must be the id of a terminal .*; it is 1\.$/);
  refused("options that are no functions", () => kasa.pay({ method: "hepsipay" }, { onOtp: "123456" }), /^`onOtp` must be a function .*; it is a string\.$/);
  refused("a controller for its signal", () => kasa.pay({ method: "hepsipay" }, { signal: new AbortController() }), /^`signal` must be an AbortSignal/);
  refused("options that throw", () => kasa.pay({ method: "hepsipay" }, { get signal() { throw number; } }), /options of `pay` cannot be read/);
  refused("a getter that cancels", () => kasa.pay({ method: "aspay", payer: { get phone() { kasa.cancel(); throw number; } } }), /^`phone` cannot be read: it throws\.$/);
  refused("nothing to tokenise", () => kasa.tokenize(), /^`card` must be an object, .*; it is not given\.$/);
});

test("nothing of all that was sent, and the next payment goes its way", async () => {
  assert.deepEqual((await recorded(made)).payments, []);
  assert.deepEqual(await page.evaluate(() => outcome(kasa.tokenize(card)).then(({ value }) => Object.keys(value))), ["token"]);
});
