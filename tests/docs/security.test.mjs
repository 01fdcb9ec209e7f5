// What is said of security is so: the files that a page loads, and the tests
// that are named as evidence.

import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { pkg, root } from "../../scripts/lib/project.mjs";

const read = (path) => readFileSync(join(root, path), "utf8");

test("the script inventory names each file that a page may load, and no other", () => {
  const named = [...read("docs/scripts.md").matchAll(/^\| `([^`]+)` \|/gm)].map(([, name]) => name);
  const loaded = Object.keys(JSON.parse(readFileSync(join(pkg, "integrity.json"), "utf8")));
  assert.deepEqual(named.toSorted(), loaded.toSorted());
});

/** The text of a file, or of all files of a folder. */
function textOf(path) {
  if (!statSync(join(root, path)).isDirectory()) return read(path);
  const names = readdirSync(join(root, path), { recursive: true });
  return names.map((name) => join(path, name)).filter((file) => /\.(rs|mjs|py)$/.test(file)).map(textOf).join("\n");
}

test("each test that SECURITY.md names as evidence is there", () => {
  const named = [...read("SECURITY.md").matchAll(/\[`([^`]+)`\]\(([^)#]+)\)/g)];
  assert.ok(named.length > 20, "the table was read");
  const missing = named.filter(([, name, path]) => !existsSync(join(root, path)) || !textOf(path).includes(name));
  assert.deepEqual(missing.map(([link]) => link), []);
});
