// What the gallery's tests stand on: the demo shop's server with nothing
// behind it, and a Chromium that draws the same on every machine.

import { createServer } from "node:http";

import { createShop } from "../../www/server/app.mjs";
import { startBrowser } from "../lib/browser.mjs";

/** Letters and colours as they are, whatever the machine thinks of them. */
const FLAGS = ["--font-render-hinting=none", "--disable-lcd-text", "--force-color-profile=srgb"];

/** The looks that every state is seen in. */
export const LOOKS = [
  { name: "light", address: { tema: "light" } },
  { name: "dark", address: { tema: "dark" } },
  { name: "rtl", address: { tema: "light", dil: "ar" } },
];

const STILL_WITHIN_MS = 30_000;

/**
 * The shop, and in place of a bank an empty page.
 * @returns {Promise<{ url: string, close: () => void }>}
 */
export async function startGallery() {
  const html = { "content-type": "text/html" };
  const bank = await listening(createServer((_request, response) => response.writeHead(200, html).end("<!doctype html><title>Bank</title>")));
  const shop = await listening(createServer());
  const url = `http://localhost:${shop.address().port}`;
  const sandbox = `http://127.0.0.1:${bank.address().port}`;
  const nobody = { merchant: "http://localhost:1", merchantKey: "none", webhookSecret: null };
  shop.on("request", createShop({ url, sandbox, paywall: [sandbox], ...nobody }));
  const close = () => {
    for (const server of [shop, bank]) {
      server.close();
      server.closeAllConnections();
    }
  };
  return { url, close };
}

const listening = (server) => new Promise((settle) => server.listen(0, "127.0.0.1", () => settle(server)));

/** The whole browser: its engine alone draws a few pixels differently. */
export const startPainter = () => startBrowser({ flags: FLAGS, whole: true });

/** A tab that states are shown in, one after the other: what it has loaded once it keeps. */
export class Tab {
  /** What the page complained of, and what its policy refused, since the state was opened. */
  complaints = [];
  #page;

  static async open(browser) {
    const context = await browser.newContext({ deviceScaleFactor: 1, reducedMotion: "reduce", locale: "tr-TR", timezoneId: "Europe/Istanbul" });
    const tab = new Tab();
    tab.#page = await context.newPage();
    await tab.#listen();
    return tab;
  }

  get page() {
    return this.#page;
  }

  async #listen() {
    await this.#page.exposeFunction("tellViolation", (what) => this.complaints.push(what));
    await this.#page.addInitScript(() =>
      document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sourceFile }) =>
        window.tellViolation(`The policy refuses ${violatedDirective}: ${blockedURI} (${sourceFile}).`),
      ),
    );
    this.#page.on("pageerror", (error) => this.complaints.push(`An error nobody caught: ${error}`));
    this.#page.on("console", (message) => {
      // Chromium itself tells of each refusal that a state's script has.
      const scripted = message.text().startsWith("Failed to load resource") && message.location().url.includes("/galeri/api/");
      if (message.type() === "error" && !scripted) this.complaints.push(`The console says: ${message.text()}`);
    });
  }

  /** Opens any other page of the shop. */
  async visit(address, width) {
    this.complaints = [];
    await this.#page.setViewportSize({ width, height: 800 });
    await this.#page.goto(address);
  }

  /** Shows a state, and waits until it stands still. */
  async show(url, state, look, width) {
    this.complaints = [];
    await this.resize(state, width);
    await this.#page.goto(`${url}/galeri/${state.name}?${new URLSearchParams(look.address)}`);
    const standing = await this.#page.waitForFunction(
      () => document.documentElement.dataset.standing !== "playing" && document.documentElement.dataset.standing,
      null,
      { timeout: STILL_WITHIN_MS },
    );
    if ((await standing.jsonValue()) !== "still") throw new Error(await this.#page.textContent("[data-problem]"));
  }

  /** A dialog fills the window, so that is as high as a window is; the rest is to be seen whole. */
  async resize(state, width) {
    const windowed = width < 600 ? 640 : 800;
    await this.#page.setViewportSize({ width, height: state.dialog ? windowed : 2_000 });
    await this.#page.evaluate(() => new Promise((settle) => requestAnimationFrame(() => requestAnimationFrame(settle))));
  }
}
