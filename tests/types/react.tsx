// <kasa-checkout> in TSX, by React's types.

import type { KasaCheckoutElement } from "kasa-checkout/element";
import { useRef } from "react";

export function Whole({ checkout }: { checkout?: string }) {
  const element = useRef<KasaCheckoutElement>(null);
  return (
    <kasa-checkout
      ref={element}
      key={checkout}
      className="checkout"
      merchant="https://pay.shop.example"
      checkout={checkout}
      locale="tr"
      challenge="frame"
      options={{ messages: { tr: { pay: "{} öde" } } }}
      onkasa-ready={({ detail: kasa }) => void kasa.methods}
      onkasa-result={({ detail }) => void (detail.status === "paid" && detail.payment)}
    />
  );
}

// @ts-expect-error: the merchant server's address is needed
export const withoutMerchant = <kasa-checkout checkout="co_x" />;
// @ts-expect-error: no such mode
export const withPopup = <kasa-checkout merchant="" challenge="popup" />;
// @ts-expect-error: no such option
export const withTheme = <kasa-checkout merchant="" options={{ theme: "dark" }} />;
// @ts-expect-error: a result has no such word
export const withOutcome = <kasa-checkout merchant="" onkasa-result={({ detail }) => void detail.outcome} />;
