// Tells the page around this frame that the shopper is back from the bank. A
// hint only: that page asks the merchant server what became of the payment.
(() => {
  const { payment, origin, shop } = document.currentScript.dataset;
  if (window.parent === window) {
    // The bank broke out of the frame: go back to the shop as a redirect would.
    window.location.replace(shop);
  } else {
    window.parent.postMessage({ type: "kasa:returned", payment }, origin);
  }
})();
