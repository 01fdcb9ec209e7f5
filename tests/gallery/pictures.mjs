// The pictures of the states: kept in www/gallery/pictures, where the gallery
// shows them, and compared here. What differs is laid side by side in a report.

import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";

import pixelmatch from "pixelmatch";
import sharp from "sharp";

import { root, scratch } from "../../scripts/lib/project.mjs";

const KEPT = join(root, "www", "gallery", "pictures");
const MADE_WITH = join(KEPT, "made-with.json");
const REPORT = join(scratch, "gallery");

/** A pixel counts as another one from here on, by pixelmatch's measure. */
const THRESHOLD = 0.1;

export class Pictures {
  #update;
  #version;
  #madeWith = null;
  #differing = [];

  /** @param {{ update: boolean, version: string }} options the browser's version */
  static async open({ update, version }) {
    const pictures = new Pictures();
    pictures.#update = update;
    pictures.#version = version;
    if (existsSync(MADE_WITH)) pictures.#madeWith = JSON.parse(await readFile(MADE_WITH, "utf8")).chromium;
    await rm(REPORT, { recursive: true, force: true });
    await mkdir(REPORT, { recursive: true });
    await mkdir(KEPT, { recursive: true });
    return pictures;
  }

  /** What is wrong with the picture of what `page` shows now, or with renewing it nothing. */
  async compare(page, name, state) {
    const kept = join(KEPT, `${name}.png`);
    const actual = await take(page, state);
    const expected = existsSync(kept) ? await pixels(kept) : null;
    const difference = expected && compared(expected, actual);
    if (difference?.count === 0) return [];
    if (this.#update) {
      await save(actual, kept);
      return [];
    }
    await this.#keepForReport(name, kept, expected, actual, difference);
    return [expected ? `The picture ${name} differs${difference.count ? ` in ${difference.count} pixels` : " in size"}.` : `There is no picture ${name} yet.`];
  }

  async #keepForReport(name, kept, expected, actual, difference) {
    await save(actual, join(REPORT, `${name}.actual.png`));
    if (difference?.data) await save({ ...actual, data: difference.data }, join(REPORT, `${name}.difference.png`));
    this.#differing.push({ name, expected: expected && relative(REPORT, kept), difference: Boolean(difference?.data) });
  }

  /**
   * Writes the report, or with renewing takes away what no state has any more.
   * @param {string[]} names of all pictures
   */
  async close(names) {
    if (this.#update) {
      for (const file of await readdir(KEPT)) if (file.endsWith(".png") && !names.includes(file.slice(0, -4))) await rm(join(KEPT, file));
      return writeFile(MADE_WITH, JSON.stringify({ chromium: this.#version }) + "\n");
    }
    if (this.#differing.length) await writeFile(join(REPORT, "index.html"), report(this.#differing));
  }

  /** What to do about a picture that differs. */
  get advice() {
    const others = this.#madeWith && this.#madeWith !== this.#version ? ` The pictures were made with Chromium ${this.#madeWith}, and this is ${this.#version}.` : "";
    return `See ${relative(root, join(REPORT, "index.html"))}; \`npm run pictures\` renews them.${others}`;
  }
}

/** The drop-in with the air around it, or the dialog over it. The bank's page in a frame is not ours to draw. */
async function take(page, { dialog }) {
  const { clip, frame } = await page.evaluate((dialog) => {
    const boxOf = (node) => {
      const { x, y, width, height } = node.getBoundingClientRect();
      return { x: Math.round(x), y: Math.round(y), width: Math.round(width), height: Math.round(height) };
    };
    const shown = dialog ? document.querySelector("kasa-challenge").shadowRoot.querySelector("dialog") : document.querySelector("[data-stage]");
    const frame = shown.querySelector("iframe");
    return { clip: boxOf(shown), frame: frame && boxOf(frame) };
  }, Boolean(dialog));
  const shot = sharp(await page.screenshot({ clip, animations: "disabled", caret: "initial" }));
  if (!frame) return raw(shot);
  const blank = { create: { width: frame.width, height: frame.height, channels: 3, background: "#ddd" } };
  return raw(shot.composite([{ input: blank, left: frame.x - clip.x, top: frame.y - clip.y }]));
}

const pixels = (path) => raw(sharp(path));

async function raw(image) {
  const { data, info } = await image.ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** @returns {{ count?: number, data?: Buffer }} without a count where the sizes differ */
function compared(expected, actual) {
  const { width, height } = actual;
  if (expected.width !== width || expected.height !== height) return {};
  const data = Buffer.alloc(actual.data.length);
  return { count: pixelmatch(expected.data, actual.data, data, width, height, { threshold: THRESHOLD }), data };
}

// A palette: a third of the size, and screens like these have few colours.
const save = ({ data, width, height }, path) =>
  sharp(data, { raw: { width, height, channels: 4 } }).removeAlpha().png({ palette: true, dither: 0, effort: 10, compressionLevel: 9 }).toFile(path);

const report = (differing) => `<!doctype html>
<meta charset="utf-8">
<title>Pictures that differ</title>
<style>
  body { margin: 2rem; font: 16px/1.5 system-ui, sans-serif; background: #eee; color: #222; }
  section { margin-top: 2rem; }
  div { display: flex; flex-wrap: wrap; gap: 1rem; align-items: start; }
  figure { margin: 0; }
  img { max-width: 100%; outline: 1px solid #999; }
</style>
<h1>Pictures that differ: ${differing.length}</h1>
${differing.map(section).join("\n")}
`;

function section({ name, expected, difference }) {
  const figure = (what, source) => `<figure><figcaption>${what}</figcaption><img src="${source}" alt=""></figure>`;
  const figures = [
    expected ? figure("expected", expected) : "<p>There is no picture yet.</p>",
    figure("actual", `${name}.actual.png`),
    difference ? figure("difference", `${name}.difference.png`) : "",
  ];
  return `<section><h2>${name}</h2><div>${figures.join("")}</div></section>`;
}
