// What other ways to pay ask for: phone, identity number, meal card.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { Field, openShop, way } from "./shop.mjs";

/** Of whom neither a mobile phone nor an identity number is known. */
const STRANGER = {
  fullName: "Ada Deneme",
  phone: "0212 555 11 22",
  email: "ada@example.com",
  country: "Türkiye",
  city: "İstanbul",
  address: "Moda Caddesi 12, Kadıköy",
};

let shop, stranger;

before(async () => {
  shop = await openShop();
  stranger = await shop.checkout({ order: { customer: STRANGER } });
});
after(() => shop?.close());
beforeEach(() => stranger.reload());

async function field(section, name) {
  await section.locator("[part=choose]").click();
  await section.locator("[part=form]").waitFor();
  return new Field(section, name);
}
const phone = () => field(way(stranger, "apm", "14"), "phone");
const identityNumber = () => field(way(stranger, "aspay"), "identityNumber");
const mealCard = () => field(way(stranger, "apm", "12"), "cardNumber");

for (const keys of ["05551112233", "5551112233", "+905551112233", "905551112233"]) {
  test(`${keys} typed as a phone number takes its national shape`, async () => {
    const input = await phone();

    await input.type(keys);

    assert.equal(await input.shown(), "0555 111 22 33|");
  });
}

test("a phone number pasted with its country is understood", async () => {
  const input = await phone();

  await input.paste("+90 (555) 111-2233");

  assert.equal(await input.shown(), "0555 111 22 33|");
});

test("a phone number that the browser filled in takes its shape", async () => {
  const input = await phone();

  await input.isFilledWith("5551112233");

  assert.equal(await input.value(), "0555 111 22 33");
});

test("a phone number is corrected where the caret is", async () => {
  const input = await phone();
  await input.type("05551112233");
  await input.stands("0555 111| 22 33");

  await input.press("Backspace");
  await input.type("9");

  assert.equal(await input.shown(), "0555 119| 22 33");
});

test("Backspace behind a phone number's separator erases the digit before it", async () => {
  const input = await phone();
  await input.type("05551112233");
  await input.stands("0555 |111 22 33");

  await input.press("Backspace");

  assert.equal(await input.shown(), "055|1 112 23 3");
});

test("a number of another country is left as it is, and told when it is left", async () => {
  const input = await phone();

  await input.type("+49 151 1234567");
  assert.equal(await input.shown(), "+49 151 1234567|");
  assert.equal(await input.error.textContent(), "");
  await input.press("Tab");

  assert.match(await input.error.textContent(), /05XX XXX XX XX/);
});

test("Ctrl+Z takes a phone number back to nothing", async () => {
  const input = await phone();
  await input.type("5551112233");

  for (let last; (last = await input.value()) !== ""; ) {
    await input.press("Control+z");
    assert.notEqual(await input.value(), last);
  }
});

test("an identity number pasted in groups is its eleven digits", async () => {
  const input = await identityNumber();

  await input.paste("100 000 001 46");

  assert.equal(await input.shown(), "10000000146|");
});

test("an identity number whose check digit is wrong is told when it is left", async () => {
  const input = await identityNumber();

  await input.type("10000000147");
  assert.equal(await input.error.textContent(), "");
  await input.press("Tab");

  assert.notEqual(await input.error.textContent(), "");
});

test("a meal card's number stands in groups of four", async () => {
  const input = await mealCard();

  await input.type("6375780000000001");

  assert.equal(await input.shown(), "6375 7800 0000 0001|");
});
