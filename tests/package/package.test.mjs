// The package as npm packs it: what is in it, how tools find their way in it,
// and that its hashes, maps and types are those of its files.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";

import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { build } from "esbuild";
import { publint } from "publint";
import { formatMessage } from "publint/utils";

import { pkg, root } from "../../scripts/lib/project.mjs";
import { packed } from "./tarball.mjs";

const source = (name) => join(root, "src", "js", name);
const text = (name) => readFile(join(pkg, name), "utf8");
const json = async (name) => JSON.parse(await text(name));

/** What a page may load, besides the languages. */
const ENTRIES = ["index.js", "element.js"];
const LOADED = [...ENTRIES, "kasa_checkout_bg.wasm"];

let tarball, files, manifest, languages, types;

before(async () => {
  ({ tarball, files } = await packed());
  manifest = await json("package.json");
  languages = (await readdir(source("languages"))).map((name) => `languages/${name}`);
  types = (await readdir(source("types"))).map((name) => `types/${name}`);
});

test("npm packs what a page loads, its maps, types and papers, and nothing else", () => {
  const expected = [
    ...LOADED,
    ...ENTRIES.flatMap((name) => [`${name}.map`, name.replace(".js", ".d.ts")]),
    "custom-elements.json",
    ...languages,
    "language.d.ts",
    ...types,
    "integrity.json",
    "package.json",
    "README.md",
    "CHANGELOG.md",
    "LICENSE-APACHE",
    "LICENSE-MIT",
  ];
  assert.deepEqual(files.sort(), expected.sort());
});

test("publint finds nothing to say", async () => {
  const { messages } = await publint({ strict: true, pack: { tarball: new Uint8Array(await readFile(tarball)).buffer } });
  assert.deepEqual(messages.map((message) => formatMessage(message, manifest)), []);
});

test("every way in has its types, for every way that TypeScript resolves modules", async () => {
  const { problems } = await checkPackage(createPackageFromTarballData(new Uint8Array(await readFile(tarball))), {
    // Data, which nobody imports for types.
    excludeEntrypoints: [/\.(wasm|json)$/],
    includeEntrypoints: languages.map((name) => `./${name}`),
  });
  // A package of ES modules alone: `require` of it is not promised, nor are
  // entries beside the first to TypeScript's oldest resolution.
  const modern = ({ kind, resolutionKind }) => resolutionKind !== "node10" && !(resolutionKind === "node16-cjs" && kind === "CJSResolvesToESM");
  assert.deepEqual(problems.filter(modern), []);
});

test("the types are those written by hand, whichever way the wasm was built", async () => {
  for (const name of files.filter((name) => name.endsWith(".d.ts"))) assert.equal(await text(name), await readFile(source(name), "utf8"), name);
});

test("the hash of each file that a page may load is the one in integrity.json", async () => {
  const hashes = {};
  for (const name of [...LOADED, ...languages].sort()) {
    hashes[name] = `sha384-${createHash("sha384").update(await readFile(join(pkg, name))).digest("base64")}`;
  }
  assert.deepEqual(await json("integrity.json"), hashes);
});

test("a map leads from each entry to its sources, and holds them", async () => {
  for (const name of ENTRIES) {
    const { sources, sourcesContent } = await json(`${name}.map`);
    assert.match(await text(name), new RegExp(`//# sourceMappingURL=${name}\\.map\\n$`));
    assert.ok(sources.includes(`src/${name}`), sources.join());
    assert.equal(sourcesContent[sources.indexOf(`src/${name}`)], await readFile(source(name), "utf8"));
    assert.equal(sourcesContent.filter(Boolean).length, sources.length);
  }
});

test("the first entry asks for nothing before it runs, and names its wasm and languages in the form that bundlers know", async () => {
  assert.deepEqual(await imports("index.js"), { "dynamic-import": languages.map((name) => `./${name}`) });
  const addresses = (await text("index.js")).match(/new URL\([^)]*import\.meta\.url\)/g);
  assert.deepEqual(addresses, ['new URL("kasa_checkout_bg.wasm",import.meta.url)']);
});

test("the element takes the first entry in, and holds no second copy of it", async () => {
  assert.deepEqual(await imports("element.js"), { "import-statement": ["./index.js"] });
  assert.deepEqual((await text("element.js")).match(/import\.meta/g), null);
});

/** What a module of the package imports, by kind. */
async function imports(name) {
  const { metafile } = await build({ entryPoints: [join(pkg, name)], external: ["./*"], bundle: true, format: "esm", write: false, metafile: true });
  const [{ imports }] = Object.values(metafile.outputs);
  const found = {};
  for (const { kind, path } of imports) (found[kind] ??= []).push(path);
  return found;
}
