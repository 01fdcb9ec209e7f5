// kasa-checkout: the entry of the package. Loads the WebAssembly when `init` is
// first called (importing does nothing, on a server too) and makes promises,
// errors and events of what the core says. No decision about payments lives here.

import { Session, messageKeys } from "./kasa_checkout.js";
import { ABORTED, DESTROYED, KasaError, NOT_DELETED, NO_CODE, NO_TARGET, TRAPPED } from "./errors.js";
import { call, loaded, watchNoMore, watchOver } from "./instance.js";
import { fetchAhead, pageLanguage, readMessages, speech } from "./languages.js";
import { faultInListening, misuse, readOptions, readPayOptions } from "./misuse.js";

export { KasaError, isKasaError } from "./errors.js";

/**
 * Loads the component once, reads the checkout, and takes up a payment that is
 * already under way.
 */
export const init = async (options) => (await initIn(undefined, options)).opened;

/**
 * For the custom element: as `init`, with the drop-in standing in `place` while
 * the order is read, and saying there why it cannot be. `opened` is what `init` answers.
 */
export async function initIn(place, given) {
  if (typeof window === "undefined") {
    throw new KasaError({ code: "no_browser", message: "init works in a browser only; importing the package is safe anywhere." });
  }
  const { options, fault } = readOptions(given);
  if (fault) throw new KasaError(fault);
  const { signal } = options;
  const aborted = () => new KasaError(ABORTED, { cause: signal.reason });
  if (signal?.aborted) throw aborted();
  fetchAhead(options.locale);
  await loaded(options.wasm);
  if (signal?.aborted) throw aborted();
  const kasa = new Kasa(options, place);
  const abort = () => kasa._close(aborted());
  const settled = () => signal?.removeEventListener("abort", abort);
  signal?.addEventListener("abort", abort);
  kasa._opened.then(settled, settled);
  return { kasa, opened: kasa._opened };
}

/** Null too where it is no selector at all. */
function found(selector) {
  try {
    return document.querySelector(selector);
  } catch {
    return null;
  }
}

/** A proxy of one, or what only inherits from one, can have nothing put into it. */
function isElement(value) {
  try {
    return value instanceof Element && typeof Element.prototype.hasAttributes.call(value) === "boolean";
  } catch {
    return false;
  }
}

function deferred() {
  let resolve, reject;
  const promise = new Promise((...given) => ([resolve, reject] = given));
  // Whoever awaits it hears of a rejection; nobody else has to.
  promise.catch(() => {});
  return { promise, resolve, reject };
}

const NO_ANSWERS = { __proto__: null };

class Kasa {
  _listeners = new Map();
  _payment = undefined;
  _token = undefined;
  _last = undefined;
  _opening = deferred();
  /** What the caller of `pay` answers by itself. */
  _answers = NO_ANSWERS;
  /** Who waits for something that is looked up. */
  _lookers = new Set();
  /** When each call under way was made, by attempt. */
  _asked = new Map();

  /** `place`: where the drop-in stands from the start. */
  constructor(options, place) {
    const keys = call(messageKeys).trim().split(" ");
    const { messages, fault } = readMessages(options.messages, keys);
    if (fault) throw new KasaError({ code: "invalid_options", message: fault });
    this._session = call(() => new Session(options, (kind, payload) => this._hear(kind, payload)));
    this._speech = (locale) => speech(options.locale || locale, messages, keys);
    this._opened = this._opening.promise;
    this._place = place;
    watchOver(this);
    call(() => this._session.open());
    if (place) this._speak(pageLanguage());
  }

  /** Puts the drop-in into an element, given itself or by selector. */
  mount(target) {
    const element = typeof target === "string" ? found(target) : target;
    if (!isElement(element)) throw new KasaError(typeof target === "string" ? NO_TARGET : misuse("target", "an Element, or a selector that finds one", target));
    const session = this._live();
    this._place = element;
    call(() => session.mount(element));
  }

  unmount() {
    if (this._session) call(() => this._session.unmount());
  }

  destroy() {
    this._close(new KasaError(DESTROYED));
  }

  /** One payment at a time: a call while one runs answers with the same promise. */
  pay(request, given) {
    const { signal, onOtp, onWait, fault } = readPayOptions(given);
    if (fault) return Promise.reject(new KasaError(fault));
    if (signal?.aborted) return Promise.reject(new KasaError(ABORTED, { cause: signal.reason }));
    if (!this._payment) {
      try {
        const session = this._live();
        if (!session.paying) {
          this._answers = { onOtp, onWait };
          call(() => session.pay(request));
        }
      } catch (error) {
        return Promise.reject(error);
      }
    }
    const promise = this._promise();
    if (signal) {
      const abort = () => this.cancel();
      signal.addEventListener("abort", abort, { __proto__: null, once: true });
      const settled = () => signal.removeEventListener("abort", abort);
      promise.then(settled, settled);
    }
    return promise;
  }

  /** Cancels the payment under way where that is still possible; `pay` tells the outcome. */
  cancel() {
    if (this._session) call(() => this._session.cancel());
  }

  /** Goes on at the bank with a payment that was taken up after a reload. */
  continue() {
    const session = this._live();
    call(() => session.continueChallenge());
  }

  /** Hands on the one-time code that the payer typed (action `otp`). */
  confirm(code) {
    const session = this._live();
    if (typeof code !== "string" || !code.trim()) throw new KasaError(misuse("code", "the text that the payer typed", code));
    if (!call(() => session.confirm(code))) throw new KasaError(NO_CODE);
  }

  /** Asks for another one-time code, where `resendAt` of the action allows it. */
  resend() {
    const session = this._live();
    if (!call(() => session.resend())) throw new KasaError(NO_CODE);
  }

  /** What this order may be paid with. */
  get methods() {
    return this._live().methods;
  }

  /** The cards kept for this order's customer; empty where there are none. */
  async cards() {
    if (!this._live().methods.some(({ type }) => type === "saved_card")) return [];
    return (await this._looked(({ cards }) => cards)).cards;
  }

  /** Forgets a card kept for this customer. */
  async deleteCard(id) {
    if (typeof id !== "string" || !id) throw new KasaError(misuse("id", "the id of a saved card; see `kasa.cards()`", id));
    await this.cards();
    const session = this._live();
    // None is kept for this order's customer.
    if (!session.lookup.cards) return;
    call(() => session.deleteCard(id));
    const { cards } = await this._looked(({ cards, deleting }) => cards && !deleting);
    if (cards.some((card) => card.id === id)) throw new KasaError(NOT_DELETED);
  }

  /** What the first six to eight digits of a card tell, and the installments it may be paid in; null where nothing is known. */
  async installments(digits) {
    const bin = (["string", "number"].includes(typeof digits) ? String(digits) : "").replace(/\D/g, "").slice(0, 8);
    if (bin.length < 6) throw new KasaError(misuse("digits", "a text with the first six to eight digits of a card", digits));
    const session = this._live();
    call(() => session.lookUpBin(bin));
    const entry = ({ bins }) => bins.find((each) => each.bin === bin);
    // Without an entry it was not asked about: before the order is read, say.
    const known = await this._looked((now) => !entry(now) || entry(now).plans !== undefined);
    return entry(known)?.plans ?? null;
  }

  /** Waits until what is looked up is as wanted. */
  _looked(enough) {
    const known = this._live().lookup;
    if (enough(known)) return Promise.resolve(known);
    return new Promise((settle, fail) => {
      const waiting = { settle: (now) => enough(now) && (this._lookers.delete(waiting), settle(now)), fail };
      this._lookers.add(waiting);
    });
  }

  /** A card token for the shop's server, without a payment. */
  tokenize(card) {
    if (this._token) return this._token.promise;
    try {
      const session = this._live();
      call(() => session.tokenize(card));
    } catch (error) {
      return Promise.reject(error);
    }
    this._token = deferred();
    return this._token.promise;
  }

  /** The result of the payment under way or just returned from the bank; null when there is none. */
  async resume() {
    if (this._live().paying) return this._promise();
    return this._last ?? null;
  }

  /** Listens; answers the function that stops it. */
  on(type, listener) {
    const fault = faultInListening(type, listener);
    if (fault) throw new KasaError(fault);
    const listeners = this._listeners.get(type) ?? new Set();
    this._listeners.set(type, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  /** Settles the language, which may be the order's own; the last one asked for stays. */
  async _speak(locale) {
    const asked = (this._asking = this._speech(locale));
    const language = await asked;
    if (!this._session || asked !== this._asking || language === this._language) return;
    this._language = language;
    call(() => this._session.speak(language));
    if (this._place) this.mount(this._place);
  }

  _live() {
    if (!this._session) throw new KasaError(DESTROYED);
    return this._session;
  }

  _promise() {
    this._payment ??= deferred();
    return this._payment.promise;
  }

  _hear(kind, payload) {
    switch (kind) {
      case "opened":
        return this._speak(this._session.locale).then(() => this._opening.resolve(this), this._opening.reject);
      case "closed": {
        const error = new KasaError(payload);
        this._opening.reject(error);
        // What stands in the page says why, and is for its owner to take away.
        return this._place ? undefined : queueMicrotask(() => this.destroy());
      }
      case "settled":
        return this._settled(payload);
      case "token": {
        const token = this._token;
        this._token = undefined;
        return payload.error ? token?.reject(new KasaError(payload.error)) : token?.resolve({ token: payload.token });
      }
      case "lookup":
        return [...this._lookers].forEach((each) => each.settle(payload));
      case "action":
        this._answer(payload);
        return this._tell(kind, payload);
      case "warn":
        return this._tell("error", new KasaError(payload));
      case "trace":
        return this._trace(payload);
      default:
        return this._tell(kind, payload);
    }
  }

  /** Lets the headless caller answer what the drop-in would. */
  _answer(action) {
    const { onOtp, onWait } = this._answers;
    if (action.type === "qr" || action.type === "wait") setTimeout(() => onWait?.(action));
    if (action.type !== "otp" || !onOtp) return;
    new Promise((settle) => setTimeout(settle))
      .then(() => onOtp(action))
      // Where the payment has ended meanwhile, the code is of no use, and nobody's fault.
      .then((code) => (code == null ? undefined : this._session && call(() => this._session.confirm(String(code)))))
      .catch((error) => {
        reportError(error);
        this.cancel();
      });
  }

  /** The core knows no time; it is added here. */
  _trace(line) {
    const { kind, attempt } = line;
    line.at = Math.round(performance.timeOrigin + performance.now());
    if (attempt && kind === "effect") this._asked.set(attempt, line.at);
    if (attempt && kind === "event") {
      line.ms = line.at - this._asked.get(attempt);
      this._asked.delete(attempt);
    }
    this._tell("trace", line);
  }

  _settled({ result, error }) {
    const payment = this._payment;
    this._payment = undefined;
    this._answers = NO_ANSWERS;
    if (error) {
      const kasaError = new KasaError(error);
      payment?.reject(kasaError);
      return this._tell("error", kasaError);
    }
    this._last = result;
    payment?.resolve(result);
    this._tell("result", result);
  }

  /** Listeners are told after `init` and after the call that led here, so that a
   *  result that `init` itself brings is heard by whoever listens right after it. */
  _tell(type, payload) {
    const tell = () => {
      for (const listener of [...(this._listeners.get(type) ?? [])]) {
        try {
          listener(payload);
        } catch (error) {
          reportError(error);
        }
      }
    };
    this._opened.then(() => setTimeout(tell), () => {});
  }

  /** Takes everything away; whatever is still awaited hears of `error`. */
  _close(error) {
    const session = this._session;
    if (!session) return;
    this._end(error);
    call(() => session.destroy());
    session.free();
  }

  _end(error) {
    this._session = undefined;
    watchNoMore(this);
    this._opening.reject(error);
    this._payment?.reject(error);
    this._token?.reject(error);
    this._lookers.forEach((each) => each.fail(error));
    this._lookers.clear();
    this._payment = this._token = undefined;
  }

  /** True where a trap has cut an event short. */
  _stuck() {
    try {
      return this._session.busy;
    } catch {
      return true;
    }
  }

  /** The instance can take nothing away any more. */
  _trapped(cause) {
    const error = new KasaError(TRAPPED, { cause });
    this._tell("error", error);
    this._end(error);
    this._place?.querySelectorAll(":scope > kasa-drop-in").forEach((each) => each.remove());
    document.querySelectorAll("body > kasa-challenge").forEach((each) => each.remove());
  }
}
