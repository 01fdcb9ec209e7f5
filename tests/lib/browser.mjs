// The system's Chromium for a test file, driven by real input events.

import { chromium } from "playwright-core";

import { findBrowser } from "../../scripts/setup.mjs";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * @param {{ flags?: string[], without?: string[], whole?: boolean }} options further flags, and those of playwright's that
 *   are to be left out; `whole`: with the browser around the engine, such as its autofill
 * @returns {Promise<import("playwright-core").Browser>}
 */
export async function startBrowser({ flags = [], without, whole } = {}) {
  const { browser } = await findBrowser({ whole });
  return chromium.launch({ executablePath: browser, args: [...FLAGS, ...flags], ignoreDefaultArgs: without });
}
