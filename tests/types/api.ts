// What a shop writes against the package: it must go on compiling.

import { init } from "kasa-checkout";
import type {
  Action, Card, InitOptions, Kasa, KasaEvents, Language, MessageKey, Messages, Method, PayOptions, PayRequest, Payer, PaymentResult, SavedCard,
} from "kasa-checkout";
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

/** What is not there may be said to be so: shops pass on what they have. */
export async function undefinedIsLeftOut(kasa: Kasa, given: { locale?: string; signal?: AbortSignal; installments?: number; phone?: string }): Promise<void> {
  const options: InitOptions = {
    merchant: "https://pay.shop.example",
    checkout: undefined,
    locale: given.locale,
    messages: undefined,
    challenge: undefined,
    redirectHosts: undefined,
    wasm: undefined,
    signal: given.signal,
  };
  await init(options);
  const card: Card = { number: "", expiryMonth: "09", expiryYear: 2028, cvc: "", holder: "" };
  const with_: PayOptions = { signal: given.signal, onOtp: undefined, onWait: undefined };
  await kasa.pay({ method: "card", card, installments: given.installments, save: undefined }, with_);
  const payer: Payer = { phone: given.phone };
  payer.email = "elif@shop.example";
  await kasa.pay({ method: "apm", connection: "14", kind: undefined, payer }, undefined);
  await kasa.pay({ method: "aspay", payer: undefined });
  await kasa.pay({ method: "terminal", terminal: undefined });
}

export async function everyWasm(bytes: Uint8Array<ArrayBuffer>, module: WebAssembly.Module): Promise<void> {
  const merchant = "https://pay.shop.example";
  const wasm = "/assets/kasa_checkout_bg.wasm";
  for (const each of [wasm, new URL(wasm, merchant), new Request(wasm), fetch(wasm), await fetch(wasm), bytes, bytes.buffer, module]) {
    await init({ merchant, wasm: each });
  }
}

/** A form that asks for what each method needs, and misses none. */
export function requestFor(method: Method, card: Card, saved: SavedCard, payer: Payer): PayRequest {
  switch (method.type) {
    case "card":
      return { method: "card", card, save: method.save ?? false };
    case "saved_card":
      return { method: "saved_card", card: saved.id };
    case "apm":
      return { method: "apm", connection: method.connection, kind: method.kind, payer };
    case "hepsipay":
      return { method: "hepsipay" };
    case "aspay":
      return { method: "aspay", payer };
    case "terminal": {
      const [first] = method.terminals ?? [];
      return { method: "terminal", terminal: first?.id };
    }
    default:
      return method satisfies never;
  }
}

/** Each action has what belongs to it, and no other. */
export function whatToDo(action: Action): string {
  switch (action.type) {
    case "redirect":
    case "frame":
    case "held":
      return action.type;
    case "otp":
      return `${action.length} ${action.attemptsLeft} ${action.error === "wrong"} ${action.resendFields?.includes("phone")} ${action.expiresAt} ${action.resendAt}`;
    case "qr":
      return action.image;
    case "wait":
      return action.cancellable ? (action.stage ?? "") : "";
    default:
      return action satisfies never;
  }
}

/** A code may be answered at once, later, or not at all. */
export const everyAnswer: PayOptions[] = [
  { onOtp: () => "123456" },
  { onOtp: async ({ length = 6 }) => "1".repeat(length) },
  { onOtp: () => undefined },
  { onOtp: () => prompt("?") },
  { onWait: (wait) => (wait.type === "qr" ? wait.image : wait.stage) },
];

/** A listener may be written apart from the call. */
export const listeners: { [type in keyof KasaEvents]: (event: KasaEvents[type]) => void } = {
  change: ({ phase }) => phase satisfies "opening" | "ready" | "busy" | "waiting" | "done" | "closed",
  action: whatToDo,
  result: exhaustive,
  error: ({ code, fields }) => [code, fields?.cvc, fields?.identityNumber],
  trace: ({ kind, step, at, attempt }) => [kind, step, at, attempt],
};
