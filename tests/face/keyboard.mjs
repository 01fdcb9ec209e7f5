// A shopper without a pointer: where the focus is, told in words, and the keys
// that move it. At no time it may be nowhere, or unseen.

import assert from "node:assert/strict";

/** More steps than any page here has places to stop at. */
const MOST = 80;
const LED_WITHIN_MS = 15_000;

/**
 * Where the focus is, through shadow roots: `card/number`, `apm 12 otp/pay`,
 * `dialog/close`. `seen`: whether it shows.
 */
function focused() {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  if (!at || at === document.body) return { name: "nowhere", seen: false };
  const section = at.closest("[data-method]")?.dataset;
  const form = section ? Object.values({ method: section.method, connection: section.connection, kind: section.kind }).filter(Boolean).join(" ") : at.closest("[part=otp], dialog")?.getAttribute("part");
  const own = at.getAttribute("name") ?? at.getAttribute("part") ?? at.id ?? at.localName;
  const ring = [at, at.closest("label")].some((each) => {
    const { outlineStyle, outlineWidth } = each ? getComputedStyle(each) : {};
    return each && outlineStyle !== "none" && parseFloat(outlineWidth) > 0;
  });
  // A message that is led to is read, not used.
  const isMessage = at.tabIndex < 0;
  return { name: [form, own].filter(Boolean).join("/"), seen: ring || isMessage || at.localName === "iframe" };
}

export class Keyboard {
  /** @param {import("playwright-core").Page} page */
  constructor(page) {
    this.page = page;
  }

  async place() {
    const { name } = await this.page.evaluate(focused).catch(() => ({ name: "between two pages" }));
    return name;
  }

  /** Waits until the focus is there. */
  async isLedTo(name) {
    const late = Date.now() + LED_WITHIN_MS;
    while ((await this.place()) !== name && Date.now() < late) await this.page.evaluate(() => new Promise(requestAnimationFrame)).catch(() => {});
    assert.equal(await this.place(), name);
  }

  press = (...keys) => keys.reduce((before, key) => before.then(() => this.page.keyboard.press(key)), Promise.resolve());
  type = (text) => this.page.keyboard.type(text);

  /** By Tab, or another key, until it is there. */
  async goesTo(name, key = "Tab") {
    const passed = [];
    for (let steps = 0; steps < MOST; steps += 1) {
      const { name: here, seen } = await this.page.evaluate(focused);
      if (here === name) {
        assert.ok(seen, `the focus on ${here} does not show`);
        return;
      }
      passed.push(here);
      await this.page.keyboard.press(key);
    }
    assert.fail(`${name} is not reached by ${key}: ${passed.join(", ")}`);
  }

  /** Opens a way to pay and goes to its first place. */
  async chooses(way) {
    await this.goesTo(`${way}/choose`);
    await this.press("Enter");
  }

  /** By Tab to something on a page of others, in a frame too. */
  async finds(there) {
    await there.waitFor();
    for (let steps = 0; steps < MOST; steps += 1) {
      if (await there.evaluate((element) => element === document.activeElement && document.hasFocus())) return;
      await this.page.keyboard.press("Tab");
    }
    assert.fail(`${there} is not reached`);
  }
}
