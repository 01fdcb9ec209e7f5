// The cart, kept in this browser: `[{id, quantity}]`.

import { productOf } from "./catalogue.js";

const KEY = "dingin.cart";

/** The most of one product that an order may hold; the server holds to it too. */
export const MOST_OF_ONE = 20;

export function readCart() {
  try {
    const stored = JSON.parse(localStorage.getItem(KEY)) ?? [];
    return stored.filter(({ id, quantity }) => productOf(id) && Number.isInteger(quantity) && quantity > 0 && quantity <= MOST_OF_ONE);
  } catch {
    // Storage is shut or was written by something else.
    return [];
  }
}

/** Puts `change` more (or less) of a product into the cart. */
export function changeCart(id, change) {
  const cart = readCart();
  const line = cart.find((each) => each.id === id) ?? { id, quantity: 0 };
  line.quantity = Math.min(line.quantity + change, MOST_OF_ONE);
  if (!cart.includes(line)) cart.push(line);
  localStorage.setItem(KEY, JSON.stringify(cart.filter(({ quantity }) => quantity > 0)));
}

export const clearCart = () => localStorage.removeItem(KEY);

/** What the cart comes to, in kuruş. */
export const totalOf = (cart) => cart.reduce((sum, { id, quantity }) => sum + productOf(id).price * quantity, 0);
