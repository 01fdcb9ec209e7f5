import "./node_modules/kasa-checkout/element.js";

document.querySelector("kasa-checkout").addEventListener("kasa-result", ({ detail }) => {
  // A page is only a hint: what is delivered by is what your own server learns.
  if (detail.status === "paid") document.querySelector("#thanks").textContent = "Siparişiniz hazırlanıyor.";
});
