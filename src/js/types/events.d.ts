// What `kasa.on` tells: phases, what the shopper is to do, results, errors, and each step without data.

import type { KasaError, KasaErrorCode } from "./errors.js";
import type { PayerField } from "./requests.js";
import type { PaymentMethod, PaymentResult } from "./results.js";

/** The events of `kasa.on`, by name. Listeners are called after the call that led to the event, and after `init`. */
export interface KasaEvents {
  /** The checkout goes on to another phase. */
  change: { phase: Phase };
  /** What the shopper is to do now. The drop-in shows it by itself. */
  action: Action;
  /** A payment has ended, be it asked for by the drop-in, by `pay`, or on a page before this one. */
  result: PaymentResult;
  /** A payment was not sent (also told by the rejection of `pay`), a page was refused (`redirect_refused`) or
   * is kept away by the page's policy (`frame_blocked`, `redirect_blocked`), or the component failed (`internal`). */
  error: KasaError;
  /** Each step, from `init` on, without any data: for logs and teaching. */
  trace: TraceEvent | TraceEffect;
}

/**
 * `opening`: the order is read. `ready`: to be paid. `busy`: a payment is being sent. `waiting`: there is a payment whose
 * outcome is awaited. `done`: paid, or not known in time. `closed`: the order could not be read.
 */
export type Phase = "opening" | "ready" | "busy" | "waiting" | "done" | "closed";

/** What the shopper is to do now; told apart by `type`. */
export type Action = RedirectAction | FrameAction | HeldAction | OtpAction | QrAction | WaitAction;

/** The page is about to leave for the bank or provider. */
export interface RedirectAction {
  type: "redirect";
}

/** The bank's page stands in a dialog of this page. */
export interface FrameAction {
  type: "frame";
}

/** A payment was taken up after a reload or a way back: call `continue()` or `cancel()`. */
export interface HeldAction {
  type: "held";
}

/** A one-time code was sent to the payer: call `confirm(code)`, `resend()` or `cancel()`. Times are RFC 3339, in UTC. */
export interface OtpAction {
  type: "otp";
  /** Digits, where the provider says so. */
  length?: number;
  /** Until when the code is taken. */
  expiresAt?: string;
  /** How many codes may still be tried. */
  attemptsLeft?: number;
  /** From when on another code may be sent; absent: no other will be. */
  resendAt?: string;
  /** What `resend()` has to tell anew, because no server keeps it. After a reload it is gone, and so is the way to another code. */
  resendFields?: PayerField[];
  /** What was wrong with the code before. */
  error?: "wrong" | "expired";
}

/** To be scanned by the payer's phone. */
export interface QrAction {
  type: "qr";
  /** PNG in Base64, without `data:`. */
  image: string;
}

/** Somebody else is at work. */
export interface WaitAction {
  type: "wait";
  /** Whether `cancel()` can still succeed. */
  cancellable: boolean;
  /** Of a terminal: the sale is on its way there, or waits for a card. */
  stage?: "sending" | "on_terminal";
}

/** What every line of the trace has. */
export interface TraceLine {
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
    | "leave_blocked"
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
  method?: PaymentMethod;
}

/** What a call was answered with. */
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

/** A call. `await_change` reads the checkout too, but lets the merchant server wait for news; `tokenize` is PayWall's tempcard. */
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
