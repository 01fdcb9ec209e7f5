// What the shop sells, and what a cart costs. The page's own prices count for
// nothing here.

import { readFileSync } from "node:fs";

const catalogue = new Map(
  JSON.parse(readFileSync(new URL("../catalogue.json", import.meta.url), "utf8")).map((product) => [product.id, product]),
);

const MOST_OF_ONE = 20;

/** What the shopper asked for does not make an order. */
export class BadCart extends Error {}

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
