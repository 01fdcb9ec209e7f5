// What can go wrong: each code, what it means, and what to do. The table of docs/errors.md is made from this one.

import type { PayerField } from "./requests.js";

/**
 * Whatever a call of this package throws, or rejects with. What a payment can become is no error: that is a
 * `PaymentResult`.
 *
 * @example
 * ```ts
 * try {
 *   await kasa.pay({ method: "card", card });
 * } catch (error) {
 *   if (!isKasaError(error)) throw error;
 *   if (error.code === "invalid_card") console.log(error.fields?.number); // "missing", "invalid"
 *   else if (error.retryable) console.log("Once more?");
 *   else console.error(error.code, error.message);
 * }
 * ```
 */
export class KasaError extends Error {
  private constructor();
  readonly name: "KasaError";
  /** Stable; each is described in {@link KasaErrorTable}. */
  readonly code: KasaErrorCode;
  /** For the shop's developer: what happened, and what to look at. Never holds card data. */
  readonly message: string;
  /** The same call may succeed later with nothing changed. */
  readonly retryable: boolean;
  /** With `invalid_card` and `invalid_payer`: what is wrong, by field. */
  readonly fields?: FieldFaults;
}

/** What is wrong, by field; a field that is right is not there. */
export type FieldFaults = { readonly [field in CardField | PayerField]?: FieldFault };

/** A field of a card. */
export type CardField = "number" | "expiry" | "cvc" | "holder" | "firstDigits" | "lastDigits";

/** `expired`: of an expiry that is over. */
export type FieldFault = "missing" | "invalid" | "expired";

/**
 * True for a `KasaError`, from another copy of this package too, where `instanceof` is not.
 *
 * @example
 * ```ts
 * const code = await init({ merchant: "https://pay.shop.example" }).then(
 *   () => undefined,
 *   (error: unknown) => (isKasaError(error) ? error.code : "unknown"),
 * );
 * ```
 */
export function isKasaError(error: unknown): error is KasaError;

/** The code of a `KasaError`. */
export type KasaErrorCode = keyof KasaErrorTable;

/** What is true of a code. */
export interface KasaErrorFacts {
  /** Whose turn it is. `kasa`: please tell us. */
  turn: "shopper" | "shop" | "provider" | "kasa" | "nobody";
  /**
   * Money may be moving, or have moved, of which this page knows no end: look what became of the payment (`kasa.resume()`,
   * a new `init`, `GET /v1/orders/{reference}`) before anybody pays again.
   */
  moneyInDoubt: boolean;
  /** The same call may succeed later with nothing changed. `boolean`: the error itself says. */
  retryable: boolean;
  /** The calls that it can come from. */
  from: KasaCall;
}

/** A call that can fail; `error`: told by that event alone. */
export type KasaCall =
  | "init"
  | "mount"
  | "pay"
  | "tokenize"
  | "cards"
  | "deleteCard"
  | "installments"
  | "confirm"
  | "resend"
  | "continue"
  | "methods"
  | "resume"
  | "on"
  | "error";

/**
 * The codes of which something may be true.
 *
 * @example
 * ```ts
 * const forTheShopper: KasaErrorCodeWhere<{ turn: "shopper"; from: "pay" }>[] = ["invalid_card", "card_refused"];
 * ```
 */
export type KasaErrorCodeWhere<Facts extends Partial<KasaErrorFacts>> = {
  [Code in KasaErrorCode]: false extends { [Fact in keyof Facts]: MayBe<KasaErrorTable[Code][Fact & keyof KasaErrorFacts], Facts[Fact]> }[keyof Facts]
    ? never
    : Code;
}[KasaErrorCode];

export {};

/** Whether two facts can both be true. */
type MayBe<A, B> = [A & B] extends [never] ? false : true;

/** Each code: what happened, then what to do. */
export interface KasaErrorTable {
  /**
   * A call does not fit; the message names what is wrong, what was given and what is expected.
   *
   * Change the call.
   */
  invalid_options: { turn: "shop"; moneyInDoubt: false; retryable: false; from: KasaCall };
  /**
   * The card's data are incomplete or wrong; `fields` says where. Nothing was sent.
   *
   * Show it at the fields, and let the shopper correct it.
   */
  invalid_card: { turn: "shopper"; moneyInDoubt: false; retryable: false; from: "pay" | "tokenize" };
  /**
   * What the method asks of its payer is incomplete or wrong; `fields` says where. Nothing was sent.
   *
   * Show it at the fields, and let the shopper correct it.
   */
  invalid_payer: { turn: "shopper"; moneyInDoubt: false; retryable: false; from: "pay" };
  /**
   * This order cannot be paid by that method, connection, kind or terminal. Nothing was sent.
   *
   * Offer what `kasa.methods` has.
   */
  method_not_allowed: { turn: "shop"; moneyInDoubt: false; retryable: false; from: "pay" };
  /**
   * A payment or tokenisation is under way, here or on another page, or the last one's outcome is not known yet. This call sent nothing.
   *
   * Wait for `kasa.resume()`, or call `init` anew, which takes the payment up.
   */
  busy: { turn: "shop"; moneyInDoubt: true; retryable: true; from: "pay" | "tokenize" };
  /**
   * The order is paid. This call sent nothing.
   *
   * Say thanks, once your back end has read the order.
   */
  already_paid: { turn: "nobody"; moneyInDoubt: false; retryable: false; from: "pay" | "tokenize" };
  /**
   * The merchant server knows no checkout of this id.
   *
   * Create the order first (`POST /v1/orders`), at the same merchant server, and pass on its `checkout`.
   */
  checkout_not_found: { turn: "shop"; moneyInDoubt: false; retryable: false; from: "init" | "pay" | "tokenize" };
  /**
   * The time of this checkout is over, and it was not paid.
   *
   * Create the order anew.
   */
  checkout_expired: { turn: "shop"; moneyInDoubt: false; retryable: false; from: "init" | "pay" | "tokenize" };
  /**
   * Too many tries for this checkout; the merchant server accepts no more. Nothing was sent to a provider.
   *
   * Create the order anew, unless somebody is trying out cards.
   */
  too_many_attempts: { turn: "shop"; moneyInDoubt: false; retryable: false; from: "pay" | "tokenize" };
  /**
   * Too many tries of this shopper, or from this address, in a short time. Nothing was sent to a provider.
   *
   * Let the shopper try again later; if many see it, look at the merchant server's limits (`KASA_LIMIT_…`).
   */
  try_later: { turn: "shopper"; moneyInDoubt: false; retryable: true; from: "pay" | "tokenize" };
  /**
   * The merchant server cannot be reached. No payment was asked for.
   *
   * Check the `merchant` address, that the server runs, that it allows the page's origin (`KASA_SHOP_ORIGINS`), and the
   * page's `connect-src`. A shopper without a network sees this too.
   */
  merchant_unreachable: { turn: "shop"; moneyInDoubt: false; retryable: true; from: "init" | "pay" | "tokenize" };
  /**
   * The merchant server did not answer in time. No payment was asked for.
   *
   * Try again; look how the merchant server and its database are doing.
   */
  merchant_timeout: { turn: "shop"; moneyInDoubt: false; retryable: true; from: "init" | "pay" | "tokenize" };
  /**
   * What answers at the `merchant` address does not speak the merchant API, version 1.
   *
   * Check the address, and what a proxy between makes of the answers.
   */
  merchant_answer_invalid: { turn: "shop"; moneyInDoubt: false; retryable: false; from: "init" | "pay" | "tokenize" };
  /**
   * The merchant server refused, with a code of its own that stands in the message; or a saved card could not be deleted.
   *
   * Look into the merchant server's log; is it of this package's version?
   */
  merchant_refused: { turn: "shop"; moneyInDoubt: false; retryable: boolean; from: "init" | "pay" | "tokenize" | "deleteCard" };
  /**
   * The merchant server cannot reach its provider, or the provider refused its keys. Nothing was charged.
   *
   * Try again; if it stays, check the merchant server's keys and its way to the provider.
   */
  provider_unavailable: { turn: "provider"; moneyInDoubt: false; retryable: true; from: "pay" | "tokenize" };
  /**
   * PayWall cannot be reached from this page. Nothing was charged.
   *
   * Let the shopper try again; if nobody gets through, check that `connect-src` names PayWall's PaymentAPI.
   */
  paywall_unreachable: { turn: "shopper"; moneyInDoubt: false; retryable: true; from: "pay" | "tokenize" };
  /**
   * PayWall did not answer in time. Nothing was charged.
   *
   * Let the shopper try again.
   */
  paywall_timeout: { turn: "provider"; moneyInDoubt: false; retryable: true; from: "pay" | "tokenize" };
  /**
   * PayWall's answer could not be read. Nothing was charged.
   *
   * Let the shopper try again.
   */
  paywall_answer_invalid: { turn: "provider"; moneyInDoubt: false; retryable: true; from: "pay" | "tokenize" };
  /**
   * PayWall refused two fresh TempTokens. Nothing was charged.
   *
   * Check the merchant server's clock and keys.
   */
  temp_token_refused: { turn: "shop"; moneyInDoubt: false; retryable: true; from: "pay" | "tokenize" };
  /**
   * The merchant server names a PaymentAPI that is not PayWall's; card data go nowhere else. Nothing was charged.
   *
   * Check the merchant server's `KASA_PAYWALL_PAYMENT_API`; if its host is right, add it to `redirectHosts`.
   */
  payment_api_refused: { turn: "shop"; moneyInDoubt: false; retryable: false; from: "pay" | "tokenize" };
  /**
   * This saved card is not there any more; its ids are good for one checkout only. Nothing was charged.
   *
   * Show `kasa.cards()` anew, and let the shopper take another card.
   */
  card_not_found: { turn: "shopper"; moneyInDoubt: false; retryable: false; from: "pay" };
  /**
   * PayWall would not take this card's data. Nothing was charged.
   *
   * Let the shopper correct them, or take another card.
   */
  card_refused: { turn: "shopper"; moneyInDoubt: false; retryable: false; from: "pay" | "tokenize" };
  /**
   * The bank's or provider's page is on a host that is not allowed; the payment is being canceled.
   *
   * If the host is right, add it to `redirectHosts`.
   */
  redirect_refused: { turn: "shop"; moneyInDoubt: false; retryable: false; from: "error" };
  /**
   * The page's Content-Security-Policy keeps the bank's page out of the frame; the whole page goes there instead.
   *
   * Name the hosts of PayWall, the banks and the merchant server in `frame-src`, or leave out `challenge: "frame"`.
   */
  frame_blocked: { turn: "shop"; moneyInDoubt: false; retryable: false; from: "error" };
  /**
   * The page's Content-Security-Policy does not let a form go to the bank's or provider's page. The payment waits, and may be canceled.
   *
   * Name PayWall's and the hosted pages' hosts in `form-action`.
   */
  redirect_blocked: { turn: "shop"; moneyInDoubt: false; retryable: false; from: "error" };
  /**
   * Cancelled, by the page or the shopper, before a payment was asked for.
   *
   * Nothing; or the same call again.
   */
  aborted: { turn: "nobody"; moneyInDoubt: false; retryable: true; from: "init" | "pay" | "tokenize" };
  /**
   * This `Kasa` was destroyed. A payment that was under way goes on without this page.
   *
   * Call `init` again: it takes the payment up.
   */
  destroyed: { turn: "nobody"; moneyInDoubt: true; retryable: false; from: KasaCall };
  /**
   * The page's Content-Security-Policy blocks WebAssembly.
   *
   * Add `'wasm-unsafe-eval'` to `script-src`.
   */
  wasm_blocked: { turn: "shop"; moneyInDoubt: false; retryable: false; from: "init" };
  /**
   * The file `kasa_checkout_bg.wasm` could not be loaded.
   *
   * Check that it is served beside the script (after esbuild or Rollup: copy it there), and that `connect-src` allows it;
   * or name its place by the option `wasm`.
   */
  wasm_unreachable: { turn: "shop"; moneyInDoubt: false; retryable: true; from: "init" };
  /**
   * This browser has no WebAssembly, or it is switched off.
   *
   * Let the shopper take another browser.
   */
  wasm_unsupported: { turn: "shopper"; moneyInDoubt: false; retryable: false; from: "init" };
  /**
   * `init` was called where there is no page, on a server for example.
   *
   * Call `init` in the browser; importing the package is safe anywhere.
   */
  no_browser: { turn: "shop"; moneyInDoubt: false; retryable: false; from: "init" };
  /**
   * The component failed inside. A payment may be under way.
   *
   * Ask the merchant server what became of the payment, or call `init` again, which takes it up; and please tell us.
   */
  internal: { turn: "kasa"; moneyInDoubt: true; retryable: false; from: KasaCall };
}
