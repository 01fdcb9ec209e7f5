// The shop's side of an order: prices come from its own catalogue, the order is
// made at the merchant server, and only the merchant server says it is paid.

import { randomInt } from "node:crypto";
import { readFileSync } from "node:fs";

import { priced } from "./catalogue.mjs";

/** The demo has no sign-in and no address form: everything goes to the same door. */
const CUSTOMER = {
  // The shop's own name for her, under which cards are kept.
  id: "elif",
  fullName: "Elif Yılmaz",
  phone: "5551112233",
  email: "elif@example.com",
  country: "Türkiye",
  city: "İstanbul",
  address: "Moda Caddesi 12/3, Kadıköy",
  // Nobody's, though its check digits are right.
  identityNumber: "10000000146",
};

/**
 * What may be tried out: at the counter (a terminal is rung), as a guest (no
 * card is kept), without an identity number (who needs one asks for it).
 * Each with its parameter in the page's address.
 */
const TRIALS = JSON.parse(readFileSync(new URL("../trials.json", import.meta.url), "utf8"));

/** What the payment form speaks; the shop itself has the first two. */
const LOCALES = ["tr", "en", "de", "ru", "ar"];

/**
 * @param {{ url: string }} settings
 * @param {ReturnType<import("./merchant.mjs").createMerchant>} ask
 * @param {ReturnType<import("./webhook.mjs").createAnnouncements>} announcements
 */
export const createOrders = ({ url }, ask, announcements) => ({
  /**
   * Makes an order of a cart.
   * @param {{ cart: unknown, challenge?: unknown, locale?: unknown, trials?: unknown }} wanted `trials`: some of {@link TRIALS}
   */
  async create({ cart, challenge, locale, trials }) {
    const lines = priced(cart);
    const spoken = LOCALES.includes(locale) ? locale : "tr";
    const language = spoken === "tr" ? "tr" : "en";
    const wanted = Object.keys(TRIALS).filter((trial) => Array.isArray(trials) && trials.includes(trial));
    const reference = newReference();
    const order = await ask("", {
      body: {
        reference,
        amount: lines.reduce((sum, line) => sum + line.amount, 0),
        currency: "TRY",
        description: lines.map(({ product, quantity }) => `${quantity} × ${product.name[language]}`).join(", "),
        locale: spoken,
        returnUrl: returnUrl(url, { reference, frame: challenge === "frame", locale: spoken, trials: wanted }),
        customer: customer(wanted),
        products: lines.map((line) => item(line, language)),
        ...(wanted.includes("counter") && { terminal: {} }),
      },
    });
    return { reference, checkout: order.checkout, amount: order.amount };
  },

  /** What became of an order: as it was announced, else as the merchant server answers. Amounts in kuruş. */
  async status(reference) {
    const announced = announcements.of(reference);
    if (announced) return { ...announced, announced: true };
    const { status, amount, currency, refundedAmount = 0 } = await ask(of(reference));
    return { status, amount, currency, refunded: refundedAmount, announced: false };
  },

  /**
   * Gives back what was paid. The same key is the same refund.
   * @returns {Promise<{ status: "pending" | "done" | "failed", amount: number, code?: string }>}
   */
  async refund(reference, key) {
    const { status, amount, error } = await ask(`${of(reference)}/refunds`, { body: {}, headers: { "idempotency-key": key } });
    return { status, amount, code: error?.code };
  },
});

const of = (reference) => `/${encodeURIComponent(reference)}`;

function customer(trials) {
  const { id, identityNumber, ...known } = CUSTOMER;
  return { ...known, ...(!trials.includes("guest") && { id }), ...(!trials.includes("anonymous") && { identityNumber }) };
}

const item = ({ product, quantity, amount }, language) => ({
  id: product.id,
  name: product.name[language],
  category: "Seramik",
  description: `${quantity} × ${product.detail[language]}`,
  amount,
});

/** Where the shopper comes back to, in the same guise. */
function returnUrl(shop, { reference, frame, locale, trials }) {
  const url = new URL("/odeme", shop);
  url.searchParams.set("siparis", reference);
  if (frame) url.searchParams.set("mod", "frame");
  for (const trial of trials) url.searchParams.set(...TRIALS[trial]);
  if (locale !== "tr") url.searchParams.set("dil", locale);
  return url.href;
}

// Read out on the telephone: no letter that looks like a digit.
const ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ";

const newReference = () => `DNG-${Array.from({ length: 10 }, () => ALPHABET[randomInt(ALPHABET.length)]).join("")}`;
