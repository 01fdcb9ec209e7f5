// A shop's checkout page, as short as it gets, and the same whichever tool
// bundles it. German, so that a language has to be fetched too.

import { init } from "kasa-checkout";

export async function openCheckout() {
  const kasa = await init({ merchant: "http://localhost:8401", locale: "de" });
  kasa.mount("#checkout");
}
