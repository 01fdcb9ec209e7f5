// The checkout page: makes the order, mounts the component, and after a result
// asks the shop's own server. Nothing the page itself says makes an order paid.

import { init, isKasaError } from "kasa-checkout";

import "./style/base.css";
import "./style/lines.css";
import "./style/checkout.css";
import "./style/trials.css";
import { clearCart, readCart, totalOf } from "./cart.js";
import { productOf } from "./catalogue.js";
import { h } from "./dom.js";
import { showHints } from "./hints.js";
import { inspect } from "./inspector/panel.js";
import { ShopError, forgetOrder, orderFor, readConfig, readOrder, remembered } from "./order.js";
import { offerRefund } from "./refund.js";
import { amount, locale, price, showLanguageLink, text, translatePage } from "./text.js";
import { challenge, showTrials, trials } from "./trials.js";

/** An order with one of these codes is over; the next try needs a new one. */
const OVER = ["checkout_expired", "checkout_not_found"];

const CONFIRM_TRIES = 10;
const CONFIRM_EVERY_MS = 1_500;

const find = (selector) => document.querySelector(selector);
const show = (selector, shown) => (find(selector).hidden = !shown);

let kasa = null;

translatePage("checkoutTitle");
find("[data-retry]").addEventListener("click", start);
start();

async function start() {
  show("[data-shop-error]", false);
  show("[data-loading]", true);
  kasa?.destroy();
  kasa = null;
  const cart = readCart();
  const returned = new URLSearchParams(location.search).get("siparis");
  const lines = cartOf(returned) ?? (returned ? [] : cart);
  drawSummary(lines, totalOf(lines));
  try {
    if (!cart.length && !returned) throw new ShopError("empty_cart");
    const { merchant, sandbox } = await readConfig();
    const { reference, checkout } = await orderFor(cart, { challenge, trials });
    showOrder(reference);
    kasa = await init({ merchant, checkout, locale, challenge });
    inspect(kasa, reference);
    kasa.on("result", (result) => settled(result, reference));
    // The component tells its own errors, but this one is its end.
    kasa.on("error", (error) => error.code === "internal" && fail(error));
    kasa.on("change", ({ phase }) => offer(phase));
    kasa.mount("#checkout");
    showHints(kasa, sandbox);
    // For the browser's console: `await kasa.resume()`, `kasa.pay({…})`.
    Object.assign(globalThis, { kasa, kasaCheckout: { init, checkout } });
    // A payment that was taken up leaves nothing to choose until it has ended.
    offer("waiting");
    kasa.resume().then((result) => ["paid", "pending"].includes(result?.status) || offer("ready"), () => {});
  } catch (error) {
    fail(error);
  }
  show("[data-loading]", false);
  // Whether the form opened or not: the order may have been paid by now.
  if (returned) await recall(returned).catch(console.error);
}

/** What an order holds, when this tab made it. */
function cartOf(reference) {
  const order = remembered();
  return order?.reference === reference ? order.cart : null;
}

/** Marks the page with its order, and lets the links of this page keep it. */
function showOrder(reference) {
  find("[data-order]").dataset.order = reference;
  find("[data-reference]").textContent = reference;
  showLanguageLink();
  showTrials();
}

/** After a return or a reload: the server knows what the order comes to, and whether it is paid. */
async function recall(reference) {
  const order = await readOrder(reference);
  drawSummary(cartOf(reference) ?? [], order.amount);
  if (order.status === "paid") thank(reference, order);
}

/** While a payment runs nothing can be chosen; what to type is still good to know. */
function offer(phase) {
  show("[data-trials]", ["ready", "busy", "waiting"].includes(phase));
  show("[data-choices]", phase === "ready");
}

async function settled(result, reference) {
  if (result.status !== "paid" && result.status !== "pending") return;
  try {
    const order = await confirmed(reference);
    if (order) thank(reference, order);
    else if (result.status === "paid") throw new ShopError("not_confirmed");
  } catch (error) {
    fail(error);
  }
}

/** The order, once the shop's server has learned that it is paid; null if it does not within a while. */
async function confirmed(reference) {
  for (let tries = 0; tries < CONFIRM_TRIES; tries += 1) {
    if (tries) await new Promise((settle) => setTimeout(settle, CONFIRM_EVERY_MS));
    const order = await readOrder(reference);
    if (order.status === "paid") return order;
  }
  return null;
}

function thank(reference, order) {
  const panel = find("[data-order-status]");
  if (panel.dataset.orderStatus === "paid") return;
  if (cartOf(reference)) clearCart();
  panel.dataset.orderStatus = "paid";
  panel.hidden = false;
  show("[data-shop-error]", false);
  offer("done");
  offerRefund(reference, order);
  const title = find("[data-title]");
  title.textContent = text.thanks;
  title.focus();
}

/** Names what went wrong: to the shopper in a sentence, to the shop's people in the component's own words. */
function fail(error) {
  console.error(error);
  const panel = find("[data-shop-error]");
  panel.dataset.code = error.code ?? "unexpected";
  panel.querySelector("[data-message]").textContent = sentence(error);
  panel.querySelector("[data-detail]").textContent = isKasaError(error) ? `${error.code}: ${error.message}` : "";
  panel.querySelector("[data-retry]").hidden = error.code === "empty_cart";
  panel.hidden = false;
  if (OVER.includes(error.code)) forgetOrder();
}

function sentence(error) {
  if (OVER.includes(error.code)) return text.orderOver;
  if (isKasaError(error)) return error.code === "internal" ? text.formBroke : text.formFailed;
  return { empty_cart: text.nothingToPay, not_confirmed: text.notConfirmed }[error.code] ?? text.unreachable;
}

function drawSummary(lines, due) {
  show(".summary", due > 0);
  find("[data-summary]").replaceChildren(
    h("ul", { class: "lines" }, ...lines.map(summaryLine)),
    h("p", { class: "total" }, h("span", {}, text.total), h("strong", {}, amount(due))),
    h("p", { class: "muted small" }, text.vat),
  );
}

function summaryLine({ id, quantity }) {
  const product = productOf(id);
  return h(
    "li",
    {},
    h("img", { src: product.picture, alt: "", width: 56, height: 62 }),
    h("div", {}, h("p", { class: "line-name" }, product.name), h("p", { class: "muted small" }, `${quantity} × ${price(product.price)}`)),
    h("span", { class: "amount" }, price(product.price * quantity)),
  );
}
