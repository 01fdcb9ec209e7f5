// What a screen reader is told in each state of the component, in Turkish: the
// names of all that can be reached, and in which order the live regions spoke on
// the way there. It stands in names.txt to be read; when a change is meant,
//
//   KASA_UPDATE_NAMES=1 npm test -- --only face

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { after, before, test } from "node:test";

import { STATES } from "../../www/gallery/states.js";
import { Tab, startGallery, startPainter } from "../gallery/support.mjs";

const KEPT = new URL("names.txt", import.meta.url);
const UPDATE = Boolean(process.env.KASA_UPDATE_NAMES);
const LOOK = { name: "light", address: { tema: "light" } };

let gallery, browser, tab, kept;
const found = new Map();

before(async () => {
  kept = UPDATE ? new Map() : read(await readFile(KEPT, "utf8"));
  [gallery, browser] = await Promise.all([startGallery(), startPainter()]);
  tab = await Tab.open(browser);
  await tab.page.addInitScript(listen);
});
after(async () => {
  await browser?.close();
  gallery?.close();
});

/** Hears the live regions of every shadow root, from its first word on. */
function listen() {
  window.heard = [];
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (options) {
    const root = attach.call(this, options);
    new MutationObserver((changes) => {
      for (const { target } of changes) {
        const region = (target.closest ? target : target.parentElement)?.closest("[role=status], [role=alert], [aria-live]");
        const said = region?.checkVisibility() ? region.textContent : "";
        if (said && window.heard.at(-1) !== said) window.heard.push(said);
      }
    }).observe(root, { childList: true, characterData: true, subtree: true });
    return root;
  };
}

/** The accessible tree of the component, and below it what was said. */
async function told() {
  const hosts = await tab.page.locator("kasa-drop-in, kasa-challenge").all();
  const trees = await Promise.all(hosts.map((host) => host.ariaSnapshot()));
  const heard = await tab.page.evaluate(() => window.heard);
  return [...trees, ...heard.map((said) => `» ${said}`)].join("\n").trim();
}

/** The kept file by state. */
function read(text) {
  const parts = text.split(/^## /m).slice(1).map((part) => [part.indexOf("\n"), part]);
  return new Map(parts.map(([end, part]) => [part.slice(0, end), part.slice(end).trim()]));
}

// Why a payment failed differs in its sentence alone; one of them stands for all.
const SPOKEN = STATES.filter(({ name }) => !name.startsWith("failed-") || name === "failed-declined");

for (const state of SPOKEN) {
  test(`${state.name}: ${state.title.en}`, async () => {
    await tab.show(gallery.url, state, LOOK, 1280);

    found.set(state.name, await told());

    if (UPDATE) await writeFile(KEPT, [...found].map(([name, told]) => `## ${name}\n${told}\n`).join("\n"));
    else assert.equal(found.get(state.name), kept.get(state.name));
  });
}

test("no state is kept that there is no longer", () => {
  for (const name of kept.keys()) assert.ok(found.has(name), name);
});
