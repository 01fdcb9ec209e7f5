import { useState } from "react";

import "kasa-checkout/element";

/** Leaving the checkout ends nothing at the bank: whoever comes back goes on with the payment. */
export function Shop() {
  const [view, setView] = useState<"cart" | "checkout" | "thanks">("checkout");

  if (view === "thanks") return <h1>Siparişiniz hazırlanıyor</h1>;
  if (view === "cart") {
    return (
      <>
        <h1>Sepet</h1>
        <button onClick={() => setView("checkout")}>Ödemeye geç</button>
      </>
    );
  }
  return (
    <>
      <h1>Ödeme</h1>
      <kasa-checkout
        merchant="http://localhost:8401"
        challenge="frame"
        // A page is only a hint: what is delivered by is what your own server learns.
        onkasa-result={({ detail }) => detail.status === "paid" && setView("thanks")}
      />
      <button onClick={() => setView("cart")}>Sepete dön</button>
    </>
  );
}
