// "Give it back": a shop's own people do that elsewhere. Here so that it can be
// seen.

import { ShopError, refund } from "./order.js";
import { amount, text } from "./text.js";

/** @param {{ amount: number, refunded: number }} order in kuruş */
export function offerRefund(reference, order) {
  const button = document.querySelector("[data-refund]");
  if (order.refunded > 0) say("done", text.refunded(amount(order.refunded)));
  button.hidden = order.refunded >= order.amount;
  // Kept until it has an end: a lost answer is asked for again, and nothing is given back twice.
  let key = crypto.randomUUID();
  button.onclick = async () => {
    if (button.getAttribute("aria-disabled")) return;
    button.setAttribute("aria-disabled", "true");
    say("busy", text.refunding);
    try {
      const answer = await refund(reference, key);
      say(answer.status, sentence(answer));
      button.hidden = answer.status !== "failed";
      key = crypto.randomUUID();
    } catch (error) {
      console.error(error);
      say("failed", error instanceof ShopError && error.code === "refund_too_large" ? text.refundedAlready : text.notRefunded);
    }
    button.removeAttribute("aria-disabled");
  };
}

function sentence({ status, amount: given, code }) {
  if (status === "done") return text.refunded(amount(given));
  if (status === "pending") return text.refundPending(amount(given));
  return code === "refund_not_supported" ? text.refundElsewhere : text.notRefunded;
}

function say(status, words) {
  const said = document.querySelector("[data-refund-said]");
  said.dataset.refundStatus = status;
  said.textContent = words;
}
