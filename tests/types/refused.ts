// What must not compile. Each line says what is wrong with the next.

import { init } from "kasa-checkout";
import type { Kasa, Language, Method, PaymentResult } from "kasa-checkout";

const merchant = "https://pay.shop.example";
const card = { number: "", expiry: "09/28", cvc: "360", holder: "Ada Deneme" };

export async function options(): Promise<void> {
  // @ts-expect-error: options are needed
  await init();
  // @ts-expect-error: the merchant server's address is needed
  await init({});
  // @ts-expect-error: an address is text
  await init({ merchant: new URL(merchant) });
  // @ts-expect-error: no such mode
  await init({ merchant, challenge: "popup" });
  // @ts-expect-error: no such option
  await init({ merchant, theme: "dark" });
  // @ts-expect-error: a list of hosts
  await init({ merchant, redirectHosts: "bank.example" });
  // @ts-expect-error: a language tag is text
  await init({ merchant, locale: 90 });
  // @ts-expect-error: a checkout's id is text
  await init({ merchant, checkout: null });
  // @ts-expect-error: a signal, not its controller
  await init({ merchant, signal: new AbortController() });
  // @ts-expect-error: a number is no place
  await init({ merchant, wasm: 1 });
  // @ts-expect-error: no such text
  await init({ merchant, messages: { en: { pay_now: "Pay" } } });
  // @ts-expect-error: texts stand below their language
  await init({ merchant, messages: { pay: "Pay {}" } });
  // @ts-expect-error: a text that counts nothing has no plural
  await init({ merchant, messages: { en: { pay: { one: "Pay", other: "Pay" } } } });
  // @ts-expect-error: what goes for all other counts is needed
  await init({ merchant, messages: { en: { plan: { one: "once" } } } });
  // @ts-expect-error: no such plural category
  await init({ merchant, messages: { en: { plan: { dozen: "12", other: "{}" } } } });
  // @ts-expect-error: a whole language misses no text
  const language: Language = { pay: "Payer {}" };
  void language;
}

export async function requests(kasa: Kasa): Promise<void> {
  // @ts-expect-error: a request is needed
  await kasa.pay();
  // @ts-expect-error: no such method
  await kasa.pay({ method: "cash" });
  // @ts-expect-error: a card payment needs a card
  await kasa.pay({ method: "card" });
  // @ts-expect-error: a card needs its number
  await kasa.pay({ method: "card", card: { expiry: "09/28", cvc: "360", holder: "Ada" } });
  // @ts-expect-error: a card needs its expiry
  await kasa.pay({ method: "card", card: { number: "", cvc: "360", holder: "Ada" } });
  // @ts-expect-error: a month needs its year
  await kasa.pay({ method: "card", card: { number: "", expiryMonth: 9, cvc: "360", holder: "Ada" } });
  // @ts-expect-error: a number would lose leading zeros
  await kasa.pay({ method: "card", card: { ...card, cvc: 360 } });
  // @ts-expect-error: the same
  await kasa.pay({ method: "card", card: { ...card, number: 5141181677407907 } });
  // @ts-expect-error: a count is a number
  await kasa.pay({ method: "card", card, installments: "3" });
  // @ts-expect-error: yes or no
  await kasa.pay({ method: "card", card, save: "yes" });
  // @ts-expect-error: a saved card is named by its id
  await kasa.pay({ method: "saved_card" });
  // @ts-expect-error: the same
  await kasa.pay({ method: "saved_card", card });
  // @ts-expect-error: it is kept already
  await kasa.pay({ method: "saved_card", card: "card_1", save: true });
  // @ts-expect-error: an alternative method is named by its connection
  await kasa.pay({ method: "apm" });
  // @ts-expect-error: no such kind
  await kasa.pay({ method: "apm", connection: "14", kind: "sms" });
  // @ts-expect-error: no such field of a payer
  await kasa.pay({ method: "aspay", payer: { shoeSize: "42" } });
  // @ts-expect-error: Hepsipay asks for everything by itself
  await kasa.pay({ method: "hepsipay", payer: { phone: "" } });
  // @ts-expect-error: a terminal is named by its id
  await kasa.pay({ method: "terminal", terminal: 1 });
  // @ts-expect-error: no such option
  await kasa.pay({ method: "hepsipay" }, { timeout: 10 });
  // @ts-expect-error: a code is text
  await kasa.pay({ method: "hepsipay" }, { onOtp: () => 123456 });
  // @ts-expect-error: a wait is no code
  await kasa.pay({ method: "hepsipay" }, { onWait: (wait) => wait.attemptsLeft });
  // @ts-expect-error: an insurance card is told by its ends
  await kasa.tokenize({ type: "insurance", number: "", identityNumber: "", holder: "" });
  // @ts-expect-error: a code is text
  kasa.confirm(123456);
  // @ts-expect-error: digits are text
  await kasa.installments(557920);
  // @ts-expect-error: which card?
  await kasa.deleteCard();
  // @ts-expect-error: where to?
  kasa.mount();
  // @ts-expect-error: there may be none
  kasa.mount(document.querySelector("#checkout"));
}

export async function answers(kasa: Kasa, result: PaymentResult, method: Method): Promise<void> {
  // @ts-expect-error: a result that is not paid has no such word
  if (result.status === "ok") return;
  // @ts-expect-error: only what failed or was canceled has a reason
  void result.error;
  // @ts-expect-error: what is not known may have no payment
  const payment: string = result.payment;
  // @ts-expect-error: what is paid did not fail
  if (result.status === "paid") void result.error;
  // @ts-expect-error: only some are asked for
  void method.fields;
  // @ts-expect-error: no card tells its number
  void (await kasa.cards())[0]?.number;
  // @ts-expect-error: nothing may be known of it
  void (await kasa.installments("557920")).plans;
  // @ts-expect-error: there may be none
  void (await kasa.resume()).status;
  // @ts-expect-error: what the order takes is the merchant server's to say
  kasa.methods = [];
  // @ts-expect-error: a Kasa comes from init
  new Kasa({ merchant });
  void payment;
}

export function events(kasa: Kasa): void {
  // @ts-expect-error: no such event
  kasa.on("paid", () => {});
  // @ts-expect-error: who listens?
  kasa.on("result");
  // @ts-expect-error: a result is no error
  kasa.on("result", (result) => result.code);
  // @ts-expect-error: the list of phases is closed
  kasa.on("change", ({ phase }) => phase === "loading");
  // @ts-expect-error: it must be asked which action it is
  kasa.on("action", (action) => action.image);
  // @ts-expect-error: a trace tells no card
  kasa.on("trace", (line) => line.card);
  // @ts-expect-error: the list of steps is closed
  kasa.on("trace", (line) => line.step === "something_else");
  // @ts-expect-error: what is done takes no time until it is answered
  kasa.on("trace", (line) => line.kind === "effect" && line.ms);
}
