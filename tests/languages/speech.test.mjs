// How a language is found, and what becomes of the shop's own words.

import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { readMessages, speech } from "../../src/js/languages.js";

const KEYS = ["pay", "cancel", "plan"];
const warned = mock.method(console, "warn", () => {});

/** What is handed to the wasm, taken apart. */
async function spoken(locale, messages = {}) {
  const [tag, dir, ...texts] = (await speech(locale, messages, KEYS)).split("\0");
  return { tag, dir, ...Object.fromEntries(KEYS.map((key, place) => [key, texts[place]])) };
}

test("a built-in language says nothing of its own", async () => {
  for (const tag of ["tr", "en", "tr-TR"]) assert.deepEqual(await spoken(tag), { tag, dir: "ltr", pay: "", cancel: "", plan: "" });
});

test("a language on demand is whole, its plurals a line each, the last for all others", async () => {
  assert.deepEqual(await spoken("de"), { tag: "de", dir: "ltr", pay: "{} bezahlen", cancel: "Abbrechen", plan: "one:{} Rate\n{} Raten" });
});

test("right to left is known by the language, or by its script", async () => {
  const fa = { fa: { pay: "پرداخت {}" }, "pa-Arab": { pay: "{}" } };
  for (const [tag, dir] of [["ar", "rtl"], ["ar-EG", "rtl"], ["fa", "rtl"], ["pa-Arab", "rtl"], ["ru", "ltr"]]) {
    assert.equal((await spoken(tag, fa)).dir, dir, tag);
  }
});

test("a tag is read however it is written", async () => {
  for (const [written, tag] of [["de_AT", "de-AT"], ["DE-at", "de-AT"], ["EN", "en"]]) assert.equal((await spoken(written)).tag, tag);
});

test("the shop's words go over the language's, and a region's over those", async () => {
  const messages = { de: { pay: "Jetzt {} zahlen", cancel: "Zurück" }, "de-AT": { cancel: "Retour" }, tr: { cancel: "Dön" } };
  assert.equal((await spoken("de", messages)).pay, "Jetzt {} zahlen");
  const { pay, cancel, plan } = await spoken("de-AT", messages);
  assert.deepEqual([pay, cancel, plan], ["Jetzt {} zahlen", "Retour", "one:{} Rate\n{} Raten"]);
  assert.deepEqual(await spoken("tr", messages), { tag: "tr", dir: "ltr", pay: "", cancel: "Dön", plan: "" });
});

test("a whole language may be the shop's", async () => {
  const fr = { pay: "Payer {}", plan: { one: "{} fois", other: "{} fois" } };
  assert.deepEqual(await spoken("fr-CH", { fr }), { tag: "fr-CH", dir: "ltr", pay: "Payer {}", cancel: "", plan: "one:{} fois\n{} fois" });
});

test("a language that nobody has is English, with a warning", async () => {
  for (const locale of ["fr", "not a tag", ""]) {
    warned.mock.resetCalls();
    assert.equal((await spoken(locale)).tag, "en", locale);
    assert.equal(warned.mock.callCount(), locale === "fr" ? 1 : 0);
  }
});

test("messages that do not fit are named", () => {
  for (const [messages, named] of [
    ["Pay", /^messages: /],
    [[], /^messages: /],
    [{ pay: "Pay {}" }, /^messages\.pay: .*languages/],
    [{ en: { pay_now: "Pay" } }, /^messages\.en\.pay_now: there is no such text/],
    [{ en: { pay: "" } }, /^messages\.en\.pay: /],
    [{ en: { pay: { other: "Pay" } } }, /^messages\.en\.pay: /],
    [{ en: { plan: { one: "once" } } }, /^messages\.en\.plan: .*other/],
    [{ en: { plan: { one: 1, other: "{}" } } }, /^messages\.en\.plan: /],
  ]) {
    assert.match(readMessages(messages, KEYS).fault, named);
  }
  for (const messages of [undefined, null, {}, { en: {} }, { en: { pay: "Pay", plan: "{} parts" } }, { fr: { plan: { other: "{}" } } }]) {
    assert.equal(readMessages(messages, KEYS).fault, undefined);
  }
});
