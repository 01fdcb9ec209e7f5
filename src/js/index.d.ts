/**
 * Takes payments in web shops in Turkey: a drop-in that draws every method an order allows, or the
 * same methods from a form of your own.
 *
 * ```ts
 * import { init } from "kasa-checkout";
 *
 * const kasa = await init({ merchant: "https://pay.shop.example", checkout: "co_…" });
 * kasa.mount("#checkout");
 * kasa.on("result", (result) => console.log(result.status));
 * ```
 *
 * Importing the package does nothing, on a server too; `init` loads the WebAssembly.
 *
 * @packageDocumentation
 */

import type { KasaEvents, OtpAction, QrAction, WaitAction } from "./types/events.js";
import type { Messages } from "./types/messages.js";
import type { Card, InsuranceCard, PayRequest } from "./types/requests.js";
import type { BinInfo, CardToken, Method, PaymentResult, SavedCard } from "./types/results.js";

export * from "./types/errors.js";
export * from "./types/events.js";
export * from "./types/messages.js";
export * from "./types/requests.js";
export * from "./types/results.js";

/**
 * Loads the component, reads the checkout, and takes up a payment that is under way.
 *
 * The WebAssembly is loaded once, however often you call; a load that failed is tried again by the
 * next call. Each call gives a `Kasa` of its own. Where the shopper has just come back from the bank,
 * the same call takes the payment up: its outcome comes as the event `result`, and by `resume`.
 *
 * @throws {@link KasaError}, always by rejection: `invalid_options`, `checkout_not_found`, `checkout_expired`,
 * `merchant_unreachable` and its like, `wasm_blocked` and its like, `no_browser`, `aborted`.
 *
 * @example The first visit: your back end has created the order
 * ```ts
 * const kasa = await init({ merchant: "https://pay.shop.example", checkout: "co_…", locale: "tr" });
 * kasa.mount("#checkout");
 * ```
 *
 * @example The return from the bank, which may come to the same page: the address has the checkout
 * ```ts
 * const kasa = await init({ merchant: "https://pay.shop.example" });
 * const result = await kasa.resume(); // null where nothing was under way
 * ```
 */
export function init(options: InitOptions): Promise<Kasa>;

/** What `init` takes. Whatever is left out, or `undefined`, has its default. */
export interface InitOptions {
  /** Base address of your merchant server, `https://pay.shop.example`: no query, no fragment. */
  merchant: string;
  /**
   * The id that `POST /v1/orders` answered, `co_…`.
   *
   * @defaultValue `kasa_checkout` of the page's address, as it is after a return from the bank
   */
  checkout?: string | undefined;
  /**
   * BCP 47: `tr`, `en`, `de`, `ru`, `ar`, or one of your `messages`; anything else is shown in English, with a
   * warning in the console.
   *
   * @defaultValue the order's `locale`
   */
  locale?: string | undefined;
  /**
   * Your own words over those of a language, or a language of your own.
   *
   * @defaultValue the component's words
   */
  messages?: Messages | undefined;
  /**
   * Where the bank's page stands: `redirect`: the whole page goes there and comes back; `frame`: in a dialog of your
   * page. Pages of other providers take the whole page in both cases.
   *
   * @defaultValue `"redirect"`
   */
  challenge?: "redirect" | "frame" | undefined;
  /**
   * Further hosts that the shopper may be sent to, without scheme, port or path: `3d.bank.example`. A name allows
   * what is below it too. PayWall's, Hepsipay's, Corefy's and the merchant server's are known. A PaymentAPI that is
   * not on one of PayWall's own hosts has to be named here as well: card data go nowhere else.
   *
   * @defaultValue `[]`
   */
  redirectHosts?: readonly string[] | undefined;
  /**
   * Where the `.wasm` is, if your bundler does not know; or the module itself. The first `init` of a page counts.
   *
   * @defaultValue `kasa_checkout_bg.wasm` beside the script
   */
  wasm?: string | URL | Request | Response | Promise<Response> | BufferSource | (WebAssembly.Module & object) | undefined;
  /**
   * Gives up opening: `init` rejects with `aborted`. Once it is open, `destroy` ends it.
   *
   * @defaultValue none
   */
  signal?: AbortSignal | undefined;
}

/** One checkout on one page; made by `init`. */
export interface Kasa {
  /**
   * Puts the drop-in into an element, away from where it was before. It draws every method that the order allows,
   * asks for one-time codes, shows QR codes, and says how the payment ended.
   *
   * @param target the element, or a selector that finds one
   * @throws {@link KasaError} `invalid_options` where there is no such element, `destroyed`
   *
   * @example
   * ```ts
   * kasa.mount("#checkout");
   * const stop = kasa.on("result", (result) => {
   *   if (result.status === "paid") location.assign("/thanks");
   * });
   * ```
   */
  mount(target: string | Element): void;
  /** Takes the drop-in away; a payment under way goes on. May be called at any time. */
  unmount(): void;
  /**
   * Ends everything on this page; may be called at any time, and again. Promises still open reject with code `destroyed`.
   * A payment under way is not canceled by it: the merchant server goes on asking what became of it.
   */
  destroy(): void;
  /**
   * Pays, from a form of your own. Resolves with every outcome a payment can have. Rejects with a `KasaError` only
   * where this call sent no payment; two codes leave open what became of one: `destroyed` and `internal`.
   * While a payment runs, every call answers with that payment's promise: a double click pays once.
   *
   * Where the shopper has to go to the bank or to a provider, the page leaves and the promise ends with it; the next
   * `init` takes the payment up.
   *
   * @throws {@link KasaError}, always by rejection
   *
   * @example A new card, in three installments
   * ```ts
   * const card = { number: "5579 2009 3175 1297", expiry: "09/28", cvc: "360", holder: "Elif Yılmaz" };
   * const result = await kasa.pay({ method: "card", card, installments: 3, save: true });
   * ```
   *
   * @example A saved card
   * ```ts
   * const [first] = await kasa.cards();
   * if (first && !first.expired) await kasa.pay({ method: "saved_card", card: first.id });
   * ```
   *
   * @example A wallet or meal card, with its one-time code
   * ```ts
   * const apm = kasa.methods.find((method) => method.type === "apm");
   * if (apm) {
   *   const { connection, kind } = apm;
   *   await kasa.pay(
   *     { method: "apm", connection, kind, payer: { phone: "555 111 22 33" } },
   *     { onOtp: ({ error }) => prompt(error ? "That was not it. The code?" : "The code?") ?? undefined },
   *   );
   * }
   * ```
   *
   * @example A provider's own page
   * ```ts
   * await kasa.pay({ method: "hepsipay" });
   * await kasa.pay({ method: "aspay", payer: { identityNumber: "10000000146" } });
   * ```
   *
   * @example A POS terminal, which can be given up
   * ```ts
   * const giveUp = new AbortController();
   * await kasa.pay({ method: "terminal" }, { signal: giveUp.signal, onWait: (wait) => console.log(wait.type) });
   * ```
   *
   * @example What to do with the answer
   * ```ts
   * try {
   *   const result = await kasa.pay({ method: "hepsipay" });
   *   if (result.status === "failed") console.log(result.error?.code);
   * } catch (error) {
   *   if (isKasaError(error) && error.code === "invalid_payer") console.log(error.fields);
   *   else throw error;
   * }
   * ```
   */
  pay(request: PayRequest, options?: PayOptions): Promise<PaymentResult>;
  /**
   * Cancels the payment under way where that is still possible; `pay` and the event `result` tell the outcome, which may
   * be `paid` all the same. Without a payment it does nothing.
   */
  cancel(): void;
  /** Goes on at the bank with a payment taken up after a reload (action `held`); otherwise it does nothing. */
  continue(): void;
  /**
   * Hands on the one-time code that the payer typed (action `otp`). What became of it is told by the next action, or by
   * the result.
   *
   * @throws {@link KasaError} `invalid_options` where no code is awaited, `destroyed`
   */
  confirm(code: string): void;
  /**
   * Asks for another one-time code, where `resendAt` of the action allows it; before that it does nothing.
   *
   * @throws {@link KasaError} `invalid_options` where no code is awaited, `destroyed`
   */
  resend(): void;
  /** What this order may be paid with, in the order to show. */
  readonly methods: Method[];
  /**
   * The cards kept for this order's customer; empty where there are none, or where they could not be read.
   *
   * @example
   * ```ts
   * for (const { id, masked, expired } of await kasa.cards()) {
   *   if (!expired) console.log(id, masked); // 557920******1297
   * }
   * ```
   */
  cards(): Promise<SavedCard[]>;
  /**
   * Forgets a card kept for this customer, at the provider too.
   *
   * @param id of `cards()`
   * @throws {@link KasaError}, by rejection: `merchant_refused` where the card is still there
   */
  deleteCard(id: string): Promise<void>;
  /**
   * What the first digits of a card tell, and the installments it may be paid in; null where nothing is known, which
   * means a single payment.
   *
   * @param digits the first six to eight; more may be given, and a masked number too: no others are sent
   * @throws {@link KasaError}, by rejection: `invalid_options` where there are fewer
   *
   * @example
   * ```ts
   * const known = await kasa.installments("557920");
   * for (const { installments, each, total } of known?.plans ?? []) {
   *   console.log(`${installments} × ${each / 100} = ${total / 100}`);
   * }
   * ```
   */
  installments(digits: string): Promise<BinInfo | null>;
  /**
   * A PayWall card token for your own server, without a payment; good for 15 minutes.
   *
   * @throws {@link KasaError}, always by rejection
   *
   * @example
   * ```ts
   * const { token } = await kasa.tokenize({
   *   type: "insurance",
   *   firstDigits: "51411816",
   *   lastDigits: "7907",
   *   identityNumber: "10000000146",
   *   holder: "Elif Yılmaz",
   * });
   * ```
   */
  tokenize(card: Card | InsuranceCard): Promise<CardToken>;
  /** The result of the payment under way, or of the last one that this page knows of; null when there is none. */
  resume(): Promise<PaymentResult | null>;
  /**
   * Listens; answers the function that stops it.
   *
   * @example
   * ```ts
   * const stop = kasa.on("result", ({ status }) => console.log(status));
   * kasa.on("error", ({ code, message }) => console.warn(code, message));
   * kasa.on("action", (action) => {
   *   if (action.type === "otp") console.log(action.attemptsLeft);
   * });
   * stop();
   * ```
   */
  on<T extends keyof KasaEvents>(type: T, listener: (event: KasaEvents[T]) => void): () => void;
}

/** What `pay` takes beside the request. */
export interface PayOptions {
  /**
   * Cancels, as `cancel()` does: `pay` tells the outcome. Aborted before anything was sent: it rejects with `aborted`.
   *
   * @defaultValue none
   */
  signal?: AbortSignal | undefined;
  /**
   * Without the drop-in, which asks by itself: answers with the code that the payer typed, or with nothing where you
   * have called `cancel()` or `resend()`, or will call `confirm()`. Called again where the code was wrong (`error`).
   * Where it throws, the payment is canceled.
   *
   * @defaultValue none: listen for the action `otp`, and call `confirm`
   */
  onOtp?: ((otp: OtpAction) => string | null | undefined | Promise<string | null | undefined>) | undefined;
  /**
   * Without the drop-in: a QR code is to be shown, or a terminal is at work.
   *
   * @defaultValue none: listen for the actions `qr` and `wait`
   */
  onWait?: ((wait: QrAction | WaitAction) => void) | undefined;
}
