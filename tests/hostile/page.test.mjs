// A page that is hostile to its own component: Object.prototype polluted before
// and after it is loaded, and arguments that throw, change, call back or never
// end. Script that already runs in a page can read what is typed into it,
// whatever a component does; what is held here is that ours makes nothing
// worse: it pays as it would have, or says in a KasaError why not, it does not
// trap, and hands no card to what was planted.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { tell } from "../../scripts/lib/figures.mjs";
import { hostile } from "./arguments.mjs";
import { METHODS, order, payment } from "./merchant.mjs";
import { found } from "./needles.mjs";
import { CARD, mounts, openStage, types } from "./stage.mjs";

let stage, page;
const tried = { pollutions: 0, calls: 0 };

before(async () => (stage = await openStage()));
after(async () => {
  await stage?.close();
  await tell("hostile page", `${tried.pollutions} pollutions of Object.prototype and patched built-ins, ${tried.calls} calls with hostile arguments: 0 traps, 0 without an end, 0 with a card`);
});

const paid = () => ({ readCheckout: order([{ ...METHODS.card, save: true }]), createPayment: payment("card", "paid") });

/** Names that this component, its glue or the browser's APIs read of objects they were given or made. */
const NAMES = [
  "value", "writable", "method", "card", "headers", "body", "mode", "credentials", "cache", "signal", "referrerPolicy", "redirect", "integrity", "keepalive", "priority", "duplex",
  "toJSON", "number", "cvc", "expiry", "expiryMonth", "expiryYear", "holder", "CardNumber", "CardCvv", "CardOwnerName", "CardType", "cardToken", "merchant", "checkout", "locale", "challenge", "redirectHosts", "messages", "wasm",
  "module_or_path", "url", "type", "next", "payment", "status", "error", "result", "token", "onOtp", "onWait", "installments", "save", "payer", "cause", "code", "message", "retryable", "fields", "once", "capture", "passive",
  "delegatesFocus", "slotAssignment", "minimumFractionDigits", "resolve", "reject", "tr", "pay",
];

/** With these on Object.prototype no `Object.defineProperty` of the page does what it says, wasm-bindgen's neither. */
const BREAKING = ["get", "set", "enumerable", "configurable"];

const KINDS = ["a text", "a function", "a getter that throws", "a getter and a setter that listen"];

/** Puts something on Object.prototype, and tells by `planted` what it heard; `clean` takes it away. Stands by itself. */
function pollute(name, kind) {
  const heard = [];
  const own = (value) => Object.defineProperty({ __proto__: null }, "heard", { __proto__: null, value });
  const hears = (...values) => void heard.push(...values.map(own));
  const traits = {
    "a text": { value: "hostile", writable: true },
    "a function": {
      value(...given) {
        hears(this, ...given);
      },
      writable: true,
    },
    "a getter that throws": {
      get() {
        hears(this);
        throw new Error("hostile");
      },
    },
    "a getter and a setter that listen": {
      get() {
        hears(this);
        return undefined;
      },
      set(value) {
        hears(this, value);
      },
    },
  };
  Object.defineProperty(Object.prototype, name, { __proto__: null, ...traits[kind], configurable: true });
  globalThis.clean = () => delete Object.prototype[name];
  globalThis.planted = () => {
    const text = ({ heard }) => {
      try {
        return typeof heard === "object" && heard !== null ? JSON.stringify(heard) + Object.values(heard).map(String).join(" ") : String(heard);
      } catch {
        return "";
      }
    };
    return heard.splice(0).map(text).join("\n");
  };
}

/** Whether it was paid, or what was said instead; and what was heard by what is planted. Stands by itself. */
async function pays(options, card) {
  const told = (read) => {
    try {
      return String(read());
    } catch {
      return "?";
    }
  };
  const attempt = async () => {
    let kasa;
    try {
      kasa = await package_.init(options);
      const result = await kasa.pay({ __proto__: null, method: "card", card: { __proto__: null, ...card } });
      return `status ${result.status}`;
    } catch (error) {
      return ["error", ...[() => error?.name, () => error?.code, () => error, () => error?.stack, () => error?.cause].map(told)].join(" ");
    } finally {
      kasa?.destroy();
    }
  };
  const late = new Promise((settle) => setTimeout(settle, 5_000, "never ended"));
  const ended = await Promise.race([attempt(), late]);
  globalThis.clean?.();
  return `${ended}\0${globalThis.planted?.() ?? ""}`;
}

const isPaid = ([ended]) => ended === "status paid";
const isNamed = ([ended]) => /^error KasaError [a-z_]+ /.test(ended);

/** Pays on the page as it is; `[how it ended, what was overheard]`. */
const attempt = async (before = "") => (await page.evaluate(`${before}; (${pays})(${JSON.stringify(stage.options())}, ${JSON.stringify(CARD)})`)).split("\0");

test("the search hears of a card where something planted is given one", async () => {
  page = await stage.page();
  for (const [name, act] of [["CardNumber", `({}).CardNumber = "${CARD.number}"`], ["toJSON", `JSON.stringify({ number: "${CARD.number}" })`]]) {
    const heard = await page.evaluate(`(${pollute})("${name}", "a getter and a setter that listen"); ${act}; clean(); planted()`);
    assert.ok(found(heard, CARD).length > 0, name);
  }
});

test("Object.prototype polluted while it runs: it pays as it would have, and no card is overheard", async () => {
  const wrong = [];
  let asked;
  for (const name of [...NAMES, ...BREAKING]) {
    for (const kind of KINDS) {
      stage.says(paid());
      const ended = await attempt(`(${pollute})(${JSON.stringify(name)}, ${JSON.stringify(kind)})`);
      tried.pollutions += 1;
      const told = found(ended.join("\n"), CARD);
      const request = stage.asked.find(({ operation }) => operation === "createPayment")?.body;
      asked ??= request;
      const fine = isPaid(ended) ? request === asked : BREAKING.includes(name) && isNamed(ended);
      if (!fine || told.length) wrong.push({ name, kind, ended: ended[0].slice(0, 300), request, told });
    }
  }
  assert.deepEqual(wrong, []);
  assert.deepEqual(page.complaints, []);
  assert.deepEqual(await page.evaluate(() => violations), []);
});

test("polluted before the package is loaded", async () => {
  const wrong = [];
  for (const [name, kind] of [["wasm", "a text"], ["toJSON", "a function"], ["body", "a getter and a setter that listen"], ["once", "a text"]]) {
    await page.context().close();
    stage.says(paid());
    page = await stage.page({ before: (page) => page.addInitScript(`(${pollute})(${JSON.stringify(name)}, ${JSON.stringify(kind)})`) });
    const ended = await attempt();
    tried.pollutions += 1;
    if (!isPaid(ended) || found(ended.join("\n"), CARD).length) wrong.push({ name, kind, ended });
  }
  assert.deepEqual(wrong, []);
});

test("built-ins patched: it pays, or ends in an error, and tells no card", async () => {
  await page.context().close();
  page = await stage.page();
  const throws = "() => { throw new Error('hostile'); }";
  const wrong = [];
  for (const [object, name, patch] of [
    ["Array.prototype", "push", throws],
    ["Array.prototype", "includes", throws],
    ["Map.prototype", "get", throws],
    ["Set.prototype", "add", throws],
    ["JSON", "stringify", "() => 'hostile'"],
    ["JSON", "parse", "() => ({})"],
    ["JSON", "parse", throws],
    ["Reflect", "get", throws],
    ["String.prototype", "trim", throws],
    ["Object", "fromEntries", throws],
    ["Headers.prototype", "set", throws],
    ["crypto", "getRandomValues", throws],
    ["window", "fetch", throws],
    ["window", "fetch", "async () => new Response('{}')"],
    ["Blob.prototype", "text", throws],
  ]) {
    stage.says(paid());
    const ended = await attempt(`globalThis.clean = ((was) => () => (${object}.${name} = was))(${object}.${name}); ${object}.${name} = ${patch}`);
    tried.pollutions += 1;
    if (ended[0] === "never ended" || found(ended.join("\n"), CARD).length) wrong.push([object, name, patch, ended[0].slice(0, 300)]);
  }
  assert.deepEqual(wrong, []);
  assert.ok(isPaid(await attempt()), "and afterwards it pays");
});

/** Gives each to one call, which is named by its text; what came of it. Stands by itself. */
async function calls(source, make, options, card) {
  const ended = [];
  for (const name of Object.keys(source(card))) {
    const argument = source(card)[name];
    let kasa;
    const all = (error) => {
      const text = [error?.message, error?.stack, error?.cause?.message, error?.cause?.stack];
      try {
        text.push(JSON.stringify(error));
      } catch {
        text.push("cyclic");
      }
      return { code: String(error?.code), name: error?.name, text: text.map(String).join("\n") };
    };
    const attempt = async () => {
      try {
        globalThis.kasa = kasa = await package_.init(options);
        const value = await make(kasa, argument, options, card);
        return { status: typeof value?.status === "string" ? value.status : typeof value };
      } catch (error) {
        return all(error);
      }
    };
    ended.push([name, await Promise.race([attempt(), new Promise((settle) => setTimeout(settle, 4_000, { name: "never ended" }))])]);
    kasa?.destroy();
  }
  return ended;
}

const CALLS = [
  "package_.init(x)",
  "package_.init({ merchant: x, checkout: x, locale: x, messages: x, challenge: x, redirectHosts: x, wasm: x, signal: x })",
  "package_.init({ ...options, messages: x })",
  "package_.init({ ...options, messages: { tr: x } })",
  "package_.init({ ...options, locale: x })",
  "package_.init({ ...options, redirectHosts: x })",
  "package_.init({ ...options, redirectHosts: [x, x] })",
  "kasa.pay(x)",
  "kasa.pay({ method: 'card', card: x })",
  "kasa.pay({ method: 'aspay', payer: x })",
  "kasa.pay({ method: 'card', card }, x)",
  "kasa.tokenize(x)",
  "kasa.mount(x)",
  "kasa.on(x, x)",
  "kasa.confirm(x)",
  "kasa.deleteCard(x)",
  "kasa.installments(x)",
];

test("hostile arguments to every call: it works, or is a KasaError that tells no card", async () => {
  stage.says(paid());
  page.complaints.length = 0;
  const wrong = [];
  for (const call of CALLS) {
    const all = await page.evaluate(`(${calls})(${hostile}, (kasa, x, options, card) => ${call}, ${JSON.stringify(stage.options())}, ${JSON.stringify(CARD)})`);
    for (const [name, ended] of all) {
      tried.calls += 1;
      const fine = ended.name === "KasaError" ? /^(?!internal|undefined)[a-z_]+$/.test(ended.code) : "status" in ended;
      const told = found(ended.text ?? "", CARD);
      if (!fine || told.length) wrong.push({ call, name, ...ended, told });
    }
  }
  assert.deepEqual(wrong, []);
  assert.deepEqual(page.complaints, []);
});

test("after all of it the same page pays", async () => {
  await mounts(page, stage.options());
  await types(page);
  await page.locator("kasa-drop-in [part=pay]").click();
  await page.locator("kasa-drop-in [part=root][data-view=done]").waitFor();
});
