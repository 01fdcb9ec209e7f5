// What a shop writes against the package, and what must not compile.

import { init, isKasaError, KasaError } from "kasa-checkout";
import type { Kasa, KasaErrorCode, PaymentResult } from "kasa-checkout";

export async function wholeApi(): Promise<void> {
  const kasa: Kasa = await init({
    merchant: "https://pay.shop.example",
    checkout: "co_x",
    locale: "tr",
    challenge: "frame",
    redirectHosts: ["bank.example"],
    wasm: new URL("https://shop.example/kasa_checkout_bg.wasm"),
  });
  await init({ merchant: "https://pay.shop.example" });

  kasa.mount("#checkout");
  kasa.mount(document.body);
  kasa.unmount();

  const card = { number: "5141 1816 7740 7907", expiryMonth: 9, expiryYear: "28", cvc: "360", holder: "Ada Deneme" };
  const result = await kasa.pay({ method: "card", card, installments: 3 }, { signal: new AbortController().signal });
  await kasa.pay({ method: "card", card: { number: "", expiry: "09/28", cvc: "", holder: "" } });
  exhaustive(result);

  const token: string = (await kasa.tokenize(card)).token;
  const resumed: PaymentResult | null = await kasa.resume();
  kasa.cancel();
  kasa.continue();
  void [token, resumed];

  const stop: () => void = kasa.on("result", (result) => exhaustive(result));
  kasa.on("change", ({ phase }) => phase === "ready");
  kasa.on("action", ({ type }) => type === "held");
  kasa.on("error", (error) => error.code === "card_refused" && error.retryable);
  kasa.on("trace", ({ step, attempt }) => step.length + attempt);
  stop();
  kasa.destroy();
}

function exhaustive(result: PaymentResult): string {
  switch (result.status) {
    case "paid":
      return result.payment;
    case "failed":
    case "canceled":
      return result.error?.code ?? result.payment;
    case "pending":
      return result.payment ?? "unknown";
    default:
      return result satisfies never;
  }
}

export function errors(thrown: unknown): KasaErrorCode | undefined {
  if (thrown instanceof KasaError && thrown.fields?.number === "missing") return thrown.code;
  return isKasaError(thrown) ? thrown.code : undefined;
}

export async function mustNotCompile(kasa: Kasa): Promise<void> {
  // @ts-expect-error: the merchant server's address is needed
  await init({});
  // @ts-expect-error: no such mode
  await init({ merchant: "", challenge: "popup" });
  // @ts-expect-error: no such method
  await kasa.pay({ method: "cash" });
  // @ts-expect-error: a card needs its number
  await kasa.pay({ method: "card", card: { expiry: "09/28", cvc: "360", holder: "Ada" } });
  // @ts-expect-error: no such event
  kasa.on("paid", () => {});
  // @ts-expect-error: a Kasa comes from init
  new Kasa({ merchant: "" });
  // @ts-expect-error: errors are not made by the shop
  new KasaError({ code: "busy", message: "" });
  // @ts-expect-error: the list of codes is closed
  const code: KasaErrorCode = "something_else";
  // @ts-expect-error: a result that is not paid has no such word
  (await kasa.pay({ method: "card", card: { number: "", expiry: "", cvc: "", holder: "" } })).status === "ok";
  void code;
}
