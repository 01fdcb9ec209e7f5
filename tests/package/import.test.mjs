// The package on a server, as a page that is rendered there imports it: nothing
// happens, nothing is said, nothing is left behind.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";

import { packed } from "./tarball.mjs";

const exec = promisify(execFile);
const SILENCE = { stdout: "", stderr: "" };

let folder, entries;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "kasa-import-"));
  const { tarball } = await packed();
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true }));
  await exec("npm", ["install", "--no-save", "--offline", "--no-audit", "--no-fund", tarball], { cwd: folder });
  const { name, exports } = JSON.parse(await readFile(join(folder, "node_modules", "kasa-checkout", "package.json"), "utf8"));
  // Those with types are modules; the rest is data.
  const modules = Object.keys(exports).filter((entry) => exports[entry].types && !entry.includes("*"));
  entries = modules.map((entry) => name + entry.slice(1));
});
after(() => rm(folder, { recursive: true, force: true }));

const node = (script) => exec(process.execPath, ["-e", script], { cwd: folder });

test("importing does nothing, and adds no global", async () => {
  assert.equal(entries[0], "kasa-checkout");
  for (const entry of entries) {
    assert.deepEqual(await node(`import('${entry}')`), SILENCE, entry);
    const globals = "Object.getOwnPropertyNames(globalThis).sort().join()";
    const compared = `const before = ${globals}; import("${entry}").then(() => console.assert(${globals} === before, "a global was added"))`;
    assert.deepEqual(await node(compared), SILENCE, entry);
  }
});

test("init says that it wants a browser", async () => {
  const { stdout } = await node('import("kasa-checkout").then(({ init }) => init()).catch(({ code }) => console.log(code))');
  assert.equal(stdout.trim(), "no_browser");
});
