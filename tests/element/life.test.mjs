// <kasa-checkout> as a page uses it: what it is told, what it tells, and that
// it neither loses a payment nor leaves anything behind, however it is moved.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { MERCHANT, confirmsAtTheBank, heard, hears, openStage, order, paysByCard, put } from "./stage.mjs";

let stage, page;

before(async () => (stage = await openStage()));
after(() => stage?.close());
beforeEach(async () => {
  await page?.context().close();
  page = await stage.page();
});

const dropIns = () => page.locator("kasa-drop-in").count();
const opened = (element) => element.locator("[part=methods]").waitFor();

test("what the page hears is what `kasa.on` tells, up to the payment's result", async () => {
  const element = await put(page);
  await hears(page, "ready");
  assert.equal(await element.evaluate((element) => element.kasa.methods[0].type), "card");

  await paysByCard(element);
  await confirmsAtTheBank(page);
  await hears(page, "result");

  const [result] = await heard(page, "result");
  assert.deepEqual([result.id, result.status, result.method], ["one", "paid", "card"]);
  assert.ok((await heard(page, "action")).some(({ type }) => type === "frame"));
  assert.ok((await heard(page, "change")).some(({ phase }) => phase === "done"));
  assert.deepEqual(page.complaints, []);
});

test("events bubble, and stay in the shadow tree that the element stands in", async () => {
  const checkout = await order();
  const traits = await page.evaluate(
    ([merchant, checkout]) =>
      new Promise((settle) => {
        const wrapper = document.createElement("div");
        const root = wrapper.attachShadow({ mode: "open" });
        const element = Object.assign(document.createElement("kasa-checkout"), { merchant, checkout });
        root.addEventListener("kasa-ready", (event) => settle([event.bubbles, event.composed, event.detail === element.kasa]));
        root.append(element);
        document.querySelector("main").append(wrapper);
      }),
    [MERCHANT, checkout],
  );

  assert.deepEqual(traits, [true, false, true]);
  assert.deepEqual(await heard(page, "ready"), []);
});

test("each attribute is a property, and each property an attribute", async () => {
  const said = await page.evaluate(() => {
    const element = document.createElement("kasa-checkout");
    const before = ["merchant", "checkout", "locale", "challenge"].map((name) => element[name]);
    Object.assign(element, { merchant: "https://pay.shop.example", checkout: "co_1", locale: "de", challenge: "frame" });
    element.setAttribute("locale", "ru");
    element.checkout = undefined;
    return { before, tag: element.outerHTML, locale: element.locale, options: element.options, kasa: element.kasa };
  });

  assert.deepEqual(said, {
    before: [null, null, null, null],
    tag: '<kasa-checkout merchant="https://pay.shop.example" locale="ru" challenge="frame"></kasa-checkout>',
    locale: "ru",
    options: {},
    kasa: null,
  });
});

test("what was set before the element was known is not lost", async () => {
  const checkout = await order();
  await page.context().close();
  page = await stage.page((page) =>
    page.addInitScript(
      ([merchant, checkout]) =>
        document.addEventListener("readystatechange", () => {
          if (customElements.get("kasa-checkout") || document.querySelector("kasa-checkout") || !document.querySelector("main")) return;
          const element = Object.assign(document.createElement("kasa-checkout"), { merchant, checkout, options: { messages: { tr: { opening: "Bekleyin" } } } });
          document.querySelector("main").append(element);
        }),
      [MERCHANT, checkout],
    ),
  );

  await page.locator("kasa-drop-in [part=methods]").waitFor();
  assert.equal(await page.locator("kasa-checkout").getAttribute("checkout"), checkout);
});

test("however much changes in one tick, it starts anew once", async () => {
  const element = await put(page);
  await hears(page, "ready");
  const reads = [];
  page.on("request", (request) => /\/v1\/checkouts\/[^/]+$/.test(request.url()) && reads.push(request.url()));

  const checkout = await order();
  await element.evaluate((element, checkout) => Object.assign(element, { locale: "de", checkout, challenge: "redirect", options: { redirectHosts: ["bank.example"] } }), checkout);
  await hears(page, "ready", 2);

  assert.deepEqual(reads.map((url) => url.split("/").at(-1)), [checkout]);
  assert.equal(await dropIns(), 1);
  await element.locator("[part=root][lang=de]").waitFor();
});

test("options that say the same, and attributes set to what they are, change nothing", async () => {
  const element = await put(page);
  await element.evaluate((element) => (element.options = { messages: { tr: { pay: "Ver {}" } } }));
  await hears(page, "ready");

  const same = await element.evaluate(async (element) => {
    const { kasa } = element;
    element.options = { messages: { tr: { pay: "Ver {}" } } };
    element.locale = element.locale;
    await Promise.resolve();
    return element.kasa === kasa;
  });

  assert.ok(same);
  assert.match(await element.locator("[part=pay]").first().textContent(), /^Ver /);
});

test("moved in the middle of a payment, it keeps it", async () => {
  const element = await put(page);
  await paysByCard(element);

  const same = await element.evaluate(async (element) => {
    const { kasa } = element;
    const place = document.createElement("section");
    document.body.append(place);
    place.append(element);
    await new Promise(requestAnimationFrame);
    element.remove();
    document.querySelector("main").append(element);
    await new Promise(requestAnimationFrame);
    if (place.moveBefore) place.moveBefore(element, null);
    await new Promise(requestAnimationFrame);
    return element.kasa === kasa;
  });
  assert.ok(same);

  await confirmsAtTheBank(page);
  await hears(page, "result");
  assert.equal((await heard(page, "result"))[0].status, "paid");
});

test("taken out in the middle of a payment it leaves nothing, and put in again it takes the payment up", async () => {
  const element = await put(page);
  await paysByCard(element);
  const given = await element.elementHandle();
  const open = new Set();
  page.on("request", (request) => open.add(request));
  for (const end of ["requestfinished", "requestfailed"]) page.on(end, (request) => open.delete(request));

  await given.evaluate((element) => element.remove());
  await page.evaluate(() => new Promise(requestAnimationFrame));
  assert.deepEqual(await page.evaluate(() => [...document.body.querySelectorAll("*")].map(({ localName }) => localName)), ["main", "footer"]);
  assert.equal(await given.evaluate((element) => element.kasa), null);
  assert.deepEqual([...open].filter((request) => request.url().startsWith(MERCHANT)), []);

  await given.evaluate((element) => document.querySelector("main").append(element));
  await element.locator("[part=continue]").click();
  await confirmsAtTheBank(page);
  await hears(page, "result");
  assert.equal((await heard(page, "result"))[0].status, "paid");
});

test("taken out before the order is read, it never opens", async () => {
  const element = await put(page);
  const given = await element.elementHandle();
  await element.locator("[part=root][data-view=opening], [part=methods]").first().waitFor({ state: "attached" });
  await given.evaluate((element) => element.remove());
  await page.waitForLoadState("networkidle");

  assert.equal(await dropIns(), 0);
  assert.equal(await given.evaluate((element) => element.kasa), null);
});

test("two on one page are two checkouts", async () => {
  const [one, two] = await Promise.all([put(page, { id: "one" }), put(page, { id: "two", locale: "en" })]);
  await Promise.all([opened(one), opened(two)]);

  await paysByCard(one);
  await confirmsAtTheBank(page);
  await hears(page, "result");

  assert.deepEqual((await heard(page, "result")).map(({ id }) => id), ["one"]);
  await two.locator("[part=root][lang=en][data-view=form]").waitFor();
  await two.evaluate((element) => element.remove());
  assert.equal(await dropIns(), 1);
});

test("the entry may be loaded twice, and another copy of the package may have been first", async () => {
  const same = await page.evaluate(async () => {
    const known = customElements.get("kasa-checkout");
    const copy = await import("/kasa/element.js?copy");
    return [copy.KasaCheckoutElement !== known, customElements.get("kasa-checkout") === known];
  });

  assert.deepEqual(same, [true, true]);
});

test("imported on a server, the entry does nothing", async () => {
  const before = Object.keys(globalThis).join();
  const { KasaCheckoutElement } = await import("../../pkg/element.js");

  assert.equal(typeof KasaCheckoutElement, "function");
  assert.equal(Object.keys(globalThis).join(), before);
});

test("forty times put in and taken out, no node and no listener is left", async () => {
  const checkout = await order();
  const client = await page.context().newCDPSession(page);
  const alive = async () => {
    for (let times = 0; times < 3; times += 1) await client.send("HeapProfiler.collectGarbage");
    const { nodes, jsEventListeners: listeners } = await client.send("Memory.getDOMCounters");
    return { nodes, listeners };
  };
  const round = (cycles) =>
    page.evaluate(
      async ([merchant, checkout, cycles]) => {
        for (; cycles; cycles -= 1) {
          const element = Object.assign(document.createElement("kasa-checkout"), { merchant, checkout, locale: "tr" });
          const ready = new Promise((settle) => element.addEventListener("kasa-ready", settle));
          document.querySelector("main").append(element);
          await ready;
          element.remove();
          await new Promise(requestAnimationFrame);
        }
        heard.length = 0;
      },
      [MERCHANT, checkout, cycles],
    );

  await round(3);
  const before = await alive();
  await round(40);
  assert.deepEqual(await alive(), before);
});
