// Answers that no merchant server and no PayWall should give: too large, too
// deep, of the wrong kind, never ending, full of markup. The page stays alive,
// says what is wrong or works, and shows nothing of it as markup.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { gzipSync } from "node:zlib";

import { tell } from "../../scripts/lib/figures.mjs";
import { CARDS, METHODS, NEXT, TEMP_TOKEN, order, payment } from "./merchant.mjs";
import { CARD, mounts, openStage, pays, types } from "./stage.mjs";

/** Nothing that an answer makes the page do may take its breath away for longer. */
const BREATH_MS = 2_000;
/** Nothing but a deadline is waited for, and that one by a clock. */
const AT_ONCE_MS = 5_000;
const READ_DEADLINE_MS = 10_000;
/** What the page's JavaScript may hold of an answer, once it is judged. */
const KEPT_MB = 64;

const MARKUP = '"><img src=x onerror="document.title=\'hostile\'"><script>document.title="hostile"</script><svg onload=alert(1)>';
const STRANGE = `\u202e${MARKUP}\0\u0007\u200b\ud800\ufeff{{constructor}}\${7*7}%00`;
const HUGE = "x".repeat(1_000_000);
/** Below what an answer may have. */
const LONG = "x".repeat(250_000);

let stage, page;
const tried = { answers: 0, longest: 0 };

before(async () => {
  stage = await openStage();
  page = await stage.page();
  // How long the page could do nothing else.
  await page.evaluate(() => {
    globalThis.breath = 0;
    let last = performance.now();
    setInterval(() => {
      breath = Math.max(breath, performance.now() - last);
      last = performance.now();
    }, 10);
  });
});
afterEach(() =>
  page.evaluate(() => {
    globalThis.kasa?.destroy();
    document.querySelector("main").replaceChildren();
  }),
);
after(async () => {
  await stage?.close();
  await tell("hostile answers", `${tried.answers} answers, the page out of breath for ${Math.round(tried.longest)} ms at most, nothing of them drawn as markup`);
});

const opening = (more) => order([METHODS.card], more);
const raw = (text, headers = {}) => (_request, response) => response.set({ "Content-Type": "application/json", ...headers }).end(text);
const nested = (depth) => "[".repeat(depth) + "]".repeat(depth);

/** Never ends: as fast as the page takes it, or a byte now and then. */
const endless = (chunk, every) => (_request, response) => {
  response.set("Content-Type", "application/json");
  response.write("[");
  const more = () => {
    if (response.destroyed) return;
    if (every) return response.write(chunk), setTimeout(more, every);
    while (response.write(chunk));
    response.once("drain", more);
  };
  more();
};

/** An answer of so many bytes, made while it is sent. */
const megabytes = (count, before = '{"id":"', after = '"}') => (_request, response) => {
  response.set("Content-Type", "application/json");
  response.write(before);
  let left = count;
  const more = () => {
    while (left-- > 0) if (!response.write(HUGE)) return response.once("drain", more);
    response.end(after);
  };
  more();
};

async function isAlive(name) {
  tried.answers += 1;
  const { breath, title, marked, heap } = await page.evaluate(async () => {
    await new Promise((settle) => setTimeout(settle, 20));
    const root = document.querySelector("kasa-drop-in")?.shadowRoot;
    const all = [...document.querySelectorAll("*"), ...(root?.querySelectorAll("*") ?? [])];
    const seen = { breath, title: document.title, marked: all.filter(({ localName, attributes }) => ["img", "script:not([src])", "object", "embed"].includes(localName) || [...attributes].some(({ name }) => name.startsWith("on"))).length, heap: performance.memory?.usedJSHeapSize ?? 0 };
    globalThis.breath = 0;
    return seen;
  });
  tried.longest = Math.max(tried.longest, breath);
  assert.ok(breath < BREATH_MS, `${name}: the page could do nothing else for ${Math.round(breath)} ms`);
  assert.equal(title, "Shop", name);
  assert.equal(new URL(page.url()).origin, stage.origin, name);
  assert.equal(page.frames().length, 1, name);
  assert.equal(marked, 0, name);
  assert.deepEqual(page.complaints, [], name);
  assert.deepEqual(await page.evaluate(() => violations), [], name);
  return heap;
}

/** Opens and, where that succeeds, mounts: what came of it. */
const opens = (page) =>
  page.evaluate(async (options) => {
    globalThis.breath = 0;
    const since = performance.now();
    const ended = await outcome(open(options).then((kasa) => kasa.mount("main")));
    await new Promise(requestAnimationFrame);
    return { code: ended.code, took: performance.now() - since };
  }, stage.options());

const WRONG = "merchant_answer_invalid";
const AWAY = "merchant_unreachable";
/** It opens: what it says is for the shop to mean. */
const FINE = undefined;

for (const [name, answer, expected] of [
  ["100 MB", megabytes(100), WRONG],
  ["a gzip bomb of 50 MB", (_request, response) => response.set({ "Content-Type": "application/json", "Content-Encoding": "gzip" }).end(gzipSync(Buffer.alloc(50_000_000, " "))), WRONG],
  ["a body that never ends, as fast as it goes", endless(HUGE), WRONG],
  ["no body", raw(""), WRONG],
  ["half a body", raw('{"id":"co_1","revision":'), WRONG],
  ["a body that ends early", (_request, response) => (response.writeHead(200, { "Content-Type": "application/json", "Content-Length": "500" }).write("{"), setTimeout(() => response.destroy(), 20)), AWAY],
  ["HTML", raw(`<!doctype html>${MARKUP}`, { "Content-Type": "text/html" }), WRONG],
  ["JSON as an image", raw(JSON.stringify(opening()), { "Content-Type": "image/png" }), FINE],
  ["lists 100 000 deep", raw(nested(100_000)), WRONG],
  ["a list", raw("[]"), WRONG],
  ["a text", raw('"paid"'), WRONG],
  ["null", raw("null"), WRONG],
  ["a number", raw("1e400"), WRONG],
  ["a redirect elsewhere", (_request, response) => response.redirect(`${stage.paywall}/elsewhere`), AWAY],
  ["a redirect to itself", (request, response) => response.redirect(request.originalUrl), AWAY],
  ["status 500 and no problem", (_request, response) => response.status(500).json({ anything: 1 }), WRONG],
  ["a problem of 1 MB", (_request, response) => response.status(418).json({ title: HUGE, status: 418, code: HUGE, detail: STRANGE }), WRONG],
  ["a problem of markup", (_request, response) => response.status(418).json({ title: STRANGE, status: 418, code: STRANGE }), "merchant_refused"],
  ["wrong types", { ...opening(), amount: "12", methods: {}, revision: null }, WRONG],
  ["an amount beyond 2^53", raw(JSON.stringify(opening()).replace("129990", "9007199254740993")), WRONG],
  ["an amount beyond all", raw(JSON.stringify(opening()).replace("129990", "1e300")), WRONG],
  ["a negative amount", opening({ amount: -129_990 }), FINE],
  ["half a kuruş", opening({ amount: 0.5 }), WRONG],
  ["a revision beyond 2^53", raw(JSON.stringify(opening()).replace('"revision":3', '"revision":18446744073709551616')), WRONG],
  ["keys of prototypes", raw(JSON.stringify(opening()).replace("{", '{"__proto__":{"then":1},"constructor":{"prototype":{}},')), FINE],
  ["10 000 methods", opening({ methods: Array(10_000).fill(METHODS.card) }), FINE],
  ["1 000 APMs with fields", opening({ methods: Array(1_000).fill({ ...METHODS.meal, fields: Array(20).fill("cardNumber") }) }), FINE],
  ["fields by the thousand", opening({ methods: [{ ...METHODS.meal, fields: Array(10_000).fill("cardNumber") }] }), FINE],
  ["3 000 terminals", opening({ methods: [{ type: "terminal", terminals: Array.from({ length: 3_000 }, (_, place) => ({ id: `${place}`, name: STRANGE })) }] }), FINE],
  ["texts of 250 KB", opening({ description: LONG, methods: [{ ...METHODS.wallet, name: LONG, category: "other", connection: LONG }, METHODS.card] }), FINE],
  ["texts of markup", opening({ id: STRANGE, description: STRANGE, locale: STRANGE, currency: STRANGE, expiresAt: STRANGE, methods: [{ ...METHODS.wallet, name: STRANGE, category: STRANGE, connection: STRANGE }, { type: STRANGE }, METHODS.card] }), FINE],
  ["a currency of no sense", opening({ currency: "constructor" }), FINE],
  ["a payment of no sense", opening({ payment: { id: STRANGE, method: STRANGE, status: "pending", next: { type: STRANGE } } }), FINE],
]) {
  test(`the order: ${name}`, async () => {
    stage.says({ readCheckout: answer });
    const { code, took } = await opens(page);
    assert.equal(code, expected);
    assert.ok(took < AT_ONCE_MS, `after ${took} ms`);
    await isAlive(name);
  });
}

test("the order: a body that drips is given up at its deadline", async () => {
  stage.says({ readCheckout: endless(" ", 50) });
  const waiting = await stage.page({ before: (page) => page.clock.install() });
  const ended = opens(waiting);
  while (!stage.count("readCheckout")) await waiting.evaluate(() => new Promise(requestAnimationFrame));
  await waiting.clock.fastForward(READ_DEADLINE_MS);
  assert.equal((await ended).code, "merchant_timeout");
  await waiting.context().close();
});

test("1 000 saved cards, and 1 000 installments, of strange texts and numbers", async () => {
  const [saved] = CARDS.one.cards;
  stage.says({
    readCheckout: order([METHODS.saved, METHODS.card]),
    listCards: { cards: Array.from({ length: 1_000 }, (_, place) => ({ ...saved, id: `${place}`, name: STRANGE, masked: STRANGE, expiryMonth: 255, expiryYear: 65_535 })) },
    readBin: { brand: STRANGE, bank: STRANGE, family: STRANGE, kind: "credit", plans: Array.from({ length: 1_000 }, (_, place) => ({ installments: (place % 255) + 1, each: Number.MAX_SAFE_INTEGER, total: -1, interest: 1e15, paidBy: "shopper" })) },
  });
  await mounts(page, stage.options());
  await page.waitForFunction(() => told.some(({ type, what }) => type === "trace" && what.kind === "event" && what.step === "cards"));
  await page.locator("[data-method=card] [part=choose]").click();
  await types(page);
  await page.waitForFunction(() => told.some(({ type, what }) => type === "trace" && what.kind === "event" && what.step === "bin"));
  const counts = await page.evaluate(async (digits) => [(await kasa.cards()).length, (await kasa.installments(digits))?.plans.length], CARD.number);
  assert.deepEqual(counts, [1_000, 1_000]);
  await isAlive("lists");
});

const png = (width, height) => {
  const head = Buffer.alloc(33);
  head.write("\x89PNG\r\n\x1a\n", 0, "latin1");
  head.writeUInt32BE(13, 8);
  head.write("IHDR", 12);
  head.writeUInt32BE(width, 16);
  head.writeUInt32BE(height, 20);
  head.set([8, 6, 0, 0, 0], 24);
  return head.toString("base64");
};

for (const [name, image] of Object.entries({
  "no image": "",
  "no Base64": "<svg onload=alert(1)>",
  "SVG with a script": Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" onload="document.title='hostile'"><script>document.title="hostile"</script></svg>`).toString("base64"),
  "an image of 2^31 pixels a side": png(2 ** 31 - 1, 2 ** 31 - 1),
  "an image of 30 000 pixels a side": png(30_000, 30_000),
  "HTML": Buffer.from(MARKUP).toString("base64"),
  "a megabyte of nothing": "A".repeat(1_000_000),
})) {
  test(`a QR code: ${name}`, async () => {
    stage.says({ readCheckout: order([METHODS.qr]), createPayment: payment("apm", "pending", { next: { ...NEXT.qr, image } }) });
    await mounts(page, stage.options());
    await pays(page);
    await page.locator("kasa-drop-in [part~=status][data-tone=bad]").waitFor();
    await isAlive(name);
  });
}

for (const [name, next] of Object.entries({
  "a code of 255 digits": { type: "otp", length: 255, attemptsLeft: 255, expiresAt: STRANGE, resendAt: STRANGE, now: STRANGE, resendFields: [STRANGE, "__proto__"] },
  "a code of no digits": { type: "otp", length: 0, attemptsLeft: 0, expiresAt: "9999-12-31T23:59:59Z", now: "0000-01-01T00:00:00Z", resendAt: "+275760-09-13T00:00:00Z" },
  "a stage of markup": { type: "wait", cancellable: true, stage: STRANGE },
  "something of a later version": { type: STRANGE },
})) {
  test(`a next step: ${name}`, async () => {
    stage.says({ readCheckout: order([METHODS.terminal]), createPayment: payment("terminal", "pending", { next }) });
    await mounts(page, stage.options());
    await pays(page);
    await page.locator("kasa-drop-in [part=root][data-view=waiting]").waitFor();
    await isAlive(name);
  });
}

const tempcard = (answer) => ({ tokenize: answer });
for (const [name, answers, expected] of [
  ["PayWall: 100 MB", tempcard(megabytes(100)), "paywall_answer_invalid"],
  ["PayWall: lists 100 000 deep", tempcard(raw(nested(100_000))), "paywall_answer_invalid"],
  ["PayWall: no token", tempcard({ ErrorCode: 0, Result: true, Message: STRANGE, Body: {} }), "paywall_answer_invalid"],
  ["PayWall: a token of 50 KB", tempcard({ ErrorCode: 0, Result: true, Message: LONG, Body: { CardToken: LONG.slice(0, 50_000), ExpiryDateTime: STRANGE } }), FINE],
  ["PayWall: markup", tempcard({ ErrorCode: 2 ** 31 - 1, Result: false, Message: STRANGE, Body: MARKUP }), "paywall_answer_invalid"],
  ["PayWall: a redirect elsewhere", tempcard((_request, response) => response.redirect(307, `${stage.merchant}/v1/checkouts/x/bin`)), "paywall_unreachable"],
  ["a PaymentAPI that is no address", { createTempToken: { ...TEMP_TOKEN, paymentApi: STRANGE } }, "payment_api_refused"],
  ["a PaymentAPI elsewhere", { createTempToken: { ...TEMP_TOKEN, paymentApi: "https://evil.example" } }, "payment_api_refused"],
  ["a TempToken that is no header", () => ({ createTempToken: { ...TEMP_TOKEN, paymentApi: stage.paywall, token: STRANGE } }), "paywall_answer_invalid"],
]) {
  test(name, async () => {
    stage.says({ createPayment: payment("card", "paid"), ...(typeof answers === "function" ? answers() : answers) });
    await page.evaluate((options) => open(options), stage.options());
    const ended = await page.evaluate((card) => Promise.race([outcome(kasa.pay({ method: "card", card })), new Promise((settle) => setTimeout(settle, 3_000, { code: "never ended" }))]), CARD);
    assert.equal(ended.code, expected);
    assert.equal(stage.count("readBin"), 0);
    await isAlive(name);
  });
}

test("what was judged is not kept", async () => {
  const heap = await isAlive("at the end");
  assert.ok(heap < KEPT_MB * 1e6, `${Math.round(heap / 1e6)} MB`);
});
