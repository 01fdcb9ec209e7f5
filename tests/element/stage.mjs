// An empty page of a shop, under the policy that the README prints, with the
// built package beside it: no bundler, as from any static host. The servers are
// started by `npm test -- --only element`, which says where they are.

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

import express from "express";

import { policy } from "../../www/server/policy.mjs";
import { startBrowser } from "../lib/browser.mjs";

const { KASA_STAGE_PORT: PORT, KASA_STAGE_MERCHANT: MERCHANT, KASA_STAGE_DESK: DESK, KASA_STAGE_SANDBOX: SANDBOX } = process.env;
assert.ok(PORT && MERCHANT && DESK && SANDBOX, "run by `npm test -- --only element`, which starts the servers");

const PKG = fileURLToPath(new URL("../../pkg", import.meta.url));
const PAGE = `<!doctype html>
<html lang="tr"><meta charset="utf-8"><title>Shop</title><link rel="icon" href="data:,">
<script type="module" src="/shop.js"></script>
<main></main><footer>Shop</footer></html>`;
const SCRIPT = `import * as entry from "/kasa/element.js";
globalThis.entry = entry;
globalThis.heard = [];
for (const type of ["ready", "change", "action", "result", "error"]) {
  document.addEventListener("kasa-" + type, ({ target, detail }) => heard.push({ type, id: target.id, detail: type === "ready" ? undefined : { ...detail } }));
}`;

export { MERCHANT, SANDBOX };

export async function openStage() {
  const app = express().use(policy({ merchant: MERCHANT, paywall: [SANDBOX] }));
  app.get("/", (_request, response) => response.type("html").send(PAGE));
  app.get("/shop.js", (_request, response) => response.type("js").send(SCRIPT));
  app.use("/kasa", express.static(PKG));
  const server = await new Promise((settle) => {
    const listening = app.listen(Number(PORT), "127.0.0.1", () => settle(listening));
  });
  const browser = await startBrowser();
  return {
    /** A new page, with nothing on it yet. */
    async page(prepare) {
      const context = await browser.newContext({ locale: "tr-TR" });
      const page = await context.newPage();
      page.complaints = [];
      page.on("pageerror", (error) => page.complaints.push(String(error)));
      page.on("console", (message) => message.type() === "error" && page.complaints.push(message.text()));
      await prepare?.(page);
      await page.goto(`http://localhost:${PORT}/`);
      await page.waitForFunction(() => globalThis.entry);
      return page;
    },
    async close() {
      await browser.close();
      server.close();
    },
  };
}

/** A new order's checkout. */
export async function order(overrides = {}) {
  const answer = await fetch(DESK, { method: "POST", body: JSON.stringify(overrides) });
  assert.ok(answer.ok, `the desk answers ${answer.status}`);
  return (await answer.json()).checkout;
}

/** Puts an element on the page; what is given is set as attributes. */
export async function put(page, attributes = {}) {
  const given = { merchant: MERCHANT, locale: "tr", challenge: "frame", id: "one", ...attributes };
  given.checkout ??= await order();
  await page.evaluate((given) => {
    const element = document.createElement("kasa-checkout");
    for (const [name, value] of Object.entries(given)) element.setAttribute(name, value);
    document.querySelector("main").append(element);
  }, given);
  return page.locator(`#${given.id}`);
}

export const heard = (page, type) => page.evaluate((type) => heard.filter((each) => each.type === type).map(({ id, detail }) => ({ id, ...detail })), type);

/** Waits until the page has heard of it so many times. */
export const hears = (page, type, times = 1) =>
  page.waitForFunction(([type, times]) => heard.filter((each) => each.type === type).length >= times, [type, times]);

/** Types the card and asks to pay; the bank's page stands in a frame then. */
export async function paysByCard(element) {
  const card = element.locator("[part=method][data-method=card]");
  const choose = card.locator("[part=choose]");
  if (await choose.count()) await choose.click();
  for (const [name, keys] of [["number", "5141181677407907"], ["expiry", "0928"], ["cvc", "360"], ["holder", "Elif Yılmaz"]]) {
    await card.locator(`input[name=${name}]`).fill(keys);
  }
  await card.locator("[part=pay]").click();
  await bankOf(element.page()).locator("#code").waitFor();
}

const bankOf = (page) => page.frameLocator("iframe[name=kasa-challenge]");

export async function confirmsAtTheBank(page) {
  await bankOf(page).locator("#code").fill("123456");
  await bankOf(page).locator("[name=action][value=confirm]").click();
}
