// The page's Content-Security-Policy: nothing of the component's is refused by
// the strictest one that it documents, and where a page forbids something that
// it needs, it says what, and does not wait for it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { tell } from "../../scripts/lib/figures.mjs";
import { METHODS, NEXT, order, payment } from "./merchant.mjs";
import { STRICTEST, hears, heard, mounts, openStage, pays, types } from "./stage.mjs";

/** Between what cannot be done and its being named. */
const WITHIN_MS = 1_000;

let stage;
const told = { states: 0, violations: 0, slowest: 0 };

before(async () => (stage = await openStage()));
after(async () => {
  await stage?.close();
  await tell("policy", `${told.violations} violations in ${told.states} payments under the strictest policy; what it blocks is named within ${Math.ceil(told.slowest)} ms`);
});

const redirect = (method = "GET") => payment("card", "pending", { next: { type: "redirect", url: `${stage.paywall}/bank`, method, fields: { a: "1" } } });

/** Ends a page's test: how long it took to name what was blocked. */
async function named(page, since, until) {
  const took = until - since;
  told.slowest = Math.max(told.slowest, took);
  assert.ok(took <= WITHIN_MS, `named after ${took} ms`);
  await page.context().close();
}

/** Keeps when the policy last forbade something, on the page's own clock. */
const forbidden = () => document.addEventListener("securitypolicyviolation", ({ timeStamp }) => (globalThis.forbidden = timeStamp));

/** Opens, and how long it took to fail. */
const opens = (page, options) =>
  page.evaluate(async (options) => {
    const since = performance.now();
    const { code } = await outcome(open(options));
    return { code, since, until: performance.now() };
  }, stage.options(options));

test("a violation is seen, where there is one", async () => {
  const page = await stage.page({ directives: STRICTEST });
  await page.evaluate(() => {
    document.querySelector("main").setAttribute("style", "color: red");
    try {
      document.querySelector("main").innerHTML = "<b></b>";
    } catch {
      // So it is to be.
    }
  });
  await page.waitForFunction(() => violations.length === 2);
  await page.context().close();
});

for (const [name, directives] of Object.entries({
  "the strictest documented policy": STRICTEST,
  "no styles and no images but constructed ones": { ...STRICTEST, "style-src": "'none'", "img-src": "'none'", "font-src": "'none'", "form-action": "'none'", "frame-src": "'none'" },
})) {
  test(`nothing is refused under ${name}`, async () => {
    const page = await stage.page({ directives });
    const framed = directives["frame-src"] === undefined;
    for (const [methods, answer, play] of [
      [[METHODS.card], payment("card", "paid"), () => types(page)],
      [[METHODS.qr], payment("apm", "pending", { next: NEXT.qr }), () => {}],
      [[METHODS.meal], payment("apm", "pending", { next: NEXT.code() }), () => page.locator("kasa-drop-in input[name=cardNumber]").fill("6375780000000001")],
      [[METHODS.terminal], payment("terminal", "pending", { next: NEXT.onTerminal }), () => {}],
      ...(framed ? [[[METHODS.card], redirect(), () => types(page)]] : []),
    ]) {
      stage.says({ readCheckout: order(methods), createPayment: answer });
      await mounts(page, stage.options({ challenge: "frame", locale: "de" }));
      await play();
      await pays(page);
      await (answer.status === "paid" ? hears(page, "result") : hears(page, "action"));
      if (answer.next?.type === "redirect") await page.frameLocator("iframe[name=kasa-challenge]").locator("#bank").waitFor();
      if (answer.next?.type === "qr") await page.waitForFunction(() => document.querySelector("kasa-drop-in").shadowRoot.querySelector("canvas").width === 33);
      await page.evaluate(() => kasa.destroy());
      told.states += 1;
    }
    const violations = await page.evaluate(() => violations);
    told.violations += violations.length;
    assert.deepEqual(violations, []);
    await page.context().close();
  });
}

for (const [name, code, directives] of [
  ["WebAssembly", "wasm_blocked", { "script-src": "'self'" }],
  ["the .wasm file", "wasm_unreachable", () => ({ "connect-src": `${stage.merchant} ${stage.paywall}` })],
  ["the merchant server", "merchant_unreachable", () => ({ "connect-src": `'self' ${stage.paywall}` })],
]) {
  test(`a policy that forbids ${name} is named by ${code}`, async () => {
    stage.says({});
    const page = await stage.page({ directives: typeof directives === "function" ? directives() : directives });
    const ended = await opens(page);
    assert.equal(ended.code, code);
    await named(page, ended.since, ended.until);
  });
}

test("a policy that forbids PayWall is named by paywall_unreachable, in the form too", async () => {
  stage.says({});
  const page = await stage.page({ directives: { "connect-src": `'self' ${stage.merchant}` } });
  await page.evaluate(forbidden);
  await mounts(page, stage.options());
  await types(page);
  await pays(page);
  await hears(page, "error");
  const [{ code, at }] = await heard(page, "error");
  assert.equal(code, "paywall_unreachable");
  assert.equal(await page.locator("kasa-drop-in [part~=status][data-tone=bad]").count(), 1);
  await named(page, await page.evaluate(() => globalThis.forbidden), at);
});

test("a policy that forbids the bank's frame is named by frame_blocked, and the whole page goes there", async () => {
  stage.says({ createPayment: redirect() });
  const page = await stage.page({ directives: { "frame-src": "'none'" } });
  await page.evaluate(forbidden);
  await mounts(page, stage.options({ challenge: "frame" }));
  await types(page);
  // The page goes on at once, and what it says to a listener of ours may go with it: it is written down there.
  await page.evaluate(() => kasa.on("error", ({ code }) => localStorage.setItem("said", JSON.stringify([code, globalThis.forbidden, performance.now()]))));
  await page.keyboard.press("Enter");
  await page.waitForURL(`${stage.paywall}/bank`);
  const { origins } = await page.context().storageState();
  const [code, since, until] = JSON.parse(origins.find(({ origin }) => origin === stage.origin).localStorage.find(({ name }) => name === "said").value);
  assert.equal(code, "frame_blocked");
  await named(page, since, until);
});

test("a policy that is only reported takes no frame away", async () => {
  stage.says({ createPayment: redirect() });
  const page = await stage.page({ reportOnly: "frame-src 'none'; form-action 'none'" });
  await mounts(page, stage.options({ challenge: "frame" }));
  await types(page);
  await pays(page);
  await page.frameLocator("iframe[name=kasa-challenge]").locator("#bank").waitFor();
  await page.waitForFunction(() => violations.length > 0);
  assert.deepEqual((await heard(page, "error")).map(({ code }) => code), []);
  assert.equal(new URL(page.url()).origin, stage.origin);
  await page.context().close();
});

test("a shop's form-action 'self' against the form to the bank is named by redirect_blocked", async () => {
  stage.says({ createPayment: redirect("POST") });
  const page = await stage.page({ directives: { "form-action": "'self'" } });
  await page.evaluate(forbidden);
  await mounts(page, stage.options());
  await types(page);
  await pays(page);
  await hears(page, "error");
  const [{ code, at }] = await heard(page, "error");
  assert.equal(code, "redirect_blocked");
  // The shopper may go on once the shop has mended it, or cancel.
  // Not by a locator: playwright waits for the navigation that never comes.
  const seen = await page.evaluate(() => ["continue", "cancel"].map((part) => document.querySelector("kasa-drop-in").shadowRoot.querySelector(`[part=${part}]`).checkVisibility()));
  assert.deepEqual(seen, [true, true]);
  assert.equal(stage.count("bank"), 0);
  await named(page, await page.evaluate(() => globalThis.forbidden), at);
});

test("where form-action names the bank, the form goes there with its fields", async () => {
  stage.says({ createPayment: redirect("POST") });
  const page = await stage.page();
  await mounts(page, stage.options());
  await types(page);
  await pays(page);
  await page.waitForURL(`${stage.paywall}/bank`);
  assert.equal(stage.asked.find(({ operation }) => operation === "bank").body, "a=1");
  await page.context().close();
});
