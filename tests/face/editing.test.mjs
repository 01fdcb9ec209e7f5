// The fields under a person's hands: real keys, a real clipboard, the browser's
// own autofill. What stands there and where the caret is, after each.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { Field, openShop, way } from "./shop.mjs";

const FIELDS = ["number", "expiry", "cvc", "holder"];

let shop, page, form, number, expiry, cvc, holder;

before(async () => {
  shop = await openShop({ whole: true });
  page = await shop.checkout();
});
after(() => shop?.close());
beforeEach(async () => {
  await page.reload();
  form = way(page, "card");
  await form.locator("[part=form]").waitFor();
  [number, expiry, cvc, holder] = FIELDS.map((name) => new Field(form, name));
});

/** The date that leaves the browser when this card is paid with. */
async function submitted() {
  const sent = page.waitForRequest((request) => request.url().endsWith("/api/paywall/tempcard") && request.method() === "POST");
  await page.route("**/api/paywall/tempcard", (route) => route.abort());
  if (!(await number.value())) await number.type("5141181677407907");
  if (!(await cvc.value())) await cvc.type("360");
  if (!(await holder.value())) await holder.type("Elif Yılmaz");
  await holder.press("Enter");
  const card = (await sent).postDataJSON();
  return `${card.CardExpiryMonth}/${card.CardExpiryYear}`;
}

// ---- the number

test("sixteen typed digits stand in groups of four", async () => {
  await number.type("5141181677407907");

  assert.equal(await number.shown(), "5141 1816 7740 7907|");
});

test("a number pasted with dashes, blanks and dots stands in groups of four", async () => {
  await number.paste("4242-4242 4242.4242");

  assert.equal(await number.shown(), "4242 4242 4242 4242|");
});

test("a number that the browser filled in stands in groups of four", async () => {
  await number.isFilledWith("4242424242424242");

  assert.equal(await number.value(), "4242 4242 4242 4242");
});

test("a digit typed in the middle has the caret behind it", async () => {
  await number.type("514118167740790");
  await number.stands("5141 18|16 7740 790");

  await number.type("9");

  assert.equal(await number.shown(), "5141 189|1 6774 0790");
});

test("a digit typed before a separator goes behind it, and the caret with it", async () => {
  await number.type("514118167740790");
  await number.stands("5141| 1816 7740 790");

  await number.type("9");

  assert.equal(await number.shown(), "5141 9|181 6774 0790");
});

test("Backspace behind a separator erases the digit before it", async () => {
  await number.type("5141181677407907");
  await number.stands("5141 |1816 7740 7907");

  await number.press("Backspace");

  assert.equal(await number.shown(), "514|1 8167 7407 907");
});

test("Delete before a separator erases the digit behind it", async () => {
  await number.type("5141181677407907");
  await number.stands("5141| 1816 7740 7907");

  await number.press("Delete");

  assert.equal(await number.shown(), "5141| 8167 7407 907");
});

test("a paste over a selection has the caret behind what was pasted", async () => {
  await number.type("5141181677407907");
  await number.stands("5141 |1816| 7740 7907");

  await number.paste("99-88");

  assert.equal(await number.shown(), "5141 9988| 7740 7907");
});

test("an Amex number stands in groups of four, six and five", async () => {
  await number.type("375607798279765");

  assert.equal(await number.shown(), "3756 077982 79765|");
});

for (const start of ["9792", "65"]) {
  test(`a number that begins with ${start} is named Troy`, async () => {
    await number.type(start);

    assert.equal(await number.shown(), `${start}|`);
    assert.equal(await form.locator("[part=brand]").textContent(), "Troy");
  });
}

test("Ctrl+Z takes back what was typed, step by step, and Ctrl+Shift+Z brings it again", async () => {
  await number.type("514118167740");
  const states = [];
  for (let last; (last = await number.value()) !== ""; states.push(last)) await number.press("Control+z");

  // How many keys are one step is the browser's to say. Each step leaves a number
  // in its groups, shorter than the one before, and the last an empty field.
  const grouped = (count) => "514118167740".slice(0, count).replace(/\d{4}(?=\d)/g, "$& ");
  const counts = states.map((state) => state.replaceAll(" ", "").length);
  assert.deepEqual(states, counts.map(grouped));
  assert.deepEqual(counts, [...new Set(counts)].sort((one, other) => other - one));
  assert.equal(counts[0], 12);
  for (const state of states.reverse()) {
    await number.press("Control+Shift+z");
    assert.equal(await number.value(), state);
  }
});

test("Ctrl+Z takes back a paste, and the number before it stands again", async () => {
  await number.type("5141181677407907");
  await number.press("Control+a");
  await number.paste("4242-4242 4242.4242");

  await number.press("Control+z");

  assert.equal(await number.value(), "5141 1816 7740 7907");
});

test("Ctrl+Z takes back an erased separator's digit", async () => {
  await number.type("5141181677407907");
  await number.stands("5141 |1816 7740 7907");
  await number.press("Backspace");

  await number.press("Control+z");

  assert.equal(await number.value(), "5141 1816 7740 7907");
});

test("a cut number leaves what is left in its groups", async () => {
  await number.type("5141181677407907");
  await number.stands("51|41 18|16 7740 7907");

  await number.press("Control+x");

  assert.equal(await number.shown(), "51|16 7740 7907");
});

// ---- the date

test("528 typed as a date is May 2028", async () => {
  await expiry.type("528");

  assert.equal(await expiry.shown(), "05/28|");
  assert.equal(await submitted(), "05/28");
});

test("05/2028 pasted as a date is May 2028", async () => {
  await expiry.paste("05/2028");

  assert.equal(await expiry.shown(), "05/28|");
  assert.equal(await submitted(), "05/28");
});

test("2028-05 filled in by the browser is May 2028", async () => {
  await expiry.isFilledWith("2028-05");

  assert.equal(await expiry.value(), "05/28");
  assert.equal(await submitted(), "05/28");
});

for (const [keys, shown] of [["0528", "05/28|"], ["5/28", "05/28|"], ["05/2028", "05/28|"], ["1/2030", "01/30|"], ["12/30", "12/30|"]]) {
  test(`${keys} typed as a date is understood`, async () => {
    await expiry.type(keys);

    assert.equal(await expiry.shown(), shown);
    assert.equal(await submitted(), shown.replace("|", ""));
  });
}

for (const text of ["2805", "31/05/2028", "13/28"]) {
  test(`${text}, which is no date of a card, is told and not made into one`, async () => {
    await expiry.paste(text);
    await expiry.press("Tab");

    assert.notEqual(await expiry.error.textContent(), "");
  });
}

test("a date can be erased key by key", async () => {
  await expiry.type("0528");

  const states = [];
  while (await expiry.value()) {
    await expiry.press("Backspace");
    states.push(await expiry.shown());
  }

  assert.deepEqual(states, ["05/2|", "05|", "0|", "|"]);
});

test("a date can be erased from its start", async () => {
  await expiry.type("528");
  await expiry.stands("|05/28");

  for (let left = 4; left; left -= 1) await expiry.press("Delete");

  assert.equal(await expiry.shown(), "|");
});

// ---- the browser's own help

test("name and number filled in together are both kept", async () => {
  await number.input.focus();
  await fillsIn({ number: "4242424242424242", name: "Elif Yılmaz", expiryMonth: "05", expiryYear: "2028", cvc: "123" });

  await expiry.input.evaluate((input) => input.value || new Promise((settle) => input.addEventListener("change", settle)));
  assert.equal(await number.value(), "4242 4242 4242 4242");
  assert.equal(await holder.value(), "Elif Yılmaz");
  assert.equal(await cvc.value(), "123");
  assert.equal(await expiry.value(), "05/28");
  assert.equal(await submitted(), "05/28");
});

/** Chromium's own autofill of a card, begun at the number. */
async function fillsIn(card) {
  const client = await page.context().newCDPSession(page);
  const expression = "document.querySelector('kasa-drop-in').shadowRoot.querySelector('input[name=number]')";
  const { result } = await client.send("Runtime.evaluate", { expression });
  const { node } = await client.send("DOM.describeNode", { objectId: result.objectId });
  await client.send("Autofill.trigger", { fieldId: node.backendNodeId, card });
  await client.detach();
}

test("what an input method is still composing is left alone until it is done", async () => {
  const client = await page.context().newCDPSession(page);
  await number.input.focus();

  await client.send("Input.imeSetComposition", { text: "51411", selectionStart: 5, selectionEnd: 5 });
  assert.equal(await number.shown(), "51411|");
  await client.send("Input.insertText", { text: "51411" });

  assert.equal(await number.shown(), "5141 1|");
});

test("the last digit of a field leaves the focus where it is", async () => {
  for (const [field, keys] of [[number, "5141181677407907"], [expiry, "0528"], [cvc, "3600"]]) {
    await field.type(keys);

    assert.ok(await field.hasFocus());
  }
});

test("a code of more than four digits cannot be typed", async () => {
  await cvc.type("12a345");

  assert.equal(await cvc.shown(), "1234|");
});
