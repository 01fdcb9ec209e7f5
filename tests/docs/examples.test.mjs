// Each example in TypeScript compiles: those of the pages in docs/, and those
// that an editor shows from the comments of the types.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { test } from "node:test";

import { npmBin, root, scratch } from "../../scripts/lib/project.mjs";

const types = join(root, "src", "js");
const folder = join(scratch, "examples");

const CONFIG = {
  compilerOptions: {
    strict: true,
    // Ours is checked with the types; standardwebhooks wants Node's.
    skipLibCheck: true,
    noEmit: true,
    target: "es2022",
    module: "esnext",
    moduleResolution: "bundler",
    lib: ["es2024", "dom", "dom.iterable"],
    types: [],
    typeRoots: [],
    paths: { "kasa-checkout": [join(types, "index.d.ts")], "kasa-checkout/element": [join(types, "element.d.ts")] },
  },
  include: ["*.ts"],
};

/** What an example may name without saying where it comes from. */
function surroundings(exported) {
  return [
    'import * as it from "kasa-checkout";',
    "declare global {",
    "  const kasa: it.Kasa;",
    "  const card: it.Card;",
    "  const init: typeof it.init;",
    "  const isKasaError: typeof it.isKasaError;",
    "  const process: { env: Record<string, string> };",
    ...exported.map((name) => `  type ${name} = it.${name};`),
    "  type KasaErrorCodeWhere<Facts extends Partial<it.KasaErrorFacts>> = it.KasaErrorCodeWhere<Facts>;",
    "}",
  ].join("\n");
}

const typeFiles = async () => [join(types, "index.d.ts"), ...(await readdir(join(types, "types"))).map((name) => join(types, "types", name))];

async function pages() {
  const names = await readdir(join(root, "docs"));
  // The references' examples are those of the types.
  return names.filter((name) => name.endsWith(".md") && !["reference.md", "element.md"].includes(name)).map((name) => join(root, "docs", name));
}

/** The examples of a file, by the line they begin at. */
async function examplesOf(path) {
  const text = await readFile(path, "utf8");
  return [...text.matchAll(/^([ *]*)```ts\n(.*?)^\1```$/gms)].map((found) => {
    const [, margin, code] = found;
    const line = text.slice(0, found.index).split("\n").length;
    return { name: `${basename(path).replaceAll(".", "-")}-${line}.ts`, code: margin ? code.replace(/^[ ]*\* ?/gm, "") : code };
  });
}

const compile = () =>
  new Promise((settle) => {
    execFile(npmBin("tsc"), ["-p", folder], { cwd: root }, (error, out) => settle(error ? out || String(error) : ""));
  });

test("each example in TypeScript compiles", async () => {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const sources = await typeFiles();
  const examples = (await Promise.all([...sources, join(types, "element.d.ts"), ...(await pages())].map(examplesOf))).flat();
  assert.ok(examples.length >= 20, `only ${examples.length} examples were found`);
  const exported = [];
  for (const path of sources) {
    for (const [, name] of (await readFile(path, "utf8")).matchAll(/^export (?:interface|type|class) (\w+)(?! *<)\b/gm)) exported.push(name);
  }
  await Promise.all([
    writeFile(join(folder, "tsconfig.json"), JSON.stringify(CONFIG)),
    writeFile(join(folder, "surroundings.d.ts"), surroundings(exported.filter((name) => name !== "KasaErrorCodeWhere"))),
    ...examples.map(({ name, code }) => writeFile(join(folder, name), `${code}\nexport {};\n`)),
  ]);
  assert.equal(await compile(), "");
});
