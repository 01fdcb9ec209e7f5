// What is left of the component when it is gone: nothing. Counted by the
// browser itself, after its garbage was collected.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { openShop } from "./shop.mjs";

const CYCLES = 40;

let shop, page, client;

before(async () => {
  shop = await openShop();
  page = await shop.checkout();
  client = await page.context().newCDPSession(page);
});
after(() => shop?.close());

/** Nodes and listeners that are alive. */
async function alive() {
  // What was let go of in one collection is found by the next.
  for (let times = 0; times < 3; times += 1) await client.send("HeapProfiler.collectGarbage");
  const { nodes, jsEventListeners: listeners } = await client.send("Memory.getDOMCounters");
  return { nodes, listeners };
}

/** What so many more rounds leave behind; the first ones fill the browser's own caches. */
async function leftBy(round) {
  await page.evaluate(round, 3);
  const before = await alive();
  await page.evaluate(round, CYCLES);
  const now = await alive();
  return { nodes: now.nodes - before.nodes, listeners: now.listeners - before.listeners };
}

const NOTHING = { nodes: 0, listeners: 0 };

test("forty times mounted and unmounted, no node and no listener is left", async () => {
  const left = await leftBy(async (cycles) => {
    for (; cycles; cycles -= 1) {
      kasa.unmount();
      kasa.mount("#checkout");
      await new Promise(requestAnimationFrame);
    }
  });

  assert.deepEqual(left, NOTHING);
});

test("forty times opened and destroyed, no node and no listener is left", async () => {
  const left = await leftBy(async (cycles) => {
    const { merchant } = await (await fetch("/api/config")).json();
    const place = document.createElement("div");
    document.body.append(place);
    for (; cycles; cycles -= 1) {
      const another = await kasaCheckout.init({ merchant, checkout: kasaCheckout.checkout, locale: "tr" });
      another.mount(place);
      await new Promise(requestAnimationFrame);
      another.destroy();
    }
    place.remove();
  });

  assert.deepEqual(left, NOTHING);
});

test("an unmounted component leaves nothing in the page", async () => {
  const before = await page.evaluate(() => document.body.outerHTML.length);
  await page.evaluate(() => {
    kasa.unmount();
    kasa.mount("#checkout");
  });

  assert.equal(await page.evaluate(() => document.body.outerHTML.length), before);
  await page.evaluate(() => kasa.unmount());
  assert.equal(await page.locator("#checkout").evaluate((place) => place.childNodes.length), 0);
});
