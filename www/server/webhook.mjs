// What the merchant server tells the shop by itself, in the form of Standard
// Webhooks: signed, and sent again until it is accepted. Kept in memory; after
// a restart the merchant server is asked instead.

import { Webhook } from "standardwebhooks";

/** Orders that are remembered; the oldest go first. */
const MOST_ORDERS = 1_000;

/** Not signed with the secret that both sides share, too old, or no JSON. */
export class BadWebhook extends Error {}

/** @param {{ webhookSecret: string | null }} settings without a secret nothing is believed */
export function createAnnouncements({ webhookSecret }) {
  const verifier = webhookSecret ? new Webhook(webhookSecret) : null;
  const orders = new Map();

  return {
    /**
     * Takes an announcement in. Twice is as good as once, and a late one takes nothing back.
     * @param {Buffer} body the very bytes received
     * @param {Record<string, string>} headers
     * @throws {BadWebhook}
     */
    hear(body, headers) {
      const { type, data } = verified(verifier, body, headers);
      if (!["order.paid", "order.refunded"].includes(type)) return;
      const { reference, amount, currency, refundedAmount = 0 } = data;
      const known = orders.get(reference);
      orders.delete(reference);
      orders.set(reference, { status: "paid", amount, currency, refunded: Math.max(refundedAmount, known?.refunded ?? 0) });
      if (orders.size > MOST_ORDERS) orders.delete(orders.keys().next().value);
    },

    /** `{status: "paid", amount, currency, refunded}` of an order that was announced as paid, in kuruş. */
    of: (reference) => orders.get(reference),
  };
}

function verified(verifier, body, headers) {
  if (!verifier) throw new BadWebhook("no WEBHOOK_SECRET is set");
  try {
    const { type, data } = verifier.verify(body, headers);
    if (typeof type === "string" && typeof data?.reference === "string") return { type, data };
  } catch (error) {
    throw new BadWebhook(error.message);
  }
  throw new BadWebhook("an announcement without type or order");
}
