import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "node:test";

import { PAGE, diagram } from "./model.js";
import { LANES, METHODS, STEPS } from "./steps.js";
import { wordsIn } from "./words.js";

/** Writes a trace as the component tells it: a call is answered when the test says so. */
class Trace {
  lines = [];
  #at = 1_000_000;
  #attempt = 0;

  page() {
    this.#attempt = 0;
    return this.#add({ kind: PAGE });
  }

  event(step, more) {
    return this.#add({ kind: "event", step, attempt: 0, ...more });
  }

  effect(step, more) {
    return this.#add({ kind: "effect", step, attempt: 0, to: "page", ...more });
  }

  /** A call without an answer as yet; says its attempt. */
  asks(step, to = "merchant") {
    this.effect(step, { to, attempt: (this.#attempt += 1) });
    return this.#attempt;
  }

  answers(attempt, step, more) {
    return this.event(step, { attempt, ended: "ok", ms: 20, ...more });
  }

  /** Answers what was asked last. */
  answersLast(step, more) {
    return this.answers(this.#attempt, step, more);
  }

  calls(step, answer, more, to) {
    return this.answers(this.asks(step, to), answer, more);
  }

  opens() {
    return this.page().event("open").calls("read_checkout", "checkout");
  }

  tokenizes() {
    return this.calls("fetch_temp_token", "temp_token").calls("tokenize", "tokenized", {}, "paywall");
  }

  #add(line) {
    this.lines.push({ at: (this.#at += 10), ...line });
    return this;
  }
}

const rowsOf = (trace) => diagram(trace.lines).rows;
/** `step`, `step←` for its answer, with its state where that is not `ok`. */
const told = ({ step, answer, state }) => `${step}${answer ? "←" : ""}${state === "ok" ? "" : ` ${state}`}`;
const steps = (trace) => rowsOf(trace).map(told);
const opened = ["order", "read_checkout", "read_checkout←"];

/** A card payment until the shopper is at the bank. */
const atBank = (how) => {
  const trace = new Trace().opens().event("pay", { method: "card" }).tokenizes();
  trace.calls("create_payment", "payment", { status: "pending", next: "redirect" });
  trace.asks("await_change");
  return how === "page" ? trace.effect("leave", { to: "provider" }) : trace;
};
const untilBank = [
  ...opened,
  "pay",
  "fetch_temp_token",
  "temptoken",
  "fetch_temp_token←",
  "tokenize",
  "tokenize←",
  "create_payment",
  "start3d",
  "create_payment←",
];

test("a card payment by redirect is one picture, with what happened while no page was open in its place", () => {
  const trace = atBank("page").page().event("open").calls("read_checkout", "checkout", { status: "paid" });
  trace.effect("settle", { status: "paid" });

  assert.deepEqual(steps(trace), [
    ...untilBank,
    "challenge_page",
    "await_change dropped",
    "return_paywall",
    "private_query",
    "come_back",
    "read_checkout",
    "read_checkout←",
    "settle",
    "webhook",
  ]);
  assert.deepEqual(diagram(trace.lines).lanes, ["browser", "merchant", "paywall", "bank"]);
});

test("in a frame the page stays, and hears of the return", () => {
  const trace = atBank("frame").event("frame_returned").answersLast("checkout", { status: "paid" }).effect("settle", { status: "paid" });

  assert.deepEqual(steps(trace), [
    ...untilBank,
    "challenge_frame",
    "await_change",
    "return_paywall",
    "private_query",
    "frame_returned",
    "await_change←",
    "settle",
    "webhook",
  ]);
});

test("a call runs until it is answered", () => {
  const trace = new Trace().page().event("open");
  const attempt = trace.asks("read_checkout");
  assert.deepEqual(steps(trace), ["order", "read_checkout running"]);

  trace.answers(attempt, "checkout", { ms: 84 });
  assert.deepEqual(steps(trace), opened);
  assert.equal(rowsOf(trace).at(-1).ms, 84);
});

test("a lost answer is told with its code, and claims nothing of what the server did", () => {
  const trace = new Trace().opens().event("pay", { method: "card" });
  trace.calls("fetch_temp_token", "temp_token", { ended: "lost", code: "merchant_timeout" }).tokenizes();

  assert.deepEqual(steps(trace).slice(opened.length), [
    "pay",
    "fetch_temp_token lost",
    "fetch_temp_token← lost",
    "fetch_temp_token",
    "temptoken",
    "fetch_temp_token←",
    "tokenize",
    "tokenize←",
  ]);
  assert.equal(rowsOf(trace).find(({ state, answer }) => answer && state === "lost").code, "merchant_timeout");
});

test("waiting for news is drawn once, however often it is asked", () => {
  const trace = atBank("frame").answersLast("checkout", { status: "pending", next: "redirect" });
  for (let times = 0; times < 5; times += 1) trace.calls("await_change", "checkout", { status: "pending", next: "redirect" });
  assert.deepEqual(steps(trace).slice(-2), ["await_change", "await_change←"]);

  trace.asks("await_change");
  assert.deepEqual(steps(trace).slice(-1), ["await_change running"]);
});

test("back from the bank without an end, the page that left has been left", () => {
  const trace = atBank("page").page().event("open").calls("read_checkout", "checkout", { status: "pending", next: "redirect" });

  assert.deepEqual(steps(trace).slice(untilBank.length), ["challenge_page dropped", "await_change dropped", "read_checkout", "read_checkout←"]);

  trace.asks("await_change");
  trace.event("continue_challenge").effect("leave", { to: "provider" });
  assert.deepEqual(steps(trace).slice(-3), ["await_change running", "continue_challenge", "challenge_page running"]);
});

test("an end that nobody came back for was asked for by the server alone", () => {
  const trace = atBank("page").page().event("open").calls("read_checkout", "checkout", { status: "pending", next: "redirect" });
  trace.calls("await_change", "checkout", { status: "failed" }).effect("settle", { status: "failed" });

  const rows = steps(trace);
  assert.ok(rows.includes("private_query") && !rows.includes("return_paywall") && !rows.includes("come_back"));
  assert.equal(rows.at(-1), "settle refused");
});

for (const [method, next, told] of [
  ["saved_card", "redirect", ["start3d_saved", "create_payment←", "challenge_frame", "await_change", "return_paywall", "private_query"]],
  ["apm", "qr", ["apm_pay", "create_payment←", "qr_shown", "await_change", "callback_apm", "apm_query"]],
  ["hepsipay", "redirect", ["hepsipay_save", "create_payment←", "challenge_frame", "await_change", "return_hepsipay", "hepsipay_query"]],
  ["aspay", "redirect", ["invoice", "create_payment←", "challenge_frame", "await_change", "return_aspay", "invoice_query"]],
  ["terminal", "wait", ["sale", "create_payment←", "rings", "await_change", "callback_terminal", "inquiry"]],
]) {
  test(`${method} is drawn with its own provider`, () => {
    const trace = new Trace().opens().event("pay", { method });
    trace.calls("create_payment", "payment", { status: "pending", next });
    trace.calls("await_change", "checkout", { status: "paid" });

    const { lanes, rows } = diagram(trace.lines);
    assert.deepEqual(rows.map(({ step, answer }) => `${step}${answer ? "←" : ""}`).slice(5, -1), told);
    for (const lane of METHODS[method].lanes) assert.ok(lanes.includes(lane));
  });
}

test("a one-time code is typed, checked, and the end told", () => {
  const trace = new Trace().opens().event("pay", { method: "apm" });
  trace.calls("create_payment", "payment", { status: "pending", next: "otp" }).asks("await_change");
  trace.event("enter_code").calls("confirm_code", "payment", { status: "paid" }).effect("settle", { status: "paid" });

  assert.deepEqual(steps(trace).slice(opened.length), [
    "pay",
    "create_payment",
    "apm_pay",
    "code_sent",
    "create_payment←",
    "await_change running",
    "enter_code",
    "confirm_code",
    "apm_confirm",
    "confirm_code←",
    "settle",
    "webhook",
  ]);
});

test("two ways to pay one order stand in one picture", () => {
  const trace = new Trace().opens().event("pay", { method: "card" }).tokenizes();
  trace.calls("create_payment", "payment", { status: "failed" }).effect("settle", { status: "failed" });
  trace.event("pay", { method: "hepsipay" }).calls("create_payment", "payment", { status: "pending", next: "redirect" });

  assert.deepEqual(diagram(trace.lines).lanes, ["browser", "merchant", "paywall", "hepsipay", "bank"]);
});

test("a row keeps its id while more lines come, so that what is unfolded stays so", () => {
  const { lines } = atBank("page").page().event("open").calls("read_checkout", "checkout", { status: "paid" });
  let before = [];
  for (let length = 1; length <= lines.length; length += 1) {
    const now = diagram(lines.slice(0, length)).rows.map(({ id }) => id);
    assert.equal(new Set(now).size, now.length);
    assert.deepEqual(before.filter((id) => !now.includes(id)), []);
    before = now;
  }
});

test("what it does not know of it leaves out", () => {
  const lines = [{ kind: "effect", step: "teleport", attempt: 3, to: "mars", at: 1 }, { kind: "event", step: "arrived", attempt: 3, at: 2 }];

  assert.deepEqual(diagram(lines).rows.map(told), ["order"]);
});

test("every step and life line has its words in both languages, and none is left over", () => {
  for (const { steps, lanes } of ["tr", "en"].map(wordsIn)) {
    assert.deepEqual(Object.keys(steps).sort(), Object.keys(STEPS).sort());
    assert.deepEqual(Object.keys(lanes).sort(), [...LANES].sort());
    for (const [said, more] of Object.values(steps)) assert.ok(said && more);
  }
});

test("every file that a step names is there", () => {
  const root = new URL("../../../", import.meta.url);
  for (const { see } of Object.values(STEPS)) {
    for (const file of see) assert.ok(existsSync(fileURLToPath(new URL(file.split(" › ")[0], root))), file);
  }
});
