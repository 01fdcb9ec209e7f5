// From the lines of a trace to the rows of a sequence diagram. Pure: the same
// lines make the same rows, so that the whole of it can be tested in Node.
//
// What the merchant server does behind the scenes stands in no trace of a
// browser. It is put in where the flow makes it certain: when the answer to a
// call says that its work was done, or that the payment has ended.

import { LANES, METHODS, STEPS } from "./steps.js";

/**
 * @typedef {object} Row one arrow, or a note at one life line
 * @property {string} id stays the same while more lines come
 * @property {string} step one of `STEPS`, whose words belong to it
 * @property {string} from a life line
 * @property {string} to the same one: a note
 * @property {"running" | "ok" | "refused" | "lost" | "dropped"} state
 * @property {boolean} [answer] it answers the call of this step
 * @property {boolean} [behind] not seen from the browser
 * @property {number} [at] since the first line, in milliseconds
 * @property {number} [ms] how long the answer took
 * @property {string} [code] why not
 * @property {string} [status] of the payment
 * @property {string} [next] what the payment needs
 * @property {string} [method] what is paid with
 */

/** The mark of a page that was opened: each one counts its calls anew. */
export const PAGE = "page";

/**
 * @param {object[]} lines of `kasa.on("trace")`, oldest first, with marks `{kind: PAGE, at}` between them
 * @returns {{ lanes: string[], rows: Row[] }}
 */
export function diagram(lines) {
  const drawing = new Drawing(lines[0]?.at ?? 0);
  for (const line of lines) drawing.take(line);
  return { lanes: drawing.lanes(), rows: drawing.rows };
}

/** What the shopper or the page did, as notes at the browser's line. */
const NOTES = {
  pay: "pay",
  tokenize_card: "tokenize_card",
  enter_code: "enter_code",
  resend_code: "ask_for_code",
  cancel: "cancel",
  continue_challenge: "continue_challenge",
  frame_blocked: "frame_blocked",
  leave_blocked: "leave_blocked",
  leave_frame: "leave_frame",
  page_restored: "page_restored",
};

/** What the merchant server did before it could answer so. */
const BEFORE_ANSWER = {
  fetch_temp_token: () => ["temptoken"],
  read_bin: () => ["bin_inquiry"],
  list_cards: () => ["card_list"],
  delete_card: () => ["card_delete"],
  create_payment: ({ pays }) => [pays],
  confirm_code: () => ["apm_confirm"],
  resend_code: () => ["apm_resend"],
  cancel_payment: ({ cancels, asks }) => [cancels ?? asks],
};

const ENDED = ["paid", "failed", "canceled"];

class Drawing {
  rows = [row({ id: "order", step: "order", from: "merchant", to: "merchant", behind: true })];
  #start;
  #page = 0;
  /** Where this page's rows begin. */
  #pageRow = 1;
  /** Rows of calls under way, by attempt. */
  #calls = new Map();
  #methods = new Set();
  #method = "card";
  /** Where the payer is, once sent there. */
  #challenge = null;
  /** A payment is pending. */
  #open = false;
  /** The merchant server has asked its provider how it ended. */
  #asked = false;
  #numbers = 0;

  constructor(start) {
    this.#start = start;
  }

  lanes() {
    const methods = this.#methods.size ? [...this.#methods] : ["card"];
    const used = new Set(["browser", "merchant", ...methods.flatMap((method) => METHODS[method].lanes)]);
    for (const { from, to } of this.rows) used.add(from).add(to);
    return LANES.filter((lane) => used.has(lane));
  }

  take(line) {
    if (line.kind === PAGE) this.#opens();
    else if (line.kind === "effect") this.#effect(line);
    else if (this.#calls.has(line.attempt)) this.#answer(line, this.#calls.get(line.attempt));
    else this.#event(line);
  }

  /** Another page: whatever the one before waited for, it waits no longer. */
  #opens() {
    for (const call of this.#calls.values()) call.state = "dropped";
    this.#calls.clear();
    this.#page += 1;
    this.#pageRow = this.rows.length;
  }

  #event({ step, method, at }) {
    if (step === "pay") this.#begins(method);
    if (step === "page_restored" && this.#challenge) this.#leaves(this.#challenge);
    if (step === "frame_returned") return this.#hears(at);
    if (!NOTES[step]) return;
    this.#note(NOTES[step], { at, method });
    if (step === "continue_challenge") this.#goes(at);
  }

  #begins(method) {
    if (METHODS[method]) this.#methods.add((this.#method = method));
    this.#challenge = null;
    this.#open = this.#asked = false;
  }

  #hears(at) {
    this.#returns();
    this.#put({ step: "frame_returned", from: "merchant", to: "browser", at });
  }

  #effect({ step, attempt, to, at, status, code }) {
    if (step === "leave") return this.#goes(at, "challenge_page");
    if (step === "settle") return this.#settles({ at, status, code });
    if (step === "warn") return this.#note(step, { at, code, state: "refused" });
    if (!STEPS[step] || !attempt) return;
    const call = this.#again(step) ?? this.#put({ id: this.#id(attempt), step, from: "browser", to, at, state: "running" });
    this.#calls.set(attempt, call);
  }

  /** Waiting for news goes on and on; it is drawn once, as long as there are none. */
  #again(step) {
    const last = this.rows.at(-1);
    if (step !== "await_change" || !last.answer || last.step !== step || last.state !== "ok") return null;
    const call = this.rows.findLast((each) => each.step === step && !each.answer);
    this.rows.pop();
    call.state = "running";
    return call;
  }

  #answer({ attempt, ended, at, ms, code, status, next }, call) {
    this.#calls.delete(attempt);
    call.state = ended;
    if (ended === "ok") this.#before(call.step, { status, next });
    this.#put({ id: `${call.id}.answer`, step: call.step, from: call.to, to: call.from, answer: true, state: ended, at, ms, code, status, next });
    if (ended === "ok") this.#after(call.step, { status, next, at });
  }

  #before(step, { status, next }) {
    const known = METHODS[this.#method];
    for (const each of BEFORE_ANSWER[step]?.(known) ?? []) this.#behind(each, "merchant", known.lanes[0]);
    if (step === "create_payment" && next === "otp") this.#behind("code_sent", ...known.lanes);
    const tells = step === "await_change" || step === "read_checkout";
    if (tells && this.#open && !this.#asked && ENDED.includes(status)) this.#returns();
  }

  /** The payer is done there, and the merchant server has asked how it ended. */
  #returns() {
    const known = METHODS[this.#method];
    const [provider, place] = known.lanes;
    const left = this.#challenge;
    // The page that left came back by it: it happened before this one was opened.
    const cameBack = left?.kind === "challenge_page" && left.page !== this.#page;
    const since = cameBack ? this.rows.splice(this.#pageRow) : [];
    if (left) this.#behind(left.kind === "qr_shown" ? "callback_apm" : known.returns, left.called ? provider : place, "merchant");
    this.#behind(known.asks, "merchant", provider);
    if (cameBack) this.#put({ step: "come_back", from: "merchant", to: "browser" });
    this.rows.push(...since);
    this.#asked = true;
    if (left) left.row.state = "ok";
  }

  #after(step, { status, next, at }) {
    if (status) this.#open = status === "pending";
    if (!this.#open) return;
    const there = this.#challenge;
    // Back without an end: whether to go on there is the shopper's to say.
    if (next === "redirect" && there && there.page !== this.#page) this.#leaves(there);
    if (step !== "create_payment") return;
    const [provider, place] = METHODS[this.#method].lanes;
    if (next === "redirect") this.#goes(at);
    if (next === "qr") this.#stays("qr_shown", { from: "browser", to: place, at, called: true });
    if (next === "wait") this.#stays("rings", { from: provider, to: place, behind: true, called: true });
  }

  /** Off to the bank or provider: in a frame, unless the whole page is seen to leave. */
  #goes(at, how) {
    const there = this.#challenge;
    if (how && there?.page === this.#page) {
      there.kind = there.row.step = how;
      return;
    }
    this.#stays(how ?? "challenge_frame", { from: "browser", to: METHODS[this.#method].lanes[1], at });
  }

  #stays(kind, { called = false, ...where }) {
    const row = this.#put({ step: kind, state: "running", ...where });
    this.#asked = false;
    this.#challenge = { kind, called, page: this.#page, row };
  }

  #leaves(there) {
    there.row.state = "dropped";
    this.#challenge = null;
  }

  #settles({ at, status, code }) {
    const failed = code || status === "failed" || status === "canceled";
    this.#note("settle", { at, status, code, state: failed ? "refused" : "ok" });
    if (this.#challenge?.row.state === "running") this.#challenge.row.state = "ok";
    this.#challenge = null;
    if (status === "paid") this.#behind("webhook", "merchant", "merchant");
  }

  #note(step, more) {
    return this.#put({ step, from: "browser", to: "browser", ...more });
  }

  #behind(step, from, to) {
    return this.#put({ step, from, to, behind: true });
  }

  #put(given) {
    const put = row({ id: this.#id(`n${(this.#numbers += 1)}`), ...given });
    if (given.at !== undefined) put.at = given.at - this.#start;
    this.rows.push(put);
    return put;
  }

  #id(name) {
    return `${this.#page}.${name}`;
  }
}

const row = (given) => ({ state: "ok", ...given });
