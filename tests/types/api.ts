// What a shop writes against the package, and what must not compile.

import { init, isKasaError, KasaError } from "kasa-checkout";
import type { Kasa, KasaErrorCode, Language, MessageKey, Messages, PaymentResult } from "kasa-checkout";
import german from "kasa-checkout/languages/de.js";

export async function wholeApi(): Promise<void> {
  const kasa: Kasa = await init({
    merchant: "https://pay.shop.example",
    checkout: "co_x",
    locale: "tr",
    messages: ownWords(),
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
  await everyMethod(kasa);

  const token: string = (await kasa.tokenize(card)).token;
  await kasa.tokenize({ type: "insurance", firstDigits: "51411816", lastDigits: "7907", identityNumber: "11111111110", holder: "Ada Deneme" });
  const resumed: PaymentResult | null = await kasa.resume();
  kasa.cancel();
  kasa.continue();
  void [token, resumed];

  const stop: () => void = kasa.on("result", (result) => exhaustive(result));
  kasa.on("change", ({ phase }) => phase === "ready");
  kasa.on("action", (action) => {
    if (action.type === "qr") return action.image;
    if (action.type === "otp") return kasa.confirm("123456");
    return action.type === "wait" ? action.stage : action.type;
  });
  kasa.on("error", (error) => error.code === "card_refused" && error.retryable);
  kasa.on("trace", (line) => {
    const seconds: number = line.at / 1_000;
    if (line.kind === "effect") return line.to === "merchant" ? line.step : seconds;
    if (line.step === "pay") return line.method === "saved_card";
    return line.ended === "lost" ? line.code === "merchant_timeout" : [line.ms, line.status, line.next];
  });
  stop();
  kasa.destroy();
}

export function ownWords(): Messages {
  const key: MessageKey = "paid_detail";
  const swiss: Partial<Language> = { ...german, [key]: "Merci vielmal." };
  const french = { pay: "Payer {}", code_attempts: { one: "Encore {} essai.", many: "{} essais", other: "Encore {} essais." } };
  return { "de-CH": swiss, fr: french, en: { plan: "{} parts" } };
}

async function everyMethod(kasa: Kasa): Promise<void> {
  for (const method of kasa.methods) {
    if (method.type === "apm") {
      const { connection, kind, fields = [] } = method;
      const payer = Object.fromEntries(fields.map((field) => [field, ""]));
      await kasa.pay({ method: "apm", connection, kind, payer }, { onOtp: async ({ attemptsLeft }) => (attemptsLeft ? "123456" : undefined) });
    }
    if (method.type === "terminal") {
      await kasa.pay({ method: "terminal", terminal: method.terminals?.[0]?.id ?? "" }, { onWait: (wait) => void wait.type });
    }
  }
  const [card] = await kasa.cards();
  if (card && !card.expired) {
    const known = await kasa.installments(card.masked);
    const count = known?.plans.find(({ paidBy }) => paidBy === "shop")?.installments ?? 1;
    await kasa.pay({ method: "saved_card", card: card.id, installments: count });
    await kasa.deleteCard(card.id);
  }
  await kasa.pay({ method: "hepsipay" });
  await kasa.pay({ method: "aspay", payer: { identityNumber: "10000000146" } });
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
  // @ts-expect-error: no such text
  await init({ merchant: "", messages: { en: { pay_now: "Pay" } } });
  // @ts-expect-error: texts stand below their language
  await init({ merchant: "", messages: { pay: "Pay {}" } });
  // @ts-expect-error: a text that counts nothing has no plural
  await init({ merchant: "", messages: { en: { pay: { one: "Pay", other: "Pay" } } } });
  // @ts-expect-error: what goes for all other counts is needed
  await init({ merchant: "", messages: { en: { plan: { one: "once" } } } });
  // @ts-expect-error: no such method
  await kasa.pay({ method: "cash" });
  // @ts-expect-error: a card needs its number
  await kasa.pay({ method: "card", card: { expiry: "09/28", cvc: "360", holder: "Ada" } });
  // @ts-expect-error: a saved card is named by its id
  await kasa.pay({ method: "saved_card" });
  // @ts-expect-error: no such field of a payer
  await kasa.pay({ method: "aspay", payer: { shoeSize: "42" } });
  // @ts-expect-error: no such event
  kasa.on("paid", () => {});
  // @ts-expect-error: a trace tells no card
  kasa.on("trace", (line) => line.card);
  // @ts-expect-error: the list of steps is closed
  kasa.on("trace", (line) => line.step === "something_else");
  // @ts-expect-error: what is done takes no time until it is answered
  kasa.on("trace", (line) => line.kind === "effect" && line.ms);
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
