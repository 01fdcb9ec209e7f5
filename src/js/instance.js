// The one instance of the WebAssembly that a page has: loaded once, called, and
// put aside for a fresh one when it has failed inside. Knows who must hear of
// that, and nothing of payments.

import load, { listenUntil, restart } from "./kasa_checkout.js";
import { KasaError, asKasaError, isKasaError, loadFailure } from "./errors.js";

/** Calls into the wasm; what it throws becomes a KasaError. */
export const call = (run) => {
  try {
    return run();
  } catch (error) {
    if (isTrap(error)) startAnew(error);
    throw asKasaError(error);
  }
};

let loading;
/** Ends the listeners that an instance has on the page. */
let life;
const alive = new Set();

/** Loads it once; a load that failed is tried again by the next call. */
export function loaded(wasm) {
  loading ??= load(wasm == null ? undefined : { module_or_path: wasm }).then(begin, (error) => {
    loading = undefined;
    throw new KasaError(loadFailure(error), { cause: error });
  });
  return loading;
}

function begin() {
  life = new AbortController();
  listenUntil(life.signal);
}

/** What the wasm does not say in its own words, but the browser, or the glue: it failed in the midst of something. */
const isTrap = (error) => error instanceof Error && !isKasaError(error) && !(error instanceof DOMException);

const WATCHED = ["error", "unhandledrejection"];

/** What the browser calls in the wasm throws to nobody but the window. */
const watch = ({ error, reason }) =>
  // Once nothing runs any more: a session in the midst of an event will be so for ever.
  setTimeout(() => [...alive].some((kasa) => kasa._stuck()) && startAnew(error ?? reason));

/** Until `watchNoMore`, `kasa` hears of a trap by `_trapped`. */
export function watchOver(kasa) {
  if (!alive.size) WATCHED.forEach((type) => window.addEventListener(type, watch));
  alive.add(kasa);
}

export function watchNoMore(kasa) {
  alive.delete(kasa);
  if (!alive.size) WATCHED.forEach((type) => window.removeEventListener(type, watch));
}

/** Ends all that the instance held, and goes on with a fresh one. */
function startAnew(cause) {
  life.abort();
  alive.forEach((kasa) => kasa._trapped(cause));
  restart();
  begin();
}
