// The shop window: products, and the cart beside them.

import "./style/base.css";
import "./style/lines.css";
import "./style/shop.css";
import { MOST_OF_ONE, changeCart, readCart, totalOf } from "./cart.js";
import { catalogue, productOf } from "./catalogue.js";
import { h } from "./dom.js";
import { amount, inLanguage, price, text, translatePage } from "./text.js";

translatePage("shopTitle");
document.querySelector("[data-products]").append(...catalogue.map(card));
drawCart();
// The cart may have changed in another tab, or on the way back from checkout.
window.addEventListener("storage", drawCart);
window.addEventListener("pageshow", drawCart);

function card(product, index) {
  return h(
    "li",
    { class: "product" },
    h("img", { src: product.picture, alt: "", width: 400, height: 440, loading: index < 3 ? "eager" : "lazy" }),
    h("div", { class: "product-text" }, h("h3", {}, product.name), h("p", { class: "muted" }, product.detail)),
    h("div", { class: "product-buy" }, h("span", { class: "price" }, price(product.price)), addButton(product)),
  );
}

function addButton(product) {
  const add = () => {
    changeCart(product.id, 1);
    drawCart();
    say(text.added(product.name));
  };
  return h("button", { type: "button", class: "button soft", "data-add": product.id, "aria-label": `${text.add}: ${product.name}`, click: add }, text.add);
}

function drawCart() {
  const cart = readCart();
  document.querySelector("[data-cart-count]").textContent = cart.reduce((sum, { quantity }) => sum + quantity, 0);
  document.querySelector("[data-cart]").replaceChildren(...(cart.length ? filled(cart) : [h("p", { class: "muted" }, text.emptyCart)]));
}

function filled(cart) {
  return [
    h("ul", { class: "lines" }, ...cart.map(line)),
    h("p", { class: "total" }, h("span", {}, text.total), h("strong", {}, amount(totalOf(cart)))),
    h("p", { class: "muted small" }, text.vat),
    h("a", { class: "button wide", href: inLanguage("/odeme"), "data-checkout": true }, text.toCheckout),
  ];
}

function line({ id, quantity }) {
  const product = productOf(id);
  return h(
    "li",
    {},
    h("img", { src: product.picture, alt: "", width: 56, height: 62 }),
    h("div", {}, h("p", { class: "line-name" }, product.name), h("p", { class: "muted small" }, price(product.price * quantity))),
    h(
      "div",
      { class: "stepper" },
      step(product, -1, "−", text.less(product.name)),
      h("span", { "data-quantity": id }, String(quantity)),
      step(product, 1, "+", text.more(product.name), quantity >= MOST_OF_ONE),
    ),
  );
}

function step({ id }, change, sign, label, disabled = false) {
  const name = `${id}${change}`;
  const click = () => {
    changeCart(id, change);
    drawCart();
    // The buttons are drawn anew: the keyboard stays where it was.
    (document.querySelector(`[data-step="${name}"]:not([disabled])`) ?? document.querySelector("#sepet a, [data-add]"))?.focus();
  };
  return h("button", { type: "button", "data-step": name, "aria-label": label, disabled, click }, sign);
}

const say = (words) => (document.querySelector("[data-said]").textContent = words);
