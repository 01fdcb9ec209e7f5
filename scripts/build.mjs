// Builds the npm package in pkg/: the crate as wasm, the entries written by hand
// in src/js with the wasm's glue bundled into them, and a package.json. Does
// nothing when its inputs are unchanged.

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { copyFile, cp, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { basename, extname, join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";

import { npmBin, pkg, root, scratch, sha256, stamp, toolEnv, version } from "./lib/project.mjs";
import { Failure, flags, main, run, say } from "./lib/run.mjs";
import { setup } from "./setup.mjs";

// What today's rustc emits by default; wasm-opt refuses it unless told.
const WASM_FEATURES = [
  "--enable-bulk-memory",
  "--enable-nontrapping-float-to-int",
  "--enable-sign-ext",
  "--enable-mutable-globals",
  "--enable-reference-types",
  "--enable-multivalue",
];

/** What a page may import, by the name of its source in src/js; the first is the package itself. */
const ENTRIES = [{ name: "index" }, { name: "element", sideEffects: true }];
const LANGUAGES = "languages";
/** What index.d.ts exports again. */
const TYPES = "types";
const WASM = "kasa_checkout_bg.wasm";
const INTEGRITY = "integrity.json";
/** What editors and documentation read of the custom element. */
const ELEMENTS = "custom-elements.json";

/** Where the parts stand together before they are bundled: their names in the source maps are relative to it. */
const stage = join(scratch, "package");

/**
 * @param {{ dev?: boolean }} options `dev`: with debug assertions, and neither wasm-opt nor minified
 * @returns {Promise<boolean>} whether anything had to be built
 */
export async function buildPackage({ dev = false } = {}) {
  const last = stamp(join(scratch, "pkg.stamp"));
  const inputs = `${dev ? "dev" : "release"} ${await hashOfInputs()}`;
  if (existsSync(join(pkg, "package.json")) && (await last.matches(inputs))) return false;

  await rm(stage, { recursive: true, force: true });
  const sources = join(stage, "src");
  await run(
    "wasm-pack",
    // The types are written by hand, and wasm-opt comes from npm.
    ["--quiet", "build", "--target", "web", "--out-dir", relative(root, sources), "--mode", "no-install", "--no-pack", "--no-typescript", "--no-opt", dev ? "--dev" : "--release"],
    { env: toolEnv(), hint: "The component does not build for the browser; the compiler says why above." },
  );
  if (!dev) await optimise(join(sources, WASM));
  await cp(join(root, "src", "js"), sources, { recursive: true, filter: (path) => !path.endsWith(".rs") });

  await rm(pkg, { recursive: true, force: true });
  await mkdir(pkg);
  await bundle(sources, { minify: !dev });
  await copyFile(join(sources, WASM), join(pkg, WASM));
  await copyHandWritten(sources);
  await writeJson(INTEGRITY, await integrity());
  await writeJson("package.json", await manifest());
  await last.write(inputs);
  return true;
}

// Stripping comes last and not in the Cargo profile: wasm-bindgen reads the
// sections that it would take away.
async function optimise(wasm) {
  await run(npmBin("wasm-opt"), ["-Oz", ...WASM_FEATURES, "--strip-debug", "--strip-producers", wasm, "-o", wasm], {
    hint: "wasm-opt refused the component's wasm.",
  });
}

/**
 * One module an entry, so that a page without a bundler asks for one file. What
 * one entry needs of another it imports: esbuild's own splitting would make an
 * empty index.js that asks for a second file.
 */
async function bundle(sources, { minify }) {
  // Not at the top: this file is also read where the npm packages are missing yet.
  const { build } = await import("esbuild");
  const seen = new Map();
  for (const { name } of ENTRIES) {
    const { outputFiles, metafile } = await build({
      entryPoints: [join(sources, `${name}.js`)],
      external: [`./${LANGUAGES}/*`, ...ENTRIES.filter((other) => other.name !== name).map((other) => `./${other.name}.js`)],
      absWorkingDir: stage,
      outdir: stage,
      bundle: true,
      write: false,
      metafile: true,
      format: "esm",
      target: "es2022",
      minify,
      sourcemap: true,
      logLevel: "warning",
    });
    for (const { path, contents } of outputFiles) await writeFile(join(pkg, basename(path)), contents);
    for (const input of Object.keys(metafile.inputs)) {
      if (seen.has(input)) throw new Failure(`${name}.js and ${seen.get(input)}.js both hold ${input}: let one import it from the other.`);
      seen.set(input, name);
    }
  }
}

async function copyHandWritten(sources) {
  // As they were written: they are also there to be taken over by shops.
  await cp(join(sources, LANGUAGES), join(pkg, LANGUAGES), { recursive: true });
  const taken = (await readdir(sources)).filter((name) => name.endsWith(".d.ts") || [ELEMENTS, "README.md"].includes(name));
  for (const name of taken) await copyFile(join(sources, name), join(pkg, name));
  await cp(join(sources, TYPES), join(pkg, TYPES), { recursive: true });
  const papers = (await readdir(root)).filter((name) => /^(LICENSE-.+|CHANGELOG\.md)$/.test(name));
  for (const name of papers) await copyFile(join(root, name), join(pkg, name));
}

/** For Subresource Integrity: the hash of each file that a page may load, by its path in the package. */
async function integrity() {
  const hashes = {};
  const names = (await readdir(pkg, { recursive: true })).filter((name) => [".js", ".wasm"].includes(extname(name)));
  for (const name of names.sort()) {
    hashes[name] = `sha384-${createHash("sha384").update(await readFile(join(pkg, name))).digest("base64")}`;
  }
  return hashes;
}

async function manifest() {
  const from = ({ name }) => ({ types: `./${name}.d.ts`, default: `./${name}.js` });
  const [main, ...others] = ENTRIES;
  const effects = ENTRIES.filter(({ sideEffects }) => sideEffects).map(({ name }) => `./${name}.js`);
  return {
    name: "kasa-checkout",
    version: version(),
    description: "Checkout component for web shops in Turkey: cards with 3-D Secure through PayWall",
    license: "MIT OR Apache-2.0",
    keywords: ["checkout", "payment", "3d-secure", "paywall", "turkey", "wasm"],
    type: "module",
    main: from(main).default,
    module: from(main).default,
    types: from(main).types,
    exports: {
      ".": from(main),
      ...Object.fromEntries(others.map((entry) => [`./${entry.name}`, from(entry)])),
      // To take over from, or to fetch ahead.
      [`./${LANGUAGES}/*.js`]: { types: "./language.d.ts", default: `./${LANGUAGES}/*.js` },
      // For pages that serve the wasm from an address of their own.
      [`./${WASM}`]: `./${WASM}`,
      [`./${INTEGRITY}`]: `./${INTEGRITY}`,
      [`./${ELEMENTS}`]: `./${ELEMENTS}`,
      "./package.json": "./package.json",
    },
    sideEffects: effects,
    customElements: ELEMENTS,
    files: (await readdir(pkg)).filter((name) => name !== "package.json").sort(),
  };
}

const writeJson = (name, value) => writeFile(join(pkg, name), JSON.stringify(value, null, 2) + "\n");

async function hashOfInputs() {
  const sources = await filesBelow(join(root, "src"));
  const others = ["Cargo.toml", "Cargo.lock", "scripts/build.mjs", "package-lock.json", "CHANGELOG.md"]
    .map((name) => join(root, name))
    .filter(existsSync);
  const parts = [];
  for (const path of [...sources, ...others]) parts.push(relative(root, path), await readFile(path));
  return sha256(...parts);
}

async function filesBelow(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

/** Prints what each file of the package weighs, in bytes, and its hash for Subresource Integrity. */
export async function printSizes() {
  const hashes = JSON.parse(await readFile(join(pkg, INTEGRITY), "utf8"));
  const always = [`${ENTRIES[0].name}.js`, WASM];
  // Only where a page asks for them; of the languages one at most.
  const others = Object.keys(hashes).filter((name) => !always.includes(name));
  const sizes = Object.fromEntries(await Promise.all(Object.keys(hashes).map(async (name) => [name, await weigh(name)])));
  const total = [0, 1, 2].map((way) => always.reduce((sum, name) => sum + sizes[name][way], 0));
  const row = (name) => [name, ...sizes[name].map(thousands)];
  const rows = [["", "raw", "gzip", "brotli"], ...always.map(row), ["total", ...total.map(thousands)], ...others.map(row)];
  const width = (column) => Math.max(...rows.map((row) => row[column].length));
  for (const [name, ...sizes] of rows) {
    console.log(`  ${name.padEnd(width(0))}${sizes.map((size, i) => size.padStart(width(i + 1) + 3)).join("")}`);
  }
  console.log();
  for (const [name, hash] of Object.entries(hashes)) console.log(`  ${name.padEnd(width(0))}   ${hash}`);
}

async function weigh(name) {
  const data = await readFile(join(pkg, name));
  return [data.length, gzipSync(data, { level: 9 }).length, brotliCompressSync(data).length];
}

const thousands = (bytes) => bytes.toLocaleString("en");

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { dev } = flags(
    "npm run build [-- --dev]\n\nBuilds the npm package in pkg/ and prints its sizes.\n\n" +
      "  --dev   a debug build: quick, large, with names in stack traces",
    { dev: { type: "boolean" } },
  );
  await main(async () => {
    await setup();
    const built = await buildPackage({ dev });
    say(`pkg/ ${built ? "is built" : "is up to date"} (kasa-checkout ${version()}${dev ? ", debug" : ""})`);
    await printSizes();
  });
}
