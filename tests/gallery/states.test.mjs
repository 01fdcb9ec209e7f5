// Every state of the component, in every look: it is reached, accessible, keeps
// to the page's policy, fits narrow windows, and looks as it did.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { STATES } from "../../www/gallery/states.js";
import { accessibility, overflow, overflowEnlarged, smallTargets } from "./findings.mjs";
import { Pictures } from "./pictures.mjs";
import { LOOKS, Tab, startPainter, startGallery } from "./support.mjs";

const TABS = 2;
const WIDE = 1280;
const NARROW = 320;

/** Renews the pictures, and looks at nothing else. */
const UPDATE = Boolean(process.env.KASA_UPDATE_PICTURES);

let gallery;
let browser;
let pictures;
const free = [];

before(async () => {
  [gallery, browser] = await Promise.all([startGallery(), startPainter()]);
  pictures = await Pictures.open({ update: UPDATE, version: browser.version() });
  for (let i = 0; i < TABS; i += 1) free.push(await Tab.open(browser));
});

after(async () => {
  await pictures?.close(STATES.flatMap((state) => LOOKS.flatMap((look) => [WIDE, NARROW].map((width) => nameOf(state, look, width)))));
  await browser?.close();
  gallery?.close();
});

test("the page that lists them is accessible, and fits narrow windows", { skip: UPDATE }, async () => {
  const [tab] = free;
  const findings = [];
  for (const look of LOOKS) {
    await tab.visit(`${gallery.url}/galeri?${new URLSearchParams(look.address)}`, NARROW);
    findings.push(...tab.complaints, ...(await overflow(tab.page, "at 320 px")), ...(await accessibility(tab.page)));
  }
  assert.deepEqual(findings, []);
});

for (const look of LOOKS) {
  describe(look.name, { concurrency: TABS }, () => {
    for (const state of STATES) {
      test(`${state.name}: ${state.title.en}`, async () => {
        const tab = free.pop();
        try {
          const findings = await lookedAt(tab, state, look);
          const advice = findings.some((each) => each.includes("picture")) ? `\n${pictures.advice}` : "";
          assert.equal(findings.length, 0, findings.join("\n") + advice);
        } finally {
          free.push(tab);
        }
      });
    }
  });
}

const nameOf = (state, look, width) => `${state.name}.${look.name}.${width}`;

async function lookedAt(tab, state, look) {
  const picture = (width) => pictures.compare(tab.page, nameOf(state, look, width), state);
  await tab.show(gallery.url, state, look, WIDE);
  const findings = await picture(WIDE);
  if (!UPDATE) findings.push(...tab.complaints, ...(await accessibility(tab.page)), ...(await enlarged(tab, state)));
  await tab.resize(state, NARROW);
  if (!UPDATE) findings.push(...(await overflow(tab.page, "at 320 px")), ...(await smallTargets(tab.page)));
  return [...findings, ...(await picture(NARROW))];
}

async function enlarged(tab, state) {
  await tab.resize(state, 640);
  return overflowEnlarged(tab.page);
}
