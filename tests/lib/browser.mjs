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
 * @param {{ flags?: string[], without?: string[] }} options further flags, and those of playwright's that are to be left out
 * @returns {Promise<import("playwright-core").Browser>}
 */
export async function startBrowser({ flags = [], without } = {}) {
  const { browser } = await findBrowser();
  return chromium.launch({ executablePath: browser, args: [...FLAGS, ...flags], ignoreDefaultArgs: without });
}
