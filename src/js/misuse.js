// What a call was given that it cannot take, for what never reaches the wasm.
// Says what is wrong, what was given and what is expected; quotes nothing, for
// it could be a card's.

import { said } from "./errors.js";

const kind = (value) =>
  value === undefined ? "not given" : value === null ? "null" : isArray(value) ? "an array" : typeof value === "object" ? "an object" : `a ${typeof value}`;

/** Nor is one a proxy that was revoked, which throws at the question. */
function isArray(value) {
  try {
    return Array.isArray(value);
  } catch {
    return false;
  }
}

/** What a `KasaError` is made of. */
export const misuse = (name, expected, given) => ({ code: "invalid_options", message: `\`${name}\` must be ${expected}; it is ${kind(given)}.` });

const isSignal = (value) => value == null || (typeof value.addEventListener === "function" && typeof value.aborted === "boolean");
const isCallback = (value) => value == null || typeof value === "function";
/** Of all that a bundler may hand over for a file, none is a plain object or a list. */
const isFile = (value) =>
  value == null || typeof value === "string" || (typeof value === "object" && !Array.isArray(value) && ![Object.prototype, null].includes(Object.getPrototypeOf(value)));

const OPTIONS = ["merchant", "checkout", "locale", "messages", "challenge", "redirectHosts", "signal", "wasm"];
const PAY_OPTIONS = ["signal", "onOtp", "onWait"];

const readAll = (given, names) => Object.fromEntries(names.map((name) => [name, said(given ?? {}, name)]));

/** No list that is meant is longer. */
const HOSTS_MAX = 1_000;
/** Its entries, read once. */
const listed = (list) => (Array.isArray(list) ? Array.from({ length: Math.min(list.length, HOSTS_MAX) }, (_, place) => list[place]) : list);

/** Each option of `init`, read once. */
export function readOptions(given) {
  try {
    const options = readAll(given, OPTIONS);
    options.redirectHosts = listed(options.redirectHosts);
    const { signal, wasm } = options;
    const fault =
      (!isSignal(signal) && misuse("signal", "an AbortSignal", signal)) ||
      (!isFile(wasm) && misuse("wasm", "the address of the .wasm, a response with it, its bytes or the module", wasm));
    return { options, fault };
  } catch {
    return { fault: { code: "invalid_options", message: "The options of `init` cannot be read: one of them throws." } };
  }
}

/** What `pay` takes beside the request, read once. */
export function readPayOptions(given) {
  try {
    const { signal, onOtp, onWait } = readAll(given, PAY_OPTIONS);
    const fault =
      (!isSignal(signal) && misuse("signal", "an AbortSignal", signal)) ||
      (!isCallback(onOtp) && misuse("onOtp", "a function that answers with the code", onOtp)) ||
      (!isCallback(onWait) && misuse("onWait", "a function", onWait));
    return { signal, onOtp, onWait, fault };
  } catch {
    return { fault: { code: "invalid_options", message: "The options of `pay` cannot be read: one of them throws." } };
  }
}

const EVENTS = ["change", "action", "result", "error", "trace"];

/** What is wrong with the arguments of `on`, if anything is. */
export const faultInListening = (type, listener) =>
  (!EVENTS.includes(type) && misuse("type", `one of the events ${EVENTS.map((each) => `"${each}"`).join(", ")}`, type)) ||
  (typeof listener !== "function" && misuse("listener", "a function", listener));
