// The browsers that the tests drive, with their WebDriver servers. Node built-ins
// only: set-up asks here what is missing.

import { existsSync } from "node:fs";
import { join } from "node:path";

import { tools } from "./project.mjs";
import { which } from "./run.mjs";

// Debian keeps it off the PATH, in a folder an architecture.
const MINI_BROWSERS = ["x86_64", "aarch64"].map((machine) => `/usr/lib/${machine}-linux-gnu/webkit2gtk-4.1/MiniBrowser`);

/** Chromium's engine without the browser around it: a page of it costs a third of the time. */
export const CHROMIUM_SHELL = "chromium-headless-shell";

const there = (...paths) => paths.find((path) => existsSync(path)) ?? null;

/** An engine's programs, by the variable that names another one and tells the tests; null for one that is missing. */
const ENGINES = {
  chromium: {
    KASA_CHROMIUM: ({ whole }) => which(...(whole ? [] : [CHROMIUM_SHELL]), "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
    KASA_CHROMEDRIVER: () => which("chromedriver"),
  },
  firefox: {
    KASA_FIREFOX: () => which("firefox-esr", "firefox"),
    KASA_GECKODRIVER: () => there(join(tools, "bin", "geckodriver")),
  },
  webkit: {
    KASA_MINIBROWSER: () => there(...MINI_BROWSERS),
    KASA_WEBKITDRIVER: () => which("WebKitWebDriver"),
    KASA_XVFB: () => which("Xvfb"),
  },
};

/**
 * Where an engine's programs are.
 * @param {"chromium" | "firefox" | "webkit"} engine
 * @param {{ whole?: boolean }} options `whole`: with the browser around the engine, where it can be had without
 * @returns {Promise<Record<string, string | null>>}
 */
export async function programsOf(engine, options = {}) {
  const found = Object.entries(ENGINES[engine]).map(async ([variable, find]) => [variable, process.env[variable] ?? (await find(options))]);
  return Object.fromEntries(await Promise.all(found));
}

/**
 * Chromium and chromedriver on this machine, or null for one that is missing.
 * @param {{ whole?: boolean }} options as in `programsOf`
 */
export async function findBrowser(options) {
  const { KASA_CHROMIUM: browser, KASA_CHROMEDRIVER: driver } = await programsOf("chromium", options);
  return { browser, driver };
}

/** The name by which a WebDriver session asks for this Chromium: its driver starts the two in different ways. */
export const sessionName = (browser) => (browser.includes(CHROMIUM_SHELL) ? "chrome-headless-shell" : "chrome");
