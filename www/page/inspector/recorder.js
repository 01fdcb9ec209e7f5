// Keeps what the component tells of one order, in this tab, so that a payment
// that leaves for the bank and comes back stays one picture. Traces hold no
// card, token or key; nothing else is kept here.

import { PAGE } from "./model.js";

const KEY = "dingin.trace";

/** More than any payment has; the oldest go first. */
const MOST_LINES = 500;

/**
 * Goes on where the page before stopped, if it was about the same order.
 * @param {import("kasa-checkout").Kasa} kasa
 * @param {string} reference of the order
 * @param {(lines: object[]) => void} changed
 */
export function record(kasa, reference, changed) {
  const lines = [...kept(reference), { kind: PAGE, at: Date.now() }];
  const add = (line) => {
    lines.push(line);
    if (lines.length > MOST_LINES) lines.shift();
    keep(reference, lines);
    changed(lines);
  };
  changed(lines);
  return kasa.on("trace", add);
}

function kept(reference) {
  try {
    const { of, lines } = JSON.parse(sessionStorage.getItem(KEY)) ?? {};
    return of === reference && Array.isArray(lines) ? lines : [];
  } catch {
    return [];
  }
}

function keep(reference, lines) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ of: reference, lines }));
  } catch {
    // Storage is shut or full: the picture ends with the page.
  }
}
