// The shop's side of an order: prices come from its own catalogue, the order is
// made at the merchant server, and only the merchant server says it is paid.

import { randomInt } from "node:crypto";
import { readFileSync } from "node:fs";

const catalogue = new Map(
  JSON.parse(readFileSync(new URL("../catalogue.json", import.meta.url), "utf8")).map((product) => [product.id, product]),
);

const MOST_OF_ONE = 20;
const TIMEOUT_MS = 10_000;

/** The demo has no address form: everything goes to the same door. */
const CUSTOMER = {
  fullName: "Elif Yılmaz",
  phone: "5551112233",
  email: "elif@example.com",
  country: "Türkiye",
  city: "İstanbul",
  address: "Moda Caddesi 12/3, Kadıköy",
};

/** What the shopper asked for does not make an order. */
export class BadCart extends Error {}

/** The merchant server could not be asked, or refused. */
export class MerchantError extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

/**
 * Prices a cart.
 * @param {unknown} cart `[{id, quantity}]`, from the browser
 * @returns {{ product: object, quantity: number, amount: number }[]} amounts in kuruş
 * @throws {BadCart}
 */
export function priced(cart) {
  if (!Array.isArray(cart) || cart.length === 0 || cart.length > catalogue.size) throw new BadCart("the cart is empty or too long");
  const seen = new Set();
  return cart.map((line) => {
    const { id, quantity } = line ?? {};
    const product = catalogue.get(id);
    if (!product || seen.has(id)) throw new BadCart("the cart names an unknown product, or one twice");
    if (!Number.isInteger(quantity) || quantity < 1 || quantity > MOST_OF_ONE) throw new BadCart(`a quantity is not between 1 and ${MOST_OF_ONE}`);
    seen.add(id);
    return { product, quantity, amount: product.price * quantity };
  });
}

/** @param {{ merchant: string, merchantKey: string, url: string }} settings */
export function createOrders({ merchant, merchantKey, url }) {
  async function ask(path, init) {
    const answer = await fetch(`${merchant}/v1/orders${path}`, {
      ...init,
      headers: { authorization: `Bearer ${merchantKey}`, "content-type": "application/json" },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).catch((error) => {
      throw new MerchantError(`the merchant server cannot be reached: ${error.message}`);
    });
    if (!answer.ok) throw new MerchantError(`the merchant server answered ${answer.status}: ${await answer.text()}`, answer.status);
    return answer.json();
  }

  return {
    /**
     * Makes an order of a cart.
     * @param {{ cart: unknown, challenge?: unknown, locale?: unknown }} wanted
     */
    async create({ cart, challenge, locale }) {
      const lines = priced(cart);
      const language = locale === "en" ? "en" : "tr";
      const reference = newReference();
      const order = await ask("", {
        method: "POST",
        body: JSON.stringify({
          reference,
          amount: lines.reduce((sum, line) => sum + line.amount, 0),
          currency: "TRY",
          description: lines.map(({ product, quantity }) => `${quantity} × ${product.name[language]}`).join(", "),
          locale: language,
          returnUrl: returnUrl(url, { reference, frame: challenge === "frame", language }),
          customer: CUSTOMER,
          products: lines.map(({ product, quantity, amount }) => ({
            id: product.id,
            name: product.name[language],
            category: "Seramik",
            description: `${quantity} × ${product.detail[language]}`,
            amount,
          })),
        }),
      });
      return { reference, checkout: order.checkout, amount: order.amount };
    },

    /** What became of an order, as the merchant server knows it. */
    async status(reference) {
      const { status, amount, currency } = await ask(`/${encodeURIComponent(reference)}`);
      return { status, amount, currency };
    },
  };
}

/** Where the shopper comes back to from the bank, in the same guise. */
function returnUrl(shop, { reference, frame, language }) {
  const url = new URL("/odeme", shop);
  url.searchParams.set("siparis", reference);
  if (frame) url.searchParams.set("mod", "frame");
  if (language !== "tr") url.searchParams.set("dil", language);
  return url.href;
}

// Read out on the telephone: no letter that looks like a digit.
const ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ";

const newReference = () => `DNG-${Array.from({ length: 10 }, () => ALPHABET[randomInt(ALPHABET.length)]).join("")}`;
