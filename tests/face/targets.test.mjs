// What a finger has to hit is large enough: 44 pixels each way, on a narrow
// screen that is touched.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Field, openShop, way } from "./shop.mjs";

const LEAST = 44;

let shop, page;

before(async () => {
  shop = await openShop();
});
after(() => shop?.close());

const opensOnPhone = async (options) => {
  page = await shop.checkout({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true, ...options });
  assert.ok(await page.evaluate(() => matchMedia("(pointer: coarse)").matches));
};

/** Those that can be seen, with their size where it is too small. A choice is hit anywhere on its label. */
async function small() {
  return page.evaluate((least) => {
    const roots = [...document.querySelectorAll("kasa-drop-in, kasa-challenge")].map((host) => host.shadowRoot);
    const targets = roots.flatMap((root) => [...root.querySelectorAll("button, a, input, select")]);
    const seen = targets.map((each) => each.closest("label") ?? each).filter((each) => each.checkVisibility());
    if (!seen.length) return ["nothing to be hit"];
    return seen.flatMap((each) => {
      const { width, height } = each.getBoundingClientRect();
      const name = each.getAttribute("part") ?? each.id;
      return width < least || height < least ? [`${name}: ${width} × ${height}`] : [];
    });
  }, LEAST);
}

test("every way to pay, with its form", async () => {
  await opensOnPhone({ trials: ["counter", "anonymous"] });
  const ways = page.locator("[part=choose]");
  for (let place = 0; place < (await ways.count()); place += 1) {
    await ways.nth(place).tap();

    assert.deepEqual(await small(), []);
  }
});

test("the installments of a card", async () => {
  await opensOnPhone();
  const card = way(page, "card");
  await new Field(card, "number").type("5579200931751297");
  await card.locator("[part=plans]").waitFor();

  assert.deepEqual(await small(), []);
});

test("the one-time code", async () => {
  await opensOnPhone();
  const mealCard = way(page, "apm", "12");
  await mealCard.locator("[part=choose]").tap();
  await new Field(mealCard, "cardNumber").type("6375780000000001");
  await mealCard.locator("[part=pay]").tap();
  await page.locator("[part=otp]").waitFor();

  assert.deepEqual(await small(), []);
});

test("the picture to scan", async () => {
  await opensOnPhone();
  const papara = way(page, "apm", "11").and(page.locator("[data-kind=qr]"));
  await papara.locator("[part=choose]").tap();
  await papara.locator("[part=pay]").tap();
  await page.locator("[part=qr]").waitFor();

  assert.deepEqual(await small(), []);
});

test("the terminal at work", async () => {
  await opensOnPhone({ trials: ["counter"] });
  const terminal = way(page, "terminal");
  await terminal.locator("[part=choose]").tap();
  await terminal.locator("[part=pay]").tap();
  await page.locator("[part=cancel]").waitFor();

  assert.deepEqual(await small(), []);
  // The terminal is others' too.
  await page.locator("[part=cancel]").tap();
  await page.locator("[part=methods]").waitFor();
});

test("the bank's dialog", async () => {
  await opensOnPhone();
  const card = way(page, "card");
  for (const [name, keys] of [["number", "5141181677407907"], ["expiry", "0928"], ["cvc", "360"], ["holder", "Elif Yılmaz"]]) {
    await new Field(card, name).type(keys);
  }
  await card.locator("[part=pay]").tap();
  await page.locator("[part=dialog]").waitFor();

  assert.deepEqual(await small(), []);
});
