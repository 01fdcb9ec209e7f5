// Nothing moves unless the shopper moves it: Chromium's own layout-shift
// entries from the form to the payment's outcome. Form, waiting and outcome take
// each other's place, and are not of one height: those changes do not count.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { openShop, way } from "./shop.mjs";

let shop;

before(async () => (shop = await openShop()));
after(() => shop?.close());

for (const width of [320, 1280]) {
  test(`over a payment with an error in it, nothing moves by itself at ${width} px`, async () => {
    const page = await shop.checkout({ viewport: { width, height: 800 } });
    const card = way(page, "card");
    await card.locator("[part=pay]").waitFor();
    await page.evaluate(watch);

    await card.locator("[part=pay]").click();
    await card.locator("#number-error:not(:empty)").waitFor();
    for (const [name, keys] of [["number", "5141181677407907"], ["expiry", "0928"], ["cvc", "360"], ["holder", "Elif Yılmaz"]]) {
      await card.locator(`input[name=${name}]`).pressSequentially(keys);
    }
    await card.locator("[part=pay]").click();
    const bank = page.frameLocator("iframe[name=kasa-challenge]");
    await bank.locator("#code").fill("123456");
    await bank.locator("[name=action][value=confirm]").click();
    await page.locator("[part=result][data-status=paid]").waitFor();

    assert.deepEqual(await page.evaluate(() => shiftsOfItself()), []);
  });
}

/** Keeps what moves by itself, and not because one view takes the place of another. */
function watch() {
  const root = document.querySelector("kasa-drop-in").shadowRoot.querySelector("[part=root]");
  const changes = [];
  let view = root.dataset.view;
  new MutationObserver(() => {
    if (root.dataset.view === view) return;
    view = root.dataset.view;
    const change = { from: performance.now(), to: Infinity };
    changes.push(change);
    // Drawn in the next frame, and over in the one after it.
    requestAnimationFrame(() => requestAnimationFrame(() => (change.to = performance.now())));
  }).observe(root, { attributes: true });

  const shifts = [];
  const named = ({ node }) => node && `${node.nodeName.toLowerCase()} ${node.className}`;
  const keep = (entries) => {
    for (const { hadRecentInput, value, startTime, sources } of entries) {
      if (!hadRecentInput) shifts.push({ value, startTime, moved: sources.map(named) });
    }
  };
  const observer = new PerformanceObserver((list) => keep(list.getEntries()));
  observer.observe({ type: "layout-shift" });
  globalThis.shiftsOfItself = () => {
    keep(observer.takeRecords());
    const end = changes.at(-1).from;
    const inChange = (at) => at >= end || changes.some(({ from, to }) => from <= at && at <= to);
    return shifts.filter(({ startTime }) => !inChange(startTime));
  };
}
