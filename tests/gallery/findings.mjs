// What can be wrong with a state that is on the screen. Each of these answers
// with sentences, none where all is well.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const RULES = {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  rules: { "target-size": { enabled: true } },
  resultTypes: ["violations"],
  // The bank's page is the bank's.
  iframes: false,
};

/** By axe-core, in the shadow roots too. */
export async function accessibility(page) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(AXE);
  const { violations } = await page.evaluate((rules) => window.axe.run(document, rules), RULES);
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `axe ${id}: ${help}\n    ${target.flat().join(" ")}\n    ${failureSummary.replaceAll("\n", "\n    ")}`),
  );
}

/** At the window's width as it is. */
export async function overflow(page, what) {
  const wide = await page.evaluate(() => {
    const roots = [document, ...[...document.querySelectorAll("*")].flatMap((node) => node.shadowRoot ?? [])];
    const beyond = roots
      .flatMap((root) => [...root.querySelectorAll("*")])
      .filter((node) => node.checkVisibility() && node.getBoundingClientRect().right > innerWidth + 0.5)
      .map((node) => node.outerHTML.slice(0, 120));
    return document.documentElement.scrollWidth > innerWidth ? ["the page scrolls sideways", ...beyond] : beyond;
  });
  return wide.map((node) => `Too wide ${what}: ${node}`);
}

/** The same with letters of twice the size. */
export async function overflowEnlarged(page) {
  await page.evaluate(() => (document.documentElement.style.fontSize = "200%"));
  const wide = await overflow(page, "at 640 px and 200 %");
  await page.evaluate(() => (document.documentElement.style.fontSize = ""));
  return wide;
}

/** For a finger: what can be pressed in the component is 44 px high. */
export async function smallTargets(page) {
  const small = await page.evaluate(() =>
    [...document.querySelectorAll("*")]
      .flatMap((node) => node.shadowRoot ?? [])
      .flatMap((root) => [...root.querySelectorAll("a, button, input")])
      // A radio button's target is all of its label.
      .map((node) => (/^(radio|checkbox)$/.test(node.type) ? node.closest("label") : node))
      .filter((node) => node.checkVisibility() && node.getBoundingClientRect().height < 44)
      .map((node) => `${node.getBoundingClientRect().height} px: ${node.outerHTML.slice(0, 120)}`),
  );
  return small.map((what) => `A target too small for a finger, ${what}`);
}
