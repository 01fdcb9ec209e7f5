// What calls answer: how a payment ended, and what there is to choose from. Amounts are integers in minor units.

import type { ApmKind, PayerField } from "./requests.js";

/**
 * How a payment ended. `paid` here is a hint for the page: your back end reads the truth from the merchant server
 * before anything is delivered. `pending`: not known yet; never ask the shopper to pay again, the merchant server finds out.
 *
 * @example
 * ```ts
 * function say(result: PaymentResult): string {
 *   switch (result.status) {
 *     case "paid":
 *       return `Thank you! Payment ${result.payment}.`;
 *     case "failed":
 *       return result.error?.code === "declined" ? "Your bank said no. Another card?" : "That did not work.";
 *     case "canceled":
 *       return "You have paid nothing.";
 *     case "pending":
 *       return "We do not know yet. We will write to you; please do not pay again.";
 *   }
 * }
 * ```
 */
export type PaymentResult = PaidResult | FailedResult | CanceledResult | PendingResult;

/** The merchant server says that the order is paid. */
export interface PaidResult extends PaymentDetails {
  status: "paid";
}

/** No money was taken; the order may be paid by another try. */
export interface FailedResult extends PaymentDetails {
  status: "failed";
  /** Why. */
  error?: PaymentError;
}

/** Given up by the shopper, here or at the provider; no money was taken. */
export interface CanceledResult extends PaymentDetails {
  status: "canceled";
  error?: PaymentError;
}

/** The outcome is not known yet, or even whether a payment was made: then there is no `payment`. */
export interface PendingResult extends Partial<PaymentDetails> {
  status: "pending";
}

/** What is known of a payment, however it ended. */
export interface PaymentDetails {
  /** The payment's id at the merchant server, `pay_…`. */
  payment: string;
  method: PaymentMethod;
  /** Of a card payment: the number as the provider masks it, `557920******1297`. */
  card?: { masked: string };
  /** Of a card payment: in how many parts; 1 is a single payment. */
  installments?: number;
}

/** The name of a way to pay. */
export type PaymentMethod = Method["type"];

/** Why a payment failed. */
export interface PaymentError {
  /** One of {@link PaymentErrorTable}; a newer merchant server may have others. */
  code: PaymentErrorCode | (string & {});
  /** The provider's own words: for your log, not for the shopper. */
  message?: string;
}

/** The codes of a failed payment that this version knows. */
export type PaymentErrorCode = keyof PaymentErrorTable;

/**
 * Each code of a failed payment, and whose turn it is. In none of them was money taken, as far as the provider says; should a
 * payment come in after all, the merchant server sees it: the order is paid by it, or the money goes back.
 */
export interface PaymentErrorTable {
  /** The bank or provider said no. Let the shopper take another card or method. */
  declined: { turn: "shopper" };
  /** This card cannot pay here. Let the shopper take another card. */
  card_refused: { turn: "shopper" };
  /** The card has expired. Let the shopper take another card. */
  card_expired: { turn: "shopper" };
  /** This card cannot pay in so many parts. Let the shopper choose another plan; `kasa.installments` tells which. */
  installments_refused: { turn: "shopper" };
  /** The card token was unknown, used or too old. Call `pay` again: it makes a new one. */
  card_token_invalid: { turn: "shopper" };
  /** Too many wrong one-time codes. Let the shopper try again. */
  code_wrong: { turn: "shopper" };
  /** The terminal did not answer. Look whether it is switched on and connected. */
  terminal_unreachable: { turn: "shop" };
  /** Canceled by the shopper, here or at the provider. */
  canceled: { turn: "nobody" };
  /** It was not finished in time. Let the shopper try again; where the order itself is over, create it anew. */
  expired: { turn: "shopper" };
  /** The provider was silent, or refused the merchant server's keys. Look into the merchant server's log. */
  provider_unavailable: { turn: "shop" };
  /** The provider did not take the merchant server's request. Look into the merchant server's log. */
  provider_error: { turn: "shop" };
}

/**
 * A way to pay this order; told apart by `type`. A newer merchant server may offer others: leave out what you do not know.
 *
 * @example
 * ```ts
 * const labels = kasa.methods.map((method) => (method.type === "apm" ? method.name : method.type));
 * ```
 */
export type Method = CardMethod | SavedCardMethod | ApmMethod | HepsipayMethod | AspayMethod | TerminalMethod;

/** A new card. */
export interface CardMethod {
  type: "card";
  /** The card may be kept for the next order. */
  save?: boolean;
}

/** A card of `kasa.cards()`. */
export interface SavedCardMethod {
  type: "saved_card";
}

/** A wallet, a meal card and the like; one entry for each connection and kind. */
export interface ApmMethod {
  type: "apm";
  /** Names it in a request. */
  connection: string;
  kind: ApmKind;
  /** To be shown, `Papara`. */
  name: string;
  /** In the provider's words, `Cüzdan`. */
  category?: string;
  /** What the payer is asked for. */
  fields?: PayerField[];
}

/** Hepsipay's own page. */
export interface HepsipayMethod {
  type: "hepsipay";
}

/** Aspay's own page. */
export interface AspayMethod {
  type: "aspay";
  /** What the payer is asked for. */
  fields?: PayerField[];
}

/** A POS terminal at the counter. */
export interface TerminalMethod {
  type: "terminal";
  /** More than one: to be chosen from. */
  terminals?: { id: string; name: string }[];
}

/** A card kept for this order's customer. */
export interface SavedCard {
  /** Good for this checkout only. */
  id: string;
  /** As the provider masks it, `557920******1297`. */
  masked: string;
  brand?: string;
  bank?: string;
  /** What its owner calls it. */
  name?: string;
  /** 1 to 12. */
  expiryMonth: number;
  /** Four digits. */
  expiryYear: number;
  /** It cannot pay any more. */
  expired: boolean;
}

/** What the first digits of a card tell; the names are the provider's words. */
export interface BinInfo {
  brand?: string;
  bank?: string;
  /** `Bonus`, `World` … */
  family?: string;
  kind?: "credit" | "debit" | "prepaid";
  /** By count, the single payment first; never empty. */
  plans: InstallmentPlan[];
}

/** One way to divide the order's amount. */
export interface InstallmentPlan {
  /** In how many parts; 1 is the single payment. */
  installments: number;
  /** One part, in minor units; rounded: `total` is what counts. */
  each: number;
  /** What the shopper pays in all, in minor units. */
  total: number;
  /** What of `total` is above the order's amount, in minor units. */
  interest: number;
  /** Who bears what the division costs. */
  paidBy: "shop" | "shopper";
}

/** What `tokenize` answers. */
export interface CardToken {
  /** For PayWall, from your own server; good for 15 minutes. */
  token: string;
}
