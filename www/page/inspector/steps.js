// What can stand in the diagram: each step's call as it goes over the wire, and
// where to read on. What it means in words is in `words.js`. No page, no state.

/** Life lines, from left to right. */
export const LANES = ["browser", "merchant", "paywall", "hepsipay", "aspay", "bank", "wallet", "terminal"];

/**
 * What the merchant server does for each method, which no trace of a browser
 * can tell: it is known by the flow. `lanes`: the provider, then where the payer is.
 */
export const METHODS = {
  card: { lanes: ["paywall", "bank"], pays: "start3d", returns: "return_paywall", asks: "private_query", cancels: "private_cancel" },
  saved_card: { lanes: ["paywall", "bank"], pays: "start3d_saved", returns: "return_paywall", asks: "private_query", cancels: "private_cancel" },
  apm: { lanes: ["paywall", "wallet"], pays: "apm_pay", returns: "return_apm", asks: "apm_query" },
  hepsipay: { lanes: ["hepsipay", "hepsipay"], pays: "hepsipay_save", returns: "return_hepsipay", asks: "hepsipay_query" },
  aspay: { lanes: ["aspay", "aspay"], pays: "invoice", returns: "return_aspay", asks: "invoice_query" },
  terminal: { lanes: ["paywall", "terminal"], pays: "sale", returns: "callback_terminal", asks: "inquiry", cancels: "sale_cancel" },
};

const BROWSER = "merchant/README.md › The browser";
const FAILURES = "merchant/README.md › What happens when something fails";
const WAY = "ARCHITECTURE.md › The way of a payment";

/** `call`: method and path, where there is one. `see`: files and chapters of this repository. */
export const STEPS = {
  order: { call: "POST /v1/orders", see: ["README.md › Ten lines to a first payment", "www/server/orders.mjs"] },

  // What the component asks.
  read_checkout: { call: "GET /v1/checkouts/{id}", see: [BROWSER, "src/core/flow/checkout.rs"] },
  await_change: { call: "GET /v1/checkouts/{id}?wait=25", see: [BROWSER, "src/core/flow/following.rs"] },
  list_cards: { call: "GET …/cards", see: [BROWSER, "src/core/flow/lookup.rs"] },
  delete_card: { call: "DELETE …/cards/{card}", see: [BROWSER, "src/core/flow/lookup.rs"] },
  read_bin: { call: "POST …/bin", see: [BROWSER, "src/core/flow/lookup.rs"] },
  fetch_temp_token: { call: "POST …/temp-token", see: [BROWSER, "src/core/flow/card.rs"] },
  tokenize: { call: "POST /api/paywall/tempcard", see: ["src/core/flow/card.rs", "src/browser/http.rs", "README.md › PCI DSS"] },
  create_payment: { call: "POST …/payments", see: ["ARCHITECTURE.md › Invariants, 3", "src/core/flow/payment.rs"] },
  confirm_code: { call: "POST …/otp", see: [BROWSER, "src/core/flow/following.rs"] },
  resend_code: { call: "POST …/otp/resend", see: [BROWSER, "src/core/flow/following.rs"] },
  cancel_payment: { call: "POST …/cancel", see: ["ARCHITECTURE.md › Decisions", "src/core/flow/following.rs"] },

  // What happens in the page.
  pay: { see: ["src/js/index.d.ts › Kasa.pay"] },
  tokenize_card: { see: ["src/js/index.d.ts › Kasa.tokenize"] },
  enter_code: { see: ["src/js/index.d.ts › Kasa.confirm"] },
  ask_for_code: { see: ["src/js/index.d.ts › Kasa.resend"] },
  cancel: { see: ["src/js/index.d.ts › Kasa.cancel"] },
  continue_challenge: { see: ["ARCHITECTURE.md › Decisions"] },
  frame_returned: { call: "postMessage", see: ["src/ui/challenge.rs", "merchant/src/returns.rs"] },
  frame_blocked: { see: ["README.md › What your page’s policy must allow"] },
  leave_blocked: { see: ["README.md › What your page’s policy must allow"] },
  leave_frame: { see: ["src/ui/challenge.rs"] },
  page_restored: { see: ["src/core/flow/following.rs"] },
  settle: { see: ["src/js/types/results.d.ts › PaymentResult"] },
  warn: { see: ["README.md › What can go wrong, and what to do"] },

  // Where the payer goes.
  challenge_page: { see: ["src/core/redirect.rs", WAY] },
  challenge_frame: { see: ["src/ui/challenge.rs", "README.md › What your page’s policy must allow"] },
  come_back: { call: "303 returnUrl?kasa_checkout=…", see: ["merchant/src/returns.rs"] },
  code_sent: { see: ["merchant/src/providers/apm/"] },
  qr_shown: { see: ["merchant/src/providers/apm/"] },
  rings: { see: ["merchant/src/providers/terminal/"] },

  // Behind the scenes: the merchant server and its providers.
  temptoken: { call: "POST /api/paywall/temptoken", see: ["merchant/src/paywall/temp_token.rs"] },
  bin_inquiry: { call: "GET /api/paywall/bin/inquiry", see: ["merchant/src/paywall/bin.rs", "merchant/src/providers/plans.rs"] },
  card_list: { call: "GET /paywall/card", see: ["merchant/src/paywall/cardwall.rs"] },
  card_delete: { call: "DELETE /paywall/card", see: ["merchant/src/paywall/cardwall.rs"] },
  start3d: { call: "POST /api/paywall/payment/start3d", see: ["merchant/src/providers/card.rs", FAILURES] },
  start3d_saved: { call: "POST /api/paywall/payment/start3d", see: ["merchant/src/providers/saved_card.rs", FAILURES] },
  return_paywall: { call: "POST /return/paywall/{payment}", see: ["merchant/src/paywall/returned.rs", "merchant/README.md › Others"] },
  private_query: { call: "GET /api/paywall/private/query", see: ["merchant/src/settle.rs", "ARCHITECTURE.md › Invariants, 6"] },
  private_cancel: { call: "POST /api/paywall/private/cancel", see: ["merchant/src/providers/by_card.rs"] },
  apm_pay: { call: "POST /api/paywall/apm/pay", see: ["merchant/src/providers/apm/"] },
  apm_confirm: { call: "POST …/apm/pay/confirm/otp", see: ["merchant/src/otp.rs", "merchant/src/providers/apm/"] },
  apm_resend: { call: "POST …/apm/pay/request/otp", see: ["merchant/src/otp.rs", "merchant/src/providers/apm/"] },
  return_apm: { call: "POST /return/apm/{payment}", see: ["merchant/README.md › Others"] },
  callback_apm: { call: "POST /callback/apm", see: ["merchant/README.md › Others"] },
  apm_query: { call: "GET /api/paywall/apm/query", see: ["merchant/src/settle.rs"] },
  hepsipay_save: { call: "POST /commonpayments/save", see: ["merchant/src/providers/hepsipay.rs"] },
  return_hepsipay: { call: "POST /return/hepsipay/{payment}", see: ["merchant/README.md › Others"] },
  hepsipay_query: { call: "POST /commonpayments/query", see: ["merchant/src/providers/hepsipay.rs"] },
  invoice: { call: "POST /payment-invoices", see: ["merchant/src/providers/aspay.rs"] },
  return_aspay: { call: "GET /return/aspay/{payment}", see: ["merchant/README.md › Others"] },
  invoice_query: { call: "GET /payment-invoices/{id}", see: ["merchant/src/providers/aspay.rs"] },
  sale: { call: "POST /api/payment/async/sale", see: ["merchant/src/providers/terminal/"] },
  sale_cancel: { call: "POST /api/payment/async/cancel", see: ["merchant/src/providers/terminal/"] },
  callback_terminal: { call: "POST /callback/terminal", see: ["merchant/README.md › Others"] },
  inquiry: { call: "GET /api/payment/inquiry/{id}", see: ["merchant/src/providers/terminal/"] },
  webhook: { call: "order.paid", see: ["merchant/README.md › Webhooks", "www/server/webhook.mjs"] },
};
