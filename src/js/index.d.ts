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
  /** BCP 47: `tr`, `en`, `de`, `ru`, `ar`, or one of your `messages`; anything else is shown in English. Left out: the order's. */
  locale?: string;
  /** Your own words over those of a language, or a language of your own. */
  messages?: Messages;
  /** The bank's page takes the whole page (default), or stands in a frame of it. */
  challenge?: "redirect" | "frame";
  /** Further hosts that the shopper may be sent to; a name allows what is below it too. PayWall's and the merchant server's are known. */
  redirectHosts?: readonly string[];
  /** Gives up opening: `init` rejects with `aborted`. Once it is open, `destroy` ends it. */
  signal?: AbortSignal;
  /** Where the `.wasm` is, if your bundler does not know. */
  wasm?: string | URL | Request | Response | Promise<Response> | BufferSource | WebAssembly.Module;
}

/** Your own words, by language (BCP 47): any of a known one, or a whole language of your own, which English fills up. */
export type Messages = { readonly [language: string]: Partial<Language> };

/** The texts of one language. `{}` stands for the one value of a text: an amount, a count, a name. */
export type Language = { readonly [key in Exclude<MessageKey, CountingKey>]: string } & {
  readonly [key in CountingKey]: string | PluralForms;
};

/** A text for each plural category of the language that wants its own, and `other`. */
export type PluralForms = { readonly other: string } & { readonly [category in Intl.LDMLPluralRule]?: string };

/** Texts that count something. */
export type CountingKey = "code_attempts" | "code_seconds" | "plan" | "resend_wait";

/** What the drop-in says. A key may go away with a new major version only. */
export type MessageKey =
  | CountingKey
  | "number" | "expiry" | "expiry_hint" | "cvc" | "cvc_hint" | "cvc_hint_amex" | "holder" | "number_missing" | "number_invalid"
  | "number_unlikely" | "expiry_missing" | "expiry_invalid" | "expiry_past" | "cvc_missing" | "cvc_invalid"
  | "holder_missing" | "holder_invalid" | "check_fields" | "pay" | "secure" | "opening" | "tokenizing" | "creating" | "checking"
  | "leaving" | "at_bank" | "held" | "confirming" | "canceling" | "still_busy" | "continue_at_bank" | "cancel" | "challenge_title"
  | "challenge_close" | "challenge_slow" | "challenge_leave" | "paid" | "paid_detail" | "failed" | "failed_declined" | "failed_card" | "failed_card_expired"
  | "failed_installments" | "failed_card_token" | "failed_code" | "failed_terminal" | "failed_expired" | "canceled"
  | "pending" | "pending_detail" | "error_connection" | "error_provider" | "error_card" | "error_expired"
  | "error_not_found" | "error_attempts" | "error_method" | "error_busy" | "error_paid" | "error_other"
  | "methods_title" | "method_card" | "method_saved_card" | "method_hepsipay" | "method_aspay" | "method_terminal"
  | "apm_otp" | "apm_redirect" | "apm_qr" | "leaves_note" | "qr_note" | "otp_note" | "terminal_note" | "terminal"
  | "save_card" | "installments" | "single_payment" | "plan_each" | "plan_total" | "plan_free" | "plan_interest"
  | "cards_loading" | "cards_none" | "card_expires" | "card_expired" | "card_delete" | "remove" | "remove_sure"
  | "remove_again" | "full_name" | "phone" | "phone_hint" | "email" | "identity_number" | "card_number"
  | "full_name_missing" | "full_name_invalid" | "phone_missing" | "phone_invalid" | "email_missing" | "email_invalid"
  | "identity_number_missing" | "identity_number_invalid" | "card_number_missing" | "card_number_invalid" | "code"
  | "code_sent" | "code_missing" | "code_invalid" | "code_wrong" | "code_expired" | "code_over" | "code_left"
  | "code_checking" | "confirm_code" | "resend_code" | "scan" | "scan_title" | "scan_failed" | "terminal_sending"
  | "terminal_ready" | "step_started" | "step_bank" | "step_page" | "step_code" | "step_scan" | "step_result" | "stage_sending" | "stage_on_terminal" | "elsewhere" | "not_canceled" | "error_card_gone"
  | "error_payer";

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
  pay(request: PayRequest, options?: PayOptions): Promise<PaymentResult>;
  /** Cancels the payment under way where that is still possible; `pay` tells the outcome. */
  cancel(): void;
  /** Goes on at the bank with a payment taken up after a reload (action `held`). */
  continue(): void;
  /** Hands on the one-time code that the payer typed (action `otp`). */
  confirm(code: string): void;
  /** Asks for another one-time code, where `resendAt` of the action allows it. */
  resend(): void;
  /** What this order may be paid with, in the order to show. */
  readonly methods: Method[];
  /** The cards kept for this order's customer; empty where there are none. */
  cards(): Promise<SavedCard[]>;
  /** Forgets a card kept for this customer. */
  deleteCard(id: string): Promise<void>;
  /** What the first six to eight digits of a card tell, and the installments it may be paid in; null where nothing is known. */
  installments(digits: string): Promise<BinInfo | null>;
  /** A PayWall card token for your server, without a payment. */
  tokenize(card: Card | InsuranceCard): Promise<CardToken>;
  /** The result of the payment under way, or of the one just returned from the bank; null when there is none. */
  resume(): Promise<PaymentResult | null>;
  /** Listens; answers the function that stops it. */
  on<T extends keyof KasaEvents>(type: T, listener: (event: KasaEvents[T]) => void): () => void;
}

export interface PayOptions {
  signal?: AbortSignal;
  /**
   * Headless only; the drop-in asks by itself. Answers with the code that the payer typed, or with nothing after
   * `kasa.cancel()` or `kasa.resend()`. Called again where the code was wrong (`error`).
   */
  onOtp?(otp: OtpAction): string | undefined | Promise<string | undefined>;
  /** Headless only: a QR code is to be shown, or a terminal is at work. */
  onWait?(wait: QrAction | WaitAction): void;
}

export type PayRequest = CardPayRequest | SavedCardPayRequest | ApmPayRequest | HepsipayPayRequest | AspayPayRequest | TerminalPayRequest;

/** A new card. */
export interface CardPayRequest {
  method: "card";
  card: Card;
  /** 1 to 36; 1, the default, is a single payment. `kasa.installments` tells what the card can. */
  installments?: number;
  /** Keep the card for the next order, once it has paid; where the order's `card` method has `save`. */
  save?: boolean;
}

/** A card kept before. */
export interface SavedCardPayRequest {
  method: "saved_card";
  /** Id of `kasa.cards()`. */
  card: string;
  installments?: number;
}

/** A wallet, a meal card and the like. */
export interface ApmPayRequest {
  method: "apm";
  /** Of an `apm` in `kasa.methods`. */
  connection: string;
  /** Needed where the connection is offered in more than one. */
  kind?: ApmKind;
  /** The `fields` of the method. */
  payer?: Payer;
}

/** Hepsipay's own page. */
export interface HepsipayPayRequest {
  method: "hepsipay";
}

/** Aspay's own page. */
export interface AspayPayRequest {
  method: "aspay";
  /** The `fields` of the method. */
  payer?: Payer;
}

/** A POS terminal at the counter. */
export interface TerminalPayRequest {
  method: "terminal";
  /** Needed where the order offers more than one. */
  terminal?: string;
}

export type ApmKind = "otp" | "redirect" | "qr" | "direct";

/** What a method may ask its payer for. `cardNumber`: of a meal card. */
export type Payer = Partial<Record<PayerField, string>>;
export type PayerField = "fullName" | "phone" | "email" | "identityNumber" | "cardNumber";

/** A way to pay this order. */
export type Method =
  | { type: "card"; save?: boolean }
  | { type: "saved_card" }
  | { type: "apm"; connection: string; kind: ApmKind; name: string; category?: string; fields?: PayerField[] }
  | { type: "hepsipay" }
  | { type: "aspay"; fields?: PayerField[] }
  | { type: "terminal"; terminals?: { id: string; name: string }[] };

/** A card kept for this order's customer. */
export interface SavedCard {
  /** Good for this checkout only. */
  id: string;
  masked: string;
  brand?: string;
  bank?: string;
  /** What its owner calls it. */
  name?: string;
  expiryMonth: number;
  expiryYear: number;
  /** It cannot pay any more. */
  expired: boolean;
}

/** What the first digits of a card tell. */
export interface BinInfo {
  brand?: string;
  bank?: string;
  family?: string;
  kind?: "credit" | "debit" | "prepaid";
  /** By count, the single payment first. Amounts in minor units. */
  plans: { installments: number; each: number; total: number; interest: number; paidBy: "shop" | "shopper" }[];
}

export type Card = CardBase & ({ expiryMonth: number | string; expiryYear: number | string } | { /** `MM/YY` */ expiry: string });

interface CardBase {
  /** 12 to 19 digits; blanks, dots and dashes may stand between them. */
  number: string;
  /** 3 or 4 digits. */
  cvc: string;
  holder: string;
}

/** An insurance card, by its ends. */
export interface InsuranceCard {
  type: "insurance";
  /** The first eight digits. */
  firstDigits: string;
  /** The last four. */
  lastDigits: string;
  /** TCKN or VKN. */
  identityNumber: string;
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
  method: "card" | "saved_card" | "apm" | "hepsipay" | "aspay" | "terminal";
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
  /** What the shopper is to do now. */
  action: Action;
  result: PaymentResult;
  error: KasaError;
  /** Each step, from `init` on, without any data: for logs and teaching. */
  trace: TraceEvent | TraceEffect;
}

interface TraceLine {
  /** Joins a call, or a timer, and its answer; 0 where there is none. */
  attempt: number;
  /** Milliseconds since 1970. */
  at: number;
}

/** Something happened: the shopper or the page did something, an answer came, time ran out. */
export interface TraceEvent extends TraceLine {
  kind: "event";
  step:
    | "open"
    | "pay"
    | "tokenize_card"
    | "cancel"
    | "enter_code"
    | "resend_code"
    | "bin_typed"
    | "delete_card"
    | "continue_challenge"
    | "frame_returned"
    | "frame_blocked"
    | "leave_frame"
    | "page_restored"
    | TraceAnswer
    | "elapsed";
  /** Of an answer: how long it took, in milliseconds. */
  ms?: number;
  /** Of an answer. `lost`: none came in time, or none that could be read. */
  ended?: "ok" | "refused" | "lost";
  /** Why it was refused or lost, as the code of a `KasaError`. */
  code?: KasaErrorCode;
  /** Of an answer that tells of a payment. */
  status?: PaymentResult["status"];
  /** What that payment needs. */
  next?: "redirect" | "otp" | "qr" | "wait";
  /** Of `pay`. */
  method?: PaymentDetails["method"];
}

export type TraceAnswer = "checkout" | "temp_token" | "tokenized" | "payment" | "bin" | "cards" | "card_deleted";

/** Something is done: a call, a timer, a navigation, the end of a payment. */
export interface TraceEffect extends TraceLine {
  kind: "effect";
  step: TraceCall | "wait" | "leave" | "settle" | "warn";
  /** Who is called, or told; `provider`: where the whole page goes. A timer has none. */
  to?: "merchant" | "paywall" | "provider" | "page";
  /** How a payment ended (`settle`). */
  status?: PaymentResult["status"];
  /** The code of the `KasaError` that was given instead (`settle`, `warn`). */
  code?: KasaErrorCode;
}

/** `await_change` reads the checkout too, but lets the merchant server wait for news; `tokenize` is PayWall's tempcard. */
export type TraceCall =
  | "read_checkout"
  | "await_change"
  | "fetch_temp_token"
  | "tokenize"
  | "create_payment"
  | "cancel_payment"
  | "confirm_code"
  | "resend_code"
  | "read_bin"
  | "list_cards"
  | "delete_card";

/** `redirect`, `frame`: at the bank or provider; `held`: a payment was taken up, call `continue()` or `cancel()`. */
export type Action = { type: "redirect" | "frame" | "held" } | OtpAction | QrAction | WaitAction;

/** A one-time code was sent to the payer: `confirm(code)`, `resend()` or `cancel()`. Times are RFC 3339. */
export interface OtpAction {
  type: "otp";
  length?: number;
  expiresAt?: string;
  attemptsLeft?: number;
  /** From when on another code may be sent; absent: no other will be. */
  resendAt?: string;
  /** What was wrong with the code before. */
  error?: "wrong" | "expired";
}

/** To be scanned by the payer's phone. */
export interface QrAction {
  type: "qr";
  /** PNG in Base64. */
  image: string;
}

/** Somebody else is at work. */
export interface WaitAction {
  type: "wait";
  cancellable: boolean;
  /** Of a terminal: the sale is on its way there, or waits for a card. */
  stage?: "sending" | "on_terminal";
}

export class KasaError extends Error {
  private constructor();
  readonly name: "KasaError";
  readonly code: KasaErrorCode;
  /** The same call may succeed later with nothing changed. */
  readonly retryable: boolean;
  /** With `invalid_card` and `invalid_payer`: what is wrong, by field. */
  readonly fields?: Partial<Record<CardField | PayerField, "missing" | "invalid" | "expired">>;
}

export type CardField = "number" | "expiry" | "cvc" | "holder" | "firstDigits" | "lastDigits";

/** True for a `KasaError`, from another copy of this package too. */
export function isKasaError(error: unknown): error is KasaError;

export type KasaErrorCode =
  | "invalid_options"
  | "invalid_card"
  | "invalid_payer"
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
  | "card_not_found"
  | "card_refused"
  | "redirect_refused"
  | "aborted"
  | "destroyed"
  | "wasm_blocked"
  | "wasm_unreachable"
  | "wasm_unsupported"
  | "no_browser"
  | "internal";
