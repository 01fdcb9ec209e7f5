/**
 * kasa-checkout: takes payments in web shops in Turkey.
 *
 * ```ts
 * import { init } from "kasa-checkout";
 *
 * const kasa = await init({ merchant: "https://pay.shop.example", checkout: "co_…" });
 * kasa.mount("#checkout");
 * kasa.on("result", (result) => console.log(result.status));
 * ```
 *
 * @packageDocumentation
 */

/** Loads the component once, reads the checkout, takes up a payment already under way. */
export function init(options: InitOptions): Promise<Kasa>;

export interface InitOptions {
  /** Base address of your merchant server. */
  merchant: string;
  /** The id that `POST /v1/orders` answered. Left out: taken from the page's address (`?kasa_checkout=…`), as after a return from the bank. */
  checkout?: string;
  /** BCP 47; `tr` and `en` are built in. Left out: the order's. */
  locale?: string;
  /** The bank's page takes the whole page (default), or stands in a frame of it. */
  challenge?: "redirect" | "frame";
  /** Further hosts that the shopper may be sent to; a name allows what is below it too. PayWall's and the merchant server's are known. */
  redirectHosts?: readonly string[];
  /** Where the `.wasm` is, if your bundler does not know. */
  wasm?: string | URL | Request | Response | Promise<Response> | BufferSource | WebAssembly.Module;
}

export interface Kasa {
  /** Puts the drop-in into an element, away from where it was before. */
  mount(target: string | Element): void;
  /** Takes the drop-in away; a payment under way goes on. */
  unmount(): void;
  /** Ends everything; promises still open reject with code `destroyed`. */
  destroy(): void;
  /**
   * Pays. Resolves with every outcome a payment can have; rejects with a
   * `KasaError` only where nothing was sent. While a payment runs, every call
   * answers with that payment's promise.
   */
  pay(request: PayRequest, options?: { signal?: AbortSignal }): Promise<PaymentResult>;
  /** Cancels the payment under way where that is still possible; `pay` tells the outcome. */
  cancel(): void;
  /** Goes on at the bank with a payment taken up after a reload (action `held`). */
  continue(): void;
  /** A PayWall card token for your server, without a payment. */
  tokenize(card: Card): Promise<CardToken>;
  /** The result of the payment under way, or of the one just returned from the bank; null when there is none. */
  resume(): Promise<PaymentResult | null>;
  /** Listens; answers the function that stops it. */
  on<T extends keyof KasaEvents>(type: T, listener: (event: KasaEvents[T]) => void): () => void;
}

export type PayRequest = CardPayRequest;

export interface CardPayRequest {
  method: "card";
  card: Card;
  /** 1 to 36; 1, the default, is a single payment. */
  installments?: number;
}

export type Card = CardBase & ({ expiryMonth: number | string; expiryYear: number | string } | { /** `MM/YY` */ expiry: string });

interface CardBase {
  /** 12 to 19 digits; blanks, dots and dashes may stand between them. */
  number: string;
  /** 3 or 4 digits. */
  cvc: string;
  holder: string;
}

export interface CardToken {
  token: string;
}

/** How a payment ended. `pending`: not known yet; never ask the shopper to pay again, the merchant server finds out. */
export type PaymentResult =
  | (PaymentDetails & { status: "paid" })
  | (PaymentDetails & { status: "failed" | "canceled"; error?: PaymentError })
  | (Partial<PaymentDetails> & { status: "pending" });

export interface PaymentDetails {
  /** The payment's id at the merchant server. */
  payment: string;
  method: "card";
  card?: { masked: string };
  installments?: number;
}

export interface PaymentError {
  code: string;
  /** The provider's own words. */
  message?: string;
}

export interface KasaEvents {
  change: { phase: "opening" | "ready" | "busy" | "waiting" | "done" | "closed" };
  /** What the shopper is to do now: at the bank by `redirect` or in the `frame`; `held`: a payment was taken up, call `continue()` or `cancel()`. */
  action: { type: "redirect" | "frame" | "held" };
  result: PaymentResult;
  error: KasaError;
  /** Each step, without any data: for logs and teaching. */
  trace: { kind: "event" | "effect"; step: string; attempt: number };
}

export class KasaError extends Error {
  private constructor();
  readonly name: "KasaError";
  readonly code: KasaErrorCode;
  /** The same call may succeed later with nothing changed. */
  readonly retryable: boolean;
  /** With `invalid_card`: what is wrong, by field. */
  readonly fields?: Partial<Record<"number" | "expiry" | "cvc" | "holder", "missing" | "invalid" | "expired">>;
}

/** True for a `KasaError`, from another copy of this package too. */
export function isKasaError(error: unknown): error is KasaError;

export type KasaErrorCode =
  | "invalid_options"
  | "invalid_card"
  | "method_not_allowed"
  | "busy"
  | "already_paid"
  | "checkout_not_found"
  | "checkout_expired"
  | "too_many_attempts"
  | "merchant_unreachable"
  | "merchant_timeout"
  | "merchant_answer_invalid"
  | "merchant_refused"
  | "provider_unavailable"
  | "paywall_unreachable"
  | "paywall_timeout"
  | "paywall_answer_invalid"
  | "temp_token_refused"
  | "card_refused"
  | "redirect_refused"
  | "aborted"
  | "destroyed"
  | "wasm_blocked"
  | "wasm_unreachable"
  | "wasm_unsupported"
  | "no_browser"
  | "internal";
