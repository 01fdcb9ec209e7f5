// Errors: what a shop asks of them, and what the table says in the type system.

import { isKasaError, KasaError } from "kasa-checkout";
import type { KasaErrorCode, KasaErrorCodeWhere, KasaErrorFacts, KasaErrorTable, PaymentError, PaymentErrorCode, PaymentErrorTable } from "kasa-checkout";

export function errors(thrown: unknown): KasaErrorCode | undefined {
  if (thrown instanceof KasaError && thrown.fields?.number === "missing") return thrown.code;
  return isKasaError(thrown) ? thrown.code : undefined;
}

export function standsAsAnError(error: KasaError): Error {
  const { name, message, stack, cause } = error;
  const named: "KasaError" = name;
  void [named, message, stack, cause];
  return error;
}

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
const yes = <_ extends true>(): void => {};

yes<Same<KasaErrorCode, keyof KasaErrorTable>>();
yes<KasaErrorTable[KasaErrorCode] extends KasaErrorFacts ? true : false>();
yes<Same<KasaErrorCodeWhere<{ moneyInDoubt: true }>, "busy" | "destroyed" | "internal">>();
yes<Same<KasaErrorCodeWhere<{ turn: "kasa" }>, "internal">>();
yes<Same<KasaErrorCodeWhere<{ turn: "shopper"; from: "init" }>, "wasm_unsupported">>();
yes<Same<KasaErrorCodeWhere<{ turn: "shopper"; retryable: true }>, "paywall_unreachable" | "try_later">>();
yes<Same<KasaErrorCodeWhere<{ from: "error" }>, "invalid_options" | "redirect_refused" | "frame_blocked" | "redirect_blocked" | "destroyed" | "internal">>();
// Some say so, some not: it is among both.
yes<"merchant_refused" extends KasaErrorCodeWhere<{ retryable: true }> ? true : false>();
yes<"merchant_refused" extends KasaErrorCodeWhere<{ retryable: false }> ? true : false>();

/** Words for the shopper, for each code that is theirs: a new one is missed by the compiler. */
export const words: Record<KasaErrorCodeWhere<{ turn: "shopper"; from: "pay" | "tokenize" }>, string> = {
  invalid_card: "",
  invalid_payer: "",
  paywall_unreachable: "",
  card_not_found: "",
  card_refused: "",
  try_later: "",
};

/** Known codes are offered by the editor, and newer ones may come. */
export function whyItFailed({ code, message }: PaymentError): string {
  const known: PaymentErrorCode = "installments_refused";
  const turn: PaymentErrorTable["declined"]["turn"] = "shopper";
  if (code === "declined" || code === known || code === "of_a_later_version") return turn;
  return message ?? code;
}

export function mustNotCompile(error: KasaError, failed: PaymentError): void {
  // @ts-expect-error: errors are not made by the shop
  new KasaError({ code: "busy", message: "" });
  // @ts-expect-error: the list of codes is closed
  const code: KasaErrorCode = "something_else";
  // @ts-expect-error: no such code
  if (error.code === "declined") return;
  // @ts-expect-error: an error is read, not written
  error.retryable = true;
  // @ts-expect-error: a card's data are no part of an error
  void error.fields?.card;
  // @ts-expect-error: no such fault
  if (error.fields?.number === "too_short") return;
  // @ts-expect-error: a code is text
  const status: number = failed.code;
  // @ts-expect-error: it must be asked what it is first
  const thrown = (caught: unknown): string => caught.code;
  // @ts-expect-error: no such turn
  type Nobody = KasaErrorCodeWhere<{ turn: "bank" }>;
  // @ts-expect-error: a code for which money is safe
  const doubt: KasaErrorCodeWhere<{ moneyInDoubt: true }> = "card_refused";
  // @ts-expect-error: pay never says so
  const never: KasaErrorCodeWhere<{ from: "pay" }> = "wasm_blocked";
  // @ts-expect-error: one is missing
  const short: Record<KasaErrorCodeWhere<{ turn: "shopper"; from: "pay" }>, string> = { invalid_card: "" };
  void [code, status, thrown, doubt, never, short] as unknown as Nobody;
}
