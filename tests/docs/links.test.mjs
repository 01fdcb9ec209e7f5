// Each link of a page leads to a file that is there, and to a heading in it.

import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { test } from "node:test";

import { root } from "../../scripts/lib/project.mjs";

const below = (folder) => readdirSync(join(root, folder)).filter((name) => name.endsWith(".md")).map((name) => join(root, folder, name));
const pages = ["", "docs", "merchant", "sandbox", "src/js"].flatMap(below);

const withoutCode = (text) => text.replace(/^```.*?^```$/gms, "").replace(/`[^`\n]*`/g, "code");
const linksOf = (path) => [...withoutCode(readFileSync(path, "utf8")).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link);

/** As GitHub makes them of headings; and those that a page sets by itself. */
function anchorsOf(path) {
  const text = readFileSync(path, "utf8");
  const seen = new Map();
  const headings = [...text.replace(/^```.*?^```$/gms, "").matchAll(/^#+ (.+)$/gm)].map(([, title]) => {
    const name = title.toLowerCase().replace(/<[^>]*>|[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-");
    const times = seen.get(name) ?? 0;
    seen.set(name, times + 1);
    return times ? `${name}-${times}` : name;
  });
  return new Set([...headings, ...[...text.matchAll(/<a id="([^"]+)"/g)].map(([, id]) => id)]);
}

test("links between the pages hold", () => {
  const broken = [];
  for (const page of pages) {
    for (const link of linksOf(page)) {
      if (/^[a-z]+:/.test(link)) continue;
      const [path, anchor] = link.split("#");
      const target = path ? join(dirname(page), path) : page;
      const leads = existsSync(target) && (!anchor || !target.endsWith(".md") || anchorsOf(target).has(anchor));
      if (!leads) broken.push(`${relative(root, page)}: ${link}`);
    }
  }
  assert.deepEqual(broken, []);
});
