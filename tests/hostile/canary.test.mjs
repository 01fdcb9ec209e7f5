// A card number that must not be found: after each moment of a payment, in each
// face of the component, all that the page, its storage, its console, its net
// and the accessibility tree hold is searched for it and for the security code.
// Two places may have it: the inputs' own values while they are filled in, and
// the one tempcard request to PayWall (a meal card's number: the payment request).

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { tell } from "../../scripts/lib/figures.mjs";
import { BIN, METHODS, NEVER, order, payment } from "./merchant.mjs";
import { found } from "./needles.mjs";
import { CARD, mounts, openStage, pays, step, types } from "./stage.mjs";

let stage;
const searched = { moments: 0, characters: 0, requests: 0, restored: 0 };

before(async () => {
  // Playwright switches off the cache that Back and Forward take pages from.
  stage = await openStage({ without: ["--disable-back-forward-cache"], whole: true });
});
after(async () => {
  await stage?.close();
  await tell("card number searched for", `${searched.moments} moments, ${(searched.characters / 1e6).toFixed(1)} million characters, ${searched.requests} requests, ${searched.restored} pages back from the back/forward cache, 0 found`);
});

/** Listens to all that leaves the page. */
async function watched(options) {
  const page = await stage.page(options);
  page.said = [];
  page.sent = [];
  page.on("console", (message) => page.said.push(message.text(), ...message.args().map(String)));
  page.on("pageerror", (error) => page.said.push(`${error}\n${error.stack}`));
  page.on("request", (request) => page.sent.push({ url: request.url(), text: [request.method(), request.url(), JSON.stringify(request.headers()), request.postData() ?? ""].join("\n") }));
  return page;
}

/** All that script of the page could find, but the values of inputs. */
async function everything() {
  const texts = [];
  const put = (what, value) => texts.push(`${what}: ${value}`);
  const roots = [document];
  for (const root of roots) {
    for (const node of root.querySelectorAll("*")) {
      if (node.shadowRoot) roots.push(node.shadowRoot);
      for (const { name, value } of node.attributes) put(`attribute ${name}`, value);
      for (const name of ["defaultValue", "ariaLabel", "title"]) if (node[name]) put(name, node[name]);
      if (node.localName !== "input" && node.value) put("value", node.value);
    }
    put("text", root.textContent ?? root.documentElement.textContent);
    put("markup", root.innerHTML ?? root.documentElement.outerHTML);
  }
  put("address", location.href);
  put("name", window.name);
  put("history", JSON.stringify(history.state));
  put("cookies", document.cookie);
  for (const storage of [localStorage, sessionStorage]) put("storage", JSON.stringify({ ...storage }));
  for (const { name } of await indexedDB.databases()) put("database", name);
  for (const name of await caches.keys()) put("cache", name);
  put("performance", JSON.stringify(performance.getEntries()));
  const seen = new WeakSet();
  const plain = (_key, value) => {
    if (value instanceof Error) return { ...value, message: value.message, stack: value.stack, cause: String(value.cause), text: String(value) };
    if (typeof value === "object" && value !== null) {
      if (seen.has(value)) return "seen";
      seen.add(value);
      if (value instanceof Map || value instanceof Set) return [...value];
      if (value instanceof Node) return undefined;
    }
    return value;
  };
  put("told", JSON.stringify(told, plain));
  put("outcomes", JSON.stringify(globalThis.outcomes ?? [], plain));
  put("the component", JSON.stringify(globalThis.kasa ?? null, plain));
  return texts.join("\n");
}

/** `typed`: the inputs hold it now, and the accessibility tree says what they hold. */
async function isNowhere(page, when, { typed = false } = {}) {
  const texts = [await page.evaluate(everything), page.said.join("\n"), ...(await page.context().cookies()).map((cookie) => JSON.stringify(cookie))];
  if (!typed) texts.push(await page.locator("body").ariaSnapshot());
  const requests = page.sent.filter(({ url }) => !url.endsWith("/api/paywall/tempcard"));
  texts.push(...requests.map(({ text }) => text));
  searched.moments += 1;
  searched.requests += requests.length;
  searched.characters += texts.reduce((sum, { length }) => sum + length, 0);
  assert.deepEqual(texts.flatMap((text) => found(text, CARD, when)), []);
}

const ENDS = {
  paid: { createPayment: payment("card", "paid") },
  failed: { createPayment: payment("card", "failed", { error: { code: "declined", message: "no" } }) },
  refused: { tokenize: { ErrorCode: 2003, Result: false, Message: "no", Body: null } },
  lost: { tokenize: (_request, response) => response.destroy() },
  "refused by the merchant server": { createPayment: { status: 422, body: { title: "no", status: 422, code: "method_not_offered" } } },
};
const settled = (page) => page.waitForFunction(() => told.some(({ type }) => type === "result" || type === "error"));
const BINS = { readBin: BIN.credit };

test("the search finds it wherever it is put", async () => {
  const page = await watched();
  await page.evaluate((options) => open(options), stage.options());
  for (const plant of [
    "localStorage.x = '5406 6752 0691 3846'", "document.title = '6831960257'", "history.replaceState('5406675206913846', '')", "console.log(['5406-6752-0691-3846'])",
    "told.push({ error: new Error('x', { cause: '2069138' }) })", "document.cookie = 'x=NTQwNjY3NTIwNjkxMzg0Ng=='", "document.querySelector('main').attachShadow({ mode: 'open' }).append('9071')", "fetch('/?n=5406675206913846')",
  ]) {
    await page.evaluate(plant);
    await assert.rejects(isNowhere(page, plant), plant);
    await page.evaluate("localStorage.clear(); document.title = ''; history.replaceState(null, ''); told.length = 0; document.cookie = 'x=; max-age=0'; document.querySelector('main').shadowRoot?.replaceChildren()");
    page.said.length = page.sent.length = 0;
  }
  searched.moments = searched.characters = searched.requests = 0;
  await page.context().close();
});

for (const [name, answers] of Object.entries(ENDS)) {
  test(`in the drop-in, up to a payment that ends so: ${name}`, async () => {
    stage.says({ ...BINS, ...answers });
    const page = await watched();
    await mounts(page, stage.options());
    await types(page);
    await isNowhere(page, "typed", { typed: true });
    await pays(page);
    await settled(page);
    const kept = name !== "paid";
    await isNowhere(page, "ended", { typed: kept });
    await page.evaluate(() => kasa.unmount());
    await isNowhere(page, "unmounted");
    await page.evaluate(() => kasa.destroy());
    await isNowhere(page, "destroyed");
    assert.ok(page.sent.filter(({ url, text }) => url.endsWith("/api/paywall/tempcard") && text.includes(CARD.number)).length > 0, "the card did go to PayWall");
    await page.context().close();
  });
}

test("in the element, while it is asked for, and after the element is taken out", async () => {
  stage.says({ createPayment: NEVER });
  const page = await watched();
  await page.evaluate(async ({ merchant, checkout }) => {
    await import("/kasa/element.js");
    const element = Object.assign(document.createElement("kasa-checkout"), { merchant, checkout, locale: "tr" });
    for (const type of ["change", "action", "result", "error", "trace"]) element.addEventListener(`kasa-${type}`, ({ detail }) => told.push({ type, what: detail }));
    document.querySelector("main").append(element);
  }, stage.options());
  await page.locator("kasa-drop-in [part=methods]").waitFor();
  await types(page);
  await pays(page);
  await step(page, "create_payment");
  await isNowhere(page, "paying", { typed: true });
  const element = await page.locator("kasa-checkout").elementHandle();
  await element.evaluate((element) => element.remove());
  await page.waitForFunction((element) => element.kasa === null, element);
  await isNowhere(page, "taken out");
  await page.context().close();
});

for (const [name, answers] of Object.entries(ENDS)) {
  test(`by pay and tokenize alone, ended so: ${name}`, async () => {
    stage.says(answers);
    const page = await watched();
    await page.evaluate((options) => open(options), stage.options());
    for (const card of [CARD, { ...CARD, number: `${CARD.number}00` }, { ...CARD, expiry: CARD.number }, { ...CARD, cvc: CARD.number, holder: CARD.number }]) {
      await page.evaluate(
        async (card) => {
          globalThis.outcomes ??= [];
          outcomes.push(await outcome(kasa.tokenize(card)), await outcome(kasa.pay({ method: "card", card })));
        },
        card,
      );
    }
    await isNowhere(page, name);
    await page.context().close();
  });
}

test("a meal card's number goes to the merchant server, for its provider, and nowhere else", async () => {
  const code = payment("apm", "pending", { next: { type: "otp", length: 6 } });
  stage.says({ readCheckout: order([METHODS.meal]), createPayment: code, confirmCode: payment("apm", "paid") });
  const page = await watched();
  await mounts(page, stage.options());
  await page.locator("kasa-drop-in input[name=cardNumber]").pressSequentially(CARD.number);
  await pays(page);
  await page.locator("kasa-drop-in [part=otp]").waitFor();
  await page.evaluate(() => kasa.confirm("123456"));
  await settled(page);
  const carried = page.sent.filter(({ text }) => found(text, CARD).length);
  assert.deepEqual(carried.map(({ url }) => url), [`${stage.merchant}/v1/checkouts/${stage.options().checkout}/payments`]);
  page.sent = page.sent.filter((each) => !carried.includes(each));
  await isNowhere(page, "paid");
  await page.context().close();
});

test("after the page was left for the bank, and came back out of the back/forward cache", async () => {
  stage.says({ createPayment: payment("card", "pending", { next: { type: "redirect", url: `${stage.paywall}/bank`, method: "GET" } }), pollCheckout: NEVER });
  const page = await watched();
  await page.evaluate(() => window.addEventListener("pageshow", ({ persisted }) => (globalThis.persisted = persisted)));
  await mounts(page, stage.options());
  await types(page);
  await pays(page);
  await page.waitForURL(`${stage.paywall}/bank`);
  // What is still under way would keep the page out of the cache.
  await page.evaluate(() => setTimeout(() => history.back()));
  await page.waitForURL((url) => url.origin === stage.origin, { waitUntil: "commit" });
  assert.equal(await page.evaluate(() => globalThis.persisted), true);
  searched.restored += 1;
  const values = await page.locator("kasa-drop-in input").evaluateAll((inputs) => inputs.map(({ name, value }) => [name, value]));
  assert.deepEqual(values.filter(([name, value]) => ["number", "cvc", "expiry", "holder"].includes(name) && value), []);
  await isNowhere(page, "back");
  await page.context().close();
});
