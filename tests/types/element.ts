// <kasa-checkout> in a page's own code, without a framework.

import { KasaCheckoutElement } from "kasa-checkout/element";
import type { KasaCheckoutEventMap, KasaCheckoutOptions } from "kasa-checkout/element";
import type { Kasa, KasaErrorCode } from "kasa-checkout";

export function whole(): Kasa | null {
  const element: KasaCheckoutElement = document.createElement("kasa-checkout");
  element.merchant = "https://pay.shop.example";
  element.checkout = null;
  element.challenge = "frame";
  const options: KasaCheckoutOptions = { messages: { en: { pay: "Pay {}" } }, redirectHosts: ["bank.example"] };
  element.options = options;
  element.addEventListener("kasa-ready", ({ detail: kasa }) => void kasa.methods);
  element.addEventListener("kasa-result", function ({ detail }) {
    if (detail.status === "paid") return detail.payment;
    return this.kasa;
  });
  element.addEventListener("kasa-error", ({ detail }): KasaErrorCode => detail.code, { once: true });
  element.addEventListener("click", (event) => event.clientX);
  const trace = ({ detail }: KasaCheckoutEventMap["kasa-trace"]) => detail.step;
  element.removeEventListener("kasa-trace", trace);
  return document.querySelector("kasa-checkout")?.kasa ?? null;
}

export function mustNotCompile(element: KasaCheckoutElement): void {
  // @ts-expect-error: no such mode
  element.challenge = "popup";
  // @ts-expect-error: it is made by the element
  element.kasa = null;
  // @ts-expect-error: what attributes say is no option
  element.options = { merchant: "https://pay.shop.example" };
  // @ts-expect-error: no such text
  element.options = { messages: { en: { pay_now: "Pay" } } };
  // @ts-expect-error: a result has no such word
  element.addEventListener("kasa-result", ({ detail }) => detail.outcome);
}
