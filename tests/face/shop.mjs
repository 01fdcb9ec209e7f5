// The demo shop as a shopper's fingers meet it: a new order on its checkout
// page, and the fields of a form there.

import assert from "node:assert/strict";

import { startBrowser } from "../lib/browser.mjs";
import { SHOP, servers } from "./servers.mjs";

/** A shop with a browser of its own, for one test file; `options` as in `startBrowser`. */
export async function openShop(options) {
  const browser = await startBrowser(options);
  return {
    browser,
    /** A page on a new order; `trials` as in the shop's trials.json. `order`: one that this shop does not make by itself. */
    async checkout({ challenge = "frame", locale = "tr", trials = [], order, ...context } = {}) {
      const { reference, checkout } = await (order ? made(servers.desk, order) : made(`${SHOP}/api/order`, { ...CART, challenge, locale, trials }));
      const pages = await browser.newContext({ locale: "tr-TR", permissions: ["clipboard-read", "clipboard-write"], ...context });
      const page = await pages.newPage();
      const parameters = { siparis: reference, kasa_checkout: checkout, ...(challenge === "frame" && { mod: "frame" }), dil: locale };
      await page.goto(`${SHOP}/odeme?${new URLSearchParams(parameters)}`);
      await page.locator("[part=methods]").waitFor();
      return page;
    },
    async close() {
      await browser.close();
      await servers.stop();
    },
  };
}

const CART = { cart: [{ id: "kase", quantity: 1 }] };

async function made(url, order) {
  const answer = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(order) });
  assert.ok(answer.ok, `${url} answers ${answer.status}`);
  return answer.json();
}

/** What the sandbox recorded last, of `apm` or `pos`. */
export const latest = async (list) => (await (await fetch(`${servers.sandbox}/sandbox/${list}`)).json()).at(-1);

/** The section of a way to pay: its method, or the kind and connection of an alternative one. */
export const way = (page, method, connection) =>
  page.locator(`[part=method][data-method=${method}]` + (connection ? `[data-connection="${connection}"]` : ""));

/** One field under a person's hands. */
export class Field {
  /** @param {import("playwright-core").Locator} form */
  constructor(form, name) {
    this.input = form.locator(`input[name=${name}]`);
    this.error = form.locator(`#${name}-error, [id$="-${name}-error"]`);
    this.page = form.page();
  }

  async type(keys) {
    await this.input.focus();
    await this.page.keyboard.type(keys);
  }

  async press(...keys) {
    await this.input.focus();
    for (const key of keys) await this.page.keyboard.press(key);
  }

  /** By the clipboard and its keys, over what is selected. */
  async paste(text) {
    await this.page.evaluate((text) => navigator.clipboard.writeText(text), text);
    await this.press("Control+v");
  }

  /** As browsers do it: the value is there at once, and two events tell so. */
  async isFilledWith(text) {
    await this.input.evaluate((input, text) => {
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(input, text);
      input.dispatchEvent(new InputEvent("input", { bubbles: true, composed: true, inputType: "insertReplacementText", data: text }));
      input.dispatchEvent(new Event("change", { bubbles: true }));
    }, text);
  }

  /** With the caret at `|`, or what is between two of them selected. */
  async stands(marked) {
    const [start, end = start] = [...marked.matchAll(/\|/g)].map(({ index }, place) => index - place);
    await this.input.evaluate((input, [start, end]) => input.setSelectionRange(start, end), [start, end]);
    assert.equal(await this.shown(), marked);
  }

  /** The text with the caret, `|`, in it; two of them around a selection. */
  shown() {
    return this.input.evaluate(({ value, selectionStart: start, selectionEnd: end }) => {
      const rest = start === end ? value.slice(end) : `${value.slice(start, end)}|${value.slice(end)}`;
      return `${value.slice(0, start)}|${rest}`;
    });
  }

  value() {
    return this.input.inputValue();
  }

  /** Whether this field has the focus. */
  hasFocus() {
    return this.input.evaluate((input) => input.getRootNode().activeElement === input);
  }
}
