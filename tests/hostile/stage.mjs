// An empty page of a shop under the documented policy, in a real Chromium, with
// a merchant server that lies where it is told to. Each page keeps what it
// hears, and what its policy refused.

import { fileURLToPath } from "node:url";

import express from "express";

import { policy } from "../../www/server/policy.mjs";
import { startBrowser } from "../lib/browser.mjs";
import { CHECKOUT, listening, startMerchant } from "./merchant.mjs";

const PKG = fileURLToPath(new URL("../../pkg", import.meta.url));
const PAGE = `<!doctype html>
<html lang="tr"><meta charset="utf-8"><title>Shop</title><link rel="icon" href="data:,">
<script type="module" src="/shop.js"></script>
<main></main></html>`;
const SCRIPT = `globalThis.violations = [];
document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI, sample }) => violations.push([effectiveDirective, blockedURI, sample].join(" ")));
globalThis.told = [];
globalThis.outcome = (promise) => Promise.resolve(promise).then(
  (value) => ({ value }),
  (error) => ({ code: error?.code, name: error?.name, message: error?.message, text: String(error), stack: error?.stack, cause: String(error?.cause), json: JSON.stringify(error), ownKeys: Object.getOwnPropertyNames(error ?? {}) }),
);
globalThis.open = async (options) => {
  told.length = 0;
  globalThis.kasa = undefined;
  globalThis.kasa = await package_.init(options);
  for (const type of ["change", "action", "result", "error", "trace"]) kasa.on(type, (what) => told.push({ type, at: performance.now(), what, code: what?.code }));
  return kasa;
};
globalThis.package_ = await import("/kasa/index.js");
globalThis.ready = true;`;

/** Directives that are stricter than the documented ones, or more of them. */
export const STRICTEST = { "trusted-types": "'none'" };

/** With the servers and a browser for one test file. */
export async function openStage(browserOptions) {
  const world = await startMerchant();
  const server = await listening();
  const origin = `http://localhost:${server.address().port}`;
  const foreign = `http://127.0.0.1:${server.address().port}`;
  const policies = new Map();

  const app = express();
  const documented = policy({ merchant: world.merchant, paywall: [world.paywall] });
  app.use((request, response, next) =>
    documented(request, response, () => {
      const given = policies.get(request.path);
      if (given?.directives) response.set("Content-Security-Policy", changed(response.get("Content-Security-Policy"), given.directives));
      if (given?.reportOnly) response.set("Content-Security-Policy-Report-Only", given.reportOnly);
      next();
    }),
  );
  app.use("/kasa", express.static(PKG));
  app.get("/shop.js", (_request, response) => response.type("js").send(SCRIPT));
  app.get("/attacker", (_request, response) => (response.removeHeader("Content-Security-Policy"), response).type("html").send("<!doctype html><title>Attacker</title>"));
  app.use((_request, response) => response.type("html").send(PAGE));
  server.on("request", app);
  const browser = await startBrowser(browserOptions);

  const serves = ({ directives, reportOnly }) => {
    const path = `/p${policies.size}`;
    policies.set(path, { directives, reportOnly });
    return origin + path;
  };

  return {
    ...world,
    /** The address of a page under this policy. */
    serves,
    origin,
    foreign,
    browser,
    /** A new page. `directives`: of its policy, by name; null takes one away. `before`: what is done before it loads. */
    async page({ directives, reportOnly, before } = {}) {
      const context = await browser.newContext({ locale: "tr-TR" });
      const page = await context.newPage();
      page.complaints = [];
      page.on("pageerror", (error) => page.complaints.push(String(error)));
      await before?.(page);
      await page.goto(serves({ directives, reportOnly }));
      await page.waitForFunction(() => globalThis.ready);
      return page;
    },
    /** What `init` is given. */
    options: (more) => ({ merchant: world.merchant, checkout: CHECKOUT, locale: "tr", ...more }),
    async close() {
      await browser.close();
      server.closeAllConnections();
      server.close();
      world.close();
    },
  };
}

function changed(policy, directives) {
  const all = new Map(policy.split(";").map((each) => [each.trim().split(" ")[0], each]));
  for (const [name, value] of Object.entries(directives)) {
    if (value === null) all.delete(name);
    else all.set(name, `${name} ${value}`);
  }
  return [...all.values()].join(";");
}

/** A card that no other test types, so that it is found wherever it went. */
export const CARD = { number: "5406675206913846", expiry: "12/29", cvc: "9071", holder: "Ada Deneme" };

/** Opens the order and puts the drop-in on the page. */
export async function mounts(page, options) {
  await page.evaluate(async (options) => (await open(options)).mount("main"), options);
  await page.locator("kasa-drop-in [part=methods]").waitFor();
}

/** Types the card as a person does. */
export async function types(page, card = CARD) {
  for (const [name, keys] of Object.entries(card)) {
    await page.locator(`kasa-drop-in input[name=${name}]`).focus();
    await page.keyboard.type(keys.replace("/", ""));
  }
}

export const pays = (page) => page.locator("kasa-drop-in [part=pay]").click();

/** Waits until the component has told of this. */
export const hears = (page, type, times = 1) =>
  page.waitForFunction(([type, times]) => told.filter((each) => each.type === type).length >= times, [type, times]);

export const heard = (page, type) => page.evaluate((type) => told.filter((each) => each.type === type).map(({ what, code, at }) => ({ what, code, at })), type);

/** Waits until the trace has this step. */
export const step = (page, name) => page.waitForFunction((name) => told.some(({ type, what }) => type === "trace" && what.step === name), name);
