// What a call was given that it cannot take, for what never reaches the wasm.
// Says what is wrong, what was given and what is expected; quotes nothing, for
// it could be a card's.

const kind = (value) =>
  value === undefined ? "not given" : value === null ? "null" : Array.isArray(value) ? "an array" : typeof value === "object" ? "an object" : `a ${typeof value}`;

/** What a `KasaError` is made of. */
export const misuse = (name, expected, given) => ({ code: "invalid_options", message: `\`${name}\` must be ${expected}; it is ${kind(given)}.` });

const isSignal = (value) => value == null || (typeof value.addEventListener === "function" && typeof value.aborted === "boolean");
const isCallback = (value) => value == null || typeof value === "function";
/** Of all that a bundler may hand over for a file, none is a plain object or a list. */
const isFile = (value) =>
  value == null || typeof value === "string" || (typeof value === "object" && !Array.isArray(value) && ![Object.prototype, null].includes(Object.getPrototypeOf(value)));

/** Each option of `init`, read once. */
export function readOptions(given) {
  try {
    const { merchant, checkout, locale, messages, challenge, redirectHosts, signal, wasm } = given ?? {};
    const fault =
      (!isSignal(signal) && misuse("signal", "an AbortSignal", signal)) ||
      (!isFile(wasm) && misuse("wasm", "the address of the .wasm, a response with it, its bytes or the module", wasm));
    return { options: { merchant, checkout, locale, messages, challenge, redirectHosts, signal, wasm }, fault };
  } catch {
    return { fault: { code: "invalid_options", message: "The options of `init` cannot be read: one of them throws." } };
  }
}

/** What `pay` takes beside the request, read once. */
export function readPayOptions(given) {
  try {
    const { signal, onOtp, onWait } = given ?? {};
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
