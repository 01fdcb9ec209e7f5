// From `init` to `destroy` as a page may do it: often, twice at once, in the
// wrong moment, and after the WebAssembly itself has failed.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";

import { openBare, order, recorded } from "./bare.mjs";

const CARD = { number: "5141181677407907", expiry: "09/28", cvc: "360", holder: "Elif Yılmaz" };
const MEAL_CARD = { method: "apm", connection: "12", payer: { cardNumber: "6375780000000001" } };

let bare, page;

before(async () => {
  bare = await openBare();
});
after(() => bare?.close());
beforeEach(async () => {
  page = await bare.page();
});

/** Opens an order in the page, as `kasas[name]`. */
async function opened(name, { challenge, ...wanted } = {}) {
  const made = await order(wanted);
  await page.evaluate(open, [name, made.checkout, challenge]);
  return made;
}

async function open([name, checkout, challenge]) {
  const kasa = await init({ merchant, checkout, challenge });
  kasas[name] = Object.assign(kasa, { errors: [], actions: [] });
  kasa.on("error", (error) => kasa.errors.push(error));
  kasa.on("action", (action) => kasa.actions.push(action.type));
}

/** Starts a payment, and waits until the page is told of this action. */
const paying = (name, request, action) =>
  page.evaluate(
    ([name, request, action]) => {
      const kasa = kasas[name];
      const told = new Promise((settle) => kasa.on("action", ({ type }) => type === action && settle()));
      kasa.paying = outcome(kasa.pay(request));
      return action && told;
    },
    [name, request, action],
  );

const pays = async (name, code = "123456") => {
  await page.evaluate(([name, code]) => kasas[name].confirm(code), [name, code]);
  return page.evaluate((name) => kasas[name].paying, name);
};

const drawn = () => page.evaluate(() => document.querySelectorAll("kasa-drop-in, kasa-challenge").length);

describe("init", () => {
  test("ten at once load the WebAssembly once and open ten", async () => {
    const { checkout } = await order();
    let fetched = 0;
    page.on("request", (request) => (fetched += request.url().endsWith(".wasm")));

    const types = await page.evaluate(async (checkout) => {
      const ten = await Promise.all(Array.from({ length: 10 }, () => init({ merchant, checkout })));
      return ten.map((kasa) => kasa.methods[0].type);
    }, checkout);

    assert.equal(types.length, 10);
    assert.ok(types.every(Boolean));
    assert.equal(fetched, 1);
  });

  test("a load that failed is named, and tried again by the next", async () => {
    const { checkout } = await order();
    await page.route("**/*.wasm", (route) => route.abort(), { times: 1 });

    const tries = await page.evaluate(async (checkout) => {
      const first = await outcome(init({ merchant, checkout }));
      const kasa = await init({ merchant, checkout });
      return [first, kasa.methods.length > 0];
    }, checkout);

    assert.deepEqual(tries, [{ name: "KasaError", code: "wasm_unreachable", retryable: true }, true]);
  });

  test("a page served in the file's place is named too", async () => {
    const { checkout } = await order();
    await page.route("**/*.wasm", (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html>" }), { times: 1 });

    assert.equal((await page.evaluate((checkout) => outcome(init({ merchant, checkout })), checkout)).code, "wasm_unreachable");
  });

  test("aborted before or while it opens, it rejects and leaves nothing; once open, it stays", async () => {
    const { checkout } = await order();
    const [early, midway, late] = await page.evaluate(async (checkout) => {
      const options = (signal) => ({ merchant, checkout, signal });
      const early = await outcome(init(options(AbortSignal.abort())));
      const opening = new AbortController();
      const midway = outcome(init(options(opening.signal)));
      setTimeout(() => opening.abort());
      const open = new AbortController();
      const kasa = await init(options(open.signal));
      open.abort();
      return [early, await midway, kasa.methods.length > 0];
    }, checkout);

    const aborted = { name: "KasaError", code: "aborted", retryable: true };
    assert.deepEqual([early, midway, late], [aborted, aborted, true]);
  });
});

test("two checkouts on one page are paid at the same time, each its own", async () => {
  const [first, second] = [await opened("one"), await opened("two", { amount: 5_000 })];
  await page.evaluate(() => ["one", "two"].forEach((name) => kasas[name].mount(`#${name}`)));
  assert.equal(await drawn(), 2);
  await Promise.all(["one", "two"].map((name) => paying(name, MEAL_CARD, "otp")));

  const results = [await pays("two"), await pays("one")];

  assert.deepEqual(results.map(({ value }) => value.status), ["paid", "paid"]);
  assert.notEqual(results[0].value.payment, results[1].value.payment);
  assert.deepEqual([(await recorded(first)).status, (await recorded(second)).status], ["paid", "paid"]);
  await page.evaluate(() => kasas.one.destroy());
  assert.equal(await drawn(), 1);
  assert.equal(await page.evaluate(async () => (await kasas.two.resume()).status), "paid");
});

describe("destroy", () => {
  const HELD = "held back";
  /** In each state: how it is reached, and what the promises that were open then say. */
  const STATES = {
    "a form that nobody touched": async () => {},
    "the digits of a card being looked up": async () => {
      await hold("**/bin");
      await page.evaluate(() => void (kasas.one.paying = outcome(kasas.one.installments("51411816"))));
      return HELD;
    },
    "a card token being made": async () => {
      await hold("**/api/paywall/tempcard");
      await paying("one", { method: "card", card: CARD });
      return HELD;
    },
    "a payment being asked for": async () => {
      await hold("**/payments");
      await paying("one", { method: "card", card: CARD });
      return HELD;
    },
    "the bank's page in a frame": () => paying("one", { method: "card", card: CARD }, "frame"),
    "a code being awaited": () => paying("one", MEAL_CARD, "otp"),
    "a code being checked": async () => {
      await paying("one", MEAL_CARD, "otp");
      await hold("**/otp");
      await page.evaluate(() => kasas.one.confirm("123456"));
      return HELD;
    },
    "a terminal at work": async () => {
      const terminal = await page.evaluate(() => kasas.one.methods.find(({ type }) => type === "terminal").terminals?.[0].id);
      await paying("one", { method: "terminal", terminal }, "wait");
    },
    "a payment being canceled": async () => {
      await paying("one", MEAL_CARD, "otp");
      await hold("**/cancel");
      await page.evaluate(() => kasas.one.cancel());
      return HELD;
    },
    "a payment that is paid": async () => {
      await paying("one", MEAL_CARD, "otp");
      assert.equal((await pays("one")).value.status, "paid");
    },
  };
  let reached;
  /** The next such request gets no answer. */
  const hold = (pattern) => {
    reached = page.waitForRequest(pattern);
    return page.route(pattern, () => {}, { times: 1 });
  };

  for (const [state, reach] of Object.entries(STATES)) {
    test(`with ${state}, ends it all and can be called again`, async () => {
      const { checkout } = await opened("one", { challenge: "frame", ...(state.includes("terminal") && { terminal: {} }) });
      await page.evaluate(() => kasas.one.mount("#one"));
      if ((await reach()) === HELD) await reached;

      await page.evaluate(() => {
        kasas.one.destroy();
        kasas.one.destroy();
        fetched.length = 0;
      });

      const { value, code } = (await page.evaluate(() => kasas.one.paying)) ?? {};
      if (state.endsWith("paid")) assert.equal(value.status, "paid");
      else if (!state.includes("nobody")) assert.equal(code, "destroyed");
      assert.equal(await drawn(), 0);
      assert.equal((await page.evaluate(() => outcome(kasas.one.pay({ method: "hepsipay" })))).code, "destroyed");
      // Whatever it still had to say or ask would come before another has opened.
      const next = await opened("two");
      const asked = await page.evaluate(() => fetched);
      assert.deepEqual(asked.filter((url) => url.includes(checkout)), []);
      assert.ok(asked.some((url) => url.includes(next.checkout)));
    });
  }

  test("and what was under way is taken up by another", async () => {
    const made = await opened("one");
    await paying("one", MEAL_CARD, "otp");
    await page.evaluate(() => kasas.one.destroy());

    await page.evaluate(open, ["again", made.checkout]);
    await page.evaluate(() => void (kasas.again.paying = outcome(kasas.again.resume())));

    assert.equal((await pays("again")).value.status, "paid");
    assert.equal((await recorded(made)).payments.length, 1);
  });
});

describe("a signal", () => {
  /** Pays with a signal that counts who listens to it. */
  const signalled = (request) =>
    page.evaluate((request) => {
      const abort = new AbortController();
      const { signal } = abort;
      window.abort = abort;
      window.listening = 0;
      for (const [name, step] of [["addEventListener", 1], ["removeEventListener", -1]]) {
        const real = signal[name];
        signal[name] = (...given) => (real.apply(signal, given), (window.listening += step));
      }
      const told = new Promise((settle) => kasas.one.on("action", ({ type }) => type === "otp" && settle()));
      kasas.one.paying = outcome(kasas.one.pay(request, { signal }));
      return told;
    }, request);

  test("aborted beforehand, nothing is sent", async () => {
    const made = await opened("one");
    const { code } = await page.evaluate((request) => outcome(kasas.one.pay(request, { signal: AbortSignal.abort() })), MEAL_CARD);

    assert.equal(code, "aborted");
    assert.deepEqual((await recorded(made)).payments, []);
  });

  test("aborted before the payment is asked for, nothing is charged", async () => {
    const made = await opened("one");
    const tokenizing = page.waitForRequest("**/api/paywall/tempcard");
    await page.route("**/api/paywall/tempcard", () => {}, { times: 1 });
    await page.evaluate((card) => {
      window.abort = new AbortController();
      kasas.one.paying = outcome(kasas.one.pay({ method: "card", card }, { signal: abort.signal }));
    }, CARD);
    await tokenizing;

    await page.evaluate(() => abort.abort(new TypeError("the shop's own reason")));

    assert.equal((await page.evaluate(() => kasas.one.paying)).code, "aborted");
    assert.deepEqual((await recorded(made)).payments, []);
    await paying("one", MEAL_CARD, "otp");
    assert.equal((await pays("one")).value.status, "paid");
  });

  test("aborted while a code is awaited, the payment ends as its provider says", async () => {
    await opened("one");
    await signalled(MEAL_CARD);
    assert.equal(await page.evaluate(() => listening), 1);

    await page.evaluate(() => abort.abort());

    assert.equal((await page.evaluate(() => kasas.one.paying)).value.status, "canceled");
    assert.equal(await page.evaluate(() => listening), 0);
  });

  test("aborted afterwards, it is heard no more", async () => {
    const made = await opened("one");
    await signalled(MEAL_CARD);
    assert.equal((await pays("one")).value.status, "paid");
    assert.equal(await page.evaluate(() => listening), 0);

    await page.evaluate(() => abort.abort());

    assert.equal((await recorded(made)).status, "paid");
  });
});

describe("after the WebAssembly has failed inside", () => {
  /** Whatever touches its memory from now on is trapped, or runs astray. */
  const spoil = () => page.evaluate(() => new Uint8Array(instances.at(-1).exports.memory.buffer).fill(0xff));
  const internal = { name: "KasaError", code: "internal", retryable: false };

  test("a payment under way rejects, all is taken away, and another init takes it up", async () => {
    const made = await opened("one");
    await opened("two");
    await page.evaluate(() => kasas.one.mount("#one"));
    await paying("one", MEAL_CARD, "otp");

    await spoil();
    // The answer comes to a closure that only the browser calls.
    await page.evaluate(() => dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })));

    assert.deepEqual(await page.evaluate(() => kasas.one.paying), internal);
    assert.equal(await drawn(), 0);
    const [one, two] = await page.evaluate(() => [kasas.one, kasas.two].map(({ errors }) => errors.map(({ code }) => code)));
    assert.deepEqual([one, two], [["internal"], ["internal"]]);

    await page.evaluate(open, ["again", made.checkout]);
    await page.evaluate(() => {
      kasas.again.mount("#one");
      kasas.again.paying = outcome(kasas.again.resume());
    });
    assert.equal((await pays("again")).value.status, "paid");
    assert.equal((await recorded(made)).payments.length, 1);
  });

  test("a call says so, and nothing that was left behind is heard of again", async () => {
    const made = await opened("one");
    await page.evaluate(() => kasas.one.mount("#one"));
    await spoil();

    const thrown = await page.evaluate(() => outcome((async () => kasas.one.mount("#two"))()));

    assert.deepEqual(thrown, internal);
    const failures = [];
    page.on("pageerror", (error) => failures.push(error.message));
    await page.evaluate(open, ["again", made.checkout]);
    await page.evaluate(async () => {
      postMessage({ type: "kasa:returned" }, location.origin);
      dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
      dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }));
      await new Promise((settle) => setTimeout(settle));
    });
    await paying("again", MEAL_CARD, "otp");
    assert.equal((await pays("again")).value.status, "paid");
    assert.deepEqual(failures, []);
  });

  test("another one's failure is not taken for ours", async () => {
    await opened("one");
    await page.evaluate(() => {
      setTimeout(() => {
        throw new WebAssembly.RuntimeError("unreachable");
      });
      return new Promise((settle) => setTimeout(settle, 0)).then(() => new Promise((settle) => setTimeout(settle, 0)));
    });

    await paying("one", MEAL_CARD, "otp");
    assert.equal((await pays("one")).value.status, "paid");
  });
});
