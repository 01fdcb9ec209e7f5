// Speaks with the shop's own server about the order, and remembers the open one
// in this tab, so that a reload does not make another.

import { inLanguage, locale } from "./text.js";

const KEY = "dingin.order";

/** The shop's server could not be reached, or refused. */
export class ShopError extends Error {
  constructor(code, options) {
    super(code, options);
    this.name = "ShopError";
    this.code = code;
  }
}

async function call(path, init) {
  const answer = await fetch(path, init).catch((cause) => {
    throw new ShopError("unreachable", { cause });
  });
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new ShopError(body.code ?? `http_${answer.status}`);
  return body;
}

/** `{merchant, sandbox}`: where the component finds the merchant server, and this page the sandbox, if there is one. */
export const readConfig = () => call("/api/config");

/** What the merchant server told the shop: `{status: "open" | "paid" | "expired", amount, refunded}`. */
export const readOrder = (reference) => call(`/api/order/${encodeURIComponent(reference)}`);

/**
 * Gives back what was paid. The same key is the same refund.
 * @returns {Promise<{ status: "pending" | "done" | "failed", amount: number, code?: string }>}
 */
export const refund = (reference, key) =>
  call(`/api/order/${encodeURIComponent(reference)}/refund`, { method: "POST", headers: { "idempotency-key": key } });

/**
 * The order this page is about: the one in its address (a shopper back from
 * the bank, or a reload), else a new one of the cart.
 * @param {object[]} cart
 * @param {{ challenge: string, trials: string[] }} wishes
 * @returns {Promise<{ reference: string, checkout: string }>}
 */
export async function orderFor(cart, wishes) {
  const parameters = new URLSearchParams(location.search);
  const reference = parameters.get("siparis");
  const checkout = parameters.get("kasa_checkout");
  if (reference && checkout) return { reference, checkout };

  const { reference: made, checkout: id } = (await reusable(cart, wishes)) ?? (await create(cart, wishes));
  const url = new URL(location.href);
  url.searchParams.set("siparis", made);
  url.searchParams.set("kasa_checkout", id);
  history.replaceState(null, "", url);
  return { reference: made, checkout: id };
}

async function create(cart, { challenge, trials }) {
  const order = await call("/api/order", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ cart, challenge, trials, locale }),
  });
  sessionStorage.setItem(KEY, JSON.stringify({ ...order, cart, trials }));
  return order;
}

/** The order this tab made of the very same cart and wishes, while it can still be paid. */
async function reusable(cart, { trials }) {
  const order = remembered();
  if (!order || JSON.stringify([order.cart, order.trials]) !== JSON.stringify([cart, trials])) return null;
  const { status } = await readOrder(order.reference).catch(() => ({}));
  return status === "open" ? order : null;
}

/** `{reference, checkout, amount, cart, trials}` of this tab's last order, or null. */
export function remembered() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY));
  } catch {
    return null;
  }
}

/** Leaves the order: the next visit makes a new one. */
export function forgetOrder() {
  sessionStorage.removeItem(KEY);
  history.replaceState(null, "", withoutOrder(location.href));
}

/** An address of the checkout page that is about no order yet. */
export function withoutOrder(href) {
  const url = new URL(inLanguage(href), location.href);
  url.searchParams.delete("siparis");
  url.searchParams.delete("kasa_checkout");
  return url;
}
