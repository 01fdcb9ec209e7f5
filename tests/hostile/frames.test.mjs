// The component in a frame of somebody else's page, and in sandboxed ones: it
// works, or says what it cannot do. That nobody may frame it at all is for the
// shop's policy to say (`frame-ancestors`), which the documented one does.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { payment } from "./merchant.mjs";
import { CARD, openStage } from "./stage.mjs";

/** After this long the component holds that the page was not left. */
const LEAVING_MS = 8_000;

let stage;

before(async () => (stage = await openStage()));
after(() => stage?.close());

/** A foreign page with the shop's page in a frame. */
async function framed({ sandbox, directives = { "frame-ancestors": "*" } } = {}) {
  const shop = stage.serves({ directives });
  const context = await stage.browser.newContext({ locale: "tr-TR" });
  const page = await context.newPage();
  await page.clock.install();
  await page.goto(`${stage.foreign}/attacker`);
  await page.evaluate(
    ([url, sandbox]) => {
      const frame = document.createElement("iframe");
      if (sandbox) frame.sandbox = sandbox;
      frame.src = url;
      document.body.append(frame);
      return new Promise((settle) => (frame.onload = settle));
    },
    [shop, sandbox],
  );
  // Not by its name, which is told when the frame's page has come.
  const frame = await page.locator("iframe").elementHandle();
  return { page, frame: await frame.contentFrame() };
}

async function opens(frame) {
  await frame.waitForFunction(() => globalThis.ready, null, { polling: 100 });
  await frame.evaluate(async (options) => (await open(options)).mount("main"), stage.options());
  await frame.locator("kasa-drop-in [part=methods]").waitFor();
}

async function paysIn(frame) {
  for (const [name, text] of Object.entries(CARD)) await frame.locator(`kasa-drop-in input[name=${name}]`).fill(text);
  await frame.locator("kasa-drop-in [part=pay]").click();
}

test("under the documented policy nobody can frame the shop's page", async () => {
  const { page, frame } = await framed({ directives: {} });
  // A page of the browser's own stands there.
  const [origin, isShop] = await frame.evaluate(() => [self.origin, "package_" in globalThis]);
  assert.notEqual(origin, stage.origin);
  assert.ok(!isShop);
  await page.context().close();
});

test("where the shop allows it, a foreign page's frame pays, and the foreign page learns nothing of it", async () => {
  stage.says({ createPayment: payment("card", "paid") });
  const { page, frame } = await framed();
  await page.evaluate(() => {
    globalThis.overheard = [];
    addEventListener("message", ({ data }) => overheard.push(data));
  });
  await opens(frame);
  await paysIn(frame);
  await frame.locator("kasa-drop-in [part=root][data-view=done]").waitFor();
  assert.deepEqual(await page.evaluate(() => overheard), []);
  await page.context().close();
});

test("a sandbox without forms: the button pays all the same, and so does Enter", async () => {
  for (const way of ["button", "Enter"]) {
    stage.says({ createPayment: payment("card", "paid") });
    const { page, frame } = await framed({ sandbox: "allow-scripts allow-same-origin" });
    await opens(frame);
    if (way === "button") await paysIn(frame);
    else {
      for (const [name, text] of Object.entries(CARD)) await frame.locator(`kasa-drop-in input[name=${name}]`).fill(text);
      await frame.locator("kasa-drop-in input[name=holder]").press("Enter");
    }
    await frame.locator("kasa-drop-in [part=root][data-view=done]").waitFor();
    await page.context().close();
  }
});

test("a sandbox without forms: a bank that wants a form leaves the payment to be gone on with, or canceled", async () => {
  stage.says({ createPayment: payment("card", "pending", { next: { type: "redirect", url: `${stage.paywall}/bank`, method: "POST" } }) });
  const { page, frame } = await framed({ sandbox: "allow-scripts allow-same-origin" });
  await opens(frame);
  await paysIn(frame);
  await frame.waitForFunction(() => told.some(({ type, what }) => type === "action" && what.type === "redirect"), null, { polling: 100 });
  // No browser says that a sandbox kept a form back: it is the time that tells.
  await page.clock.fastForward(LEAVING_MS);
  await frame.locator("kasa-drop-in [part=continue]").waitFor();
  assert.equal(stage.count("bank"), 0);
  await frame.locator("kasa-drop-in [part=cancel]").click();
  await frame.waitForFunction(() => told.some(({ type, what }) => type === "result" && what.status === "canceled"), null, { polling: 100 });
  await page.context().close();
});
