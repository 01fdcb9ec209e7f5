// Messages to the page while the bank's page stands in its frame: foreign
// origins, other windows, garbage of every kind, and floods. One message only
// may do anything, and all it may do is have the server asked.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { tell } from "../../scripts/lib/figures.mjs";
import { garbage, seeded, startSeed } from "./garbage.mjs";
import { NEVER, payment } from "./merchant.mjs";
import { hears, heard, mounts, openStage, pays, step, types } from "./stage.mjs";

const MESSAGES = process.env.KASA_DEEP ? 60_000 : 6_000;
const FLOOD = 2_000;

let stage, page;
const sent = { posted: 0, dispatched: 0, flooded: 0, questions: 0 };

before(async () => (stage = await openStage()));
after(async () => {
  await stage?.close();
  await tell("messages to the page", `${sent.posted} posted, ${sent.dispatched} made up, 0 had an effect; ${sent.flooded} true ones asked the server ${sent.questions} times (seed ${startSeed})`);
});

const returned = (id = PAYMENT) => ({ type: "kasa:returned", payment: id });
const PAYMENT = payment("card", "pending").id;

/** The bank's page stands in the frame; everything that is told or asked from here on is an effect. */
async function framed(frame = `${stage.paywall}/bank`) {
  await page?.context().close();
  stage.says({ createPayment: payment("card", "pending", { next: { type: "redirect", url: frame, method: "GET" } }) });
  page = await stage.page({ directives: { "frame-src": `${stage.merchant} ${stage.paywall} ${stage.foreign} ${stage.origin}` } });
  await mounts(page, stage.options({ challenge: "frame", redirectHosts: ["127.0.0.1", "localhost"] }));
  await types(page);
  await pays(page);
  await hears(page, "action");
  await page.locator("iframe[name=kasa-challenge]").waitFor();
  await page.waitForFunction(() => told.some(({ type, what }) => type === "trace" && what.step === "await_change"));
  await bank().waitForLoadState();
}

const bank = () => page.frames().find((frame) => frame.name() === "kasa-challenge");

/** All that a message could have moved. */
async function state() {
  // A task later: whatever a message led to has been told by then.
  await page.evaluate(() => new Promise((settle) => setTimeout(() => setTimeout(settle))));
  return {
    told: await page.evaluate(() => told.length),
    asked: stage.asked.filter(({ operation }) => operation !== "bank").length,
    view: await page.evaluate(() => document.querySelector("kasa-drop-in").shadowRoot.querySelector("[part~=root]").outerHTML),
    frames: page.frames().length,
    url: page.url(),
    complaints: page.complaints.length,
  };
}

async function isUnmoved(act) {
  const was = await state();
  await act();
  assert.deepEqual(await state(), was);
  assert.deepEqual(page.complaints, []);
}

test("garbage of every kind that can be cloned, from the bank's frame and from the page", async () => {
  await framed();
  await isUnmoved(async () => {
    for (const where of [bank(), page.mainFrame()]) {
      sent.posted += await where.evaluate(`(async () => {
        ${seeded}
        ${garbage}
        const random = seeded(${startSeed});
        let posted = 0;
        for (; posted < ${MESSAGES}; posted += 1) {
          try {
            parent.postMessage(garbage(random), "*");
          } catch (error) {
            if (error.name !== "DataCloneError") throw error;
          }
          if (posted % 500 === 0) await new Promise((settle) => setTimeout(settle));
        }
        return posted;
      })()`);
    }
  });
});

test("the true message from anyone but the bank's frame at the merchant's origin", async () => {
  await framed();
  await isUnmoved(async () => {
    // From the page itself, from the frame at another origin, from a frame of the right origin that is not ours.
    await page.evaluate((message) => window.postMessage(message, "*"), returned());
    await bank().evaluate((message) => parent.postMessage(message, "*"), returned());
    await page.evaluate((url) => {
      const frame = document.createElement("iframe");
      frame.src = url;
      frame.name = "other";
      document.body.append(frame);
      return new Promise((settle) => (frame.onload = settle));
    }, `${stage.merchant}/elsewhere`);
    const other = page.frames().find((frame) => frame.name() === "other");
    await other.evaluate((message) => parent.postMessage(message, "*"), returned());
    await page.evaluate(() => document.querySelector("iframe[name=other]").remove());
    sent.posted += 3;
  });
});

test("made-up events with proxies and getters for data, source and origin", async () => {
  await framed();
  await isUnmoved(async () => {
    sent.dispatched += await page.evaluate(
      async ([merchant, message]) => {
        const frame = document.querySelector("kasa-challenge").shadowRoot.querySelector("iframe").contentWindow;
        const throws = () => {
          throw new Error("hostile");
        };
        const bomb = new Proxy(() => {}, { get: throws, has: throws, apply: throws, getPrototypeOf: throws, ownKeys: throws });
        const cyclic = {};
        cyclic.type = cyclic;
        let deep = {};
        for (let depth = 0; depth < 5_000; depth += 1) deep = { type: deep };
        const datas = [
          bomb, cyclic, deep, Object.create(null), { get type() { return throws(); } }, { type: bomb }, { type: { toString: () => "kasa:returned" } },
          { type: new String("kasa:returned") }, { type: ["kasa:returned"] }, { type: "kasa:returned\0" }, { type: "KASA:RETURNED" }, "kasa:returned", 1n, Symbol("x"), null, undefined,
          new Proxy({}, { get: () => kasa.destroy === undefined && "x" }), "x".repeat(1e6), new Array(1e5).fill({ type: "kasa:returned" }),
        ];
        let count = 0;
        for (const data of datas) {
          for (const [source, origin] of [[window, merchant], [frame, "null"], [null, merchant], [frame, merchant + "/"], [frame, merchant.toUpperCase()], [frame, `${merchant}.evil.example`], [frame, ""], [frame, merchant]]) {
            window.dispatchEvent(new MessageEvent("message", { data, source, origin }));
            count += 1;
          }
        }
        for (const [source, origin] of [[window, merchant], [null, merchant], [frame, "null"], [frame, merchant + "/"], [frame, `${merchant}.evil.example`], [frame, ""]]) {
          window.dispatchEvent(new MessageEvent("message", { data: message, source, origin }));
          count += 1;
        }
        return count;
      },
      [stage.merchant, returned()],
    );
    await page.evaluate(() => window.dispatchEvent(new Event("message")));
    await page.evaluate(() => window.dispatchEvent(new CustomEvent("message", { detail: { type: "kasa:returned" } })));
  });
});

test("a flood of true messages asks the server once", async () => {
  await framed(`${stage.merchant}/return-page`);
  const reads = () => stage.count("readCheckout") + stage.count("pollCheckout");
  const before = reads();
  await bank().evaluate(
    ([message, count]) => {
      for (let times = 0; times < count; times += 1) parent.postMessage(message, "*");
    },
    [returned(), FLOOD],
  );
  await step(page, "frame_returned");
  await page.evaluate(() => new Promise((settle) => setTimeout(() => setTimeout(settle))));
  sent.flooded += FLOOD;
  sent.questions += reads() - before;
  assert.equal(reads() - before, 1);
  assert.deepEqual(page.complaints, []);
});

test("true messages of an attempt that is over change nothing", async () => {
  await framed(`${stage.merchant}/return-page`);
  stage.says({ readCheckout: NEVER });
  const old = await page.evaluateHandle(() => document.querySelector("kasa-challenge").shadowRoot.querySelector("iframe").contentWindow);
  await page.evaluate(() => kasa.cancel());
  await hears(page, "result");
  await isUnmoved(async () => {
    await page.evaluate(([source, origin, data]) => window.dispatchEvent(new MessageEvent("message", { data, source, origin })), [old, stage.merchant, returned()]);
    sent.dispatched += 1;
  });
  assert.deepEqual((await heard(page, "result")).length, 1);
});
