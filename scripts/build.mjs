// Builds the npm package in pkg/: the crate as wasm, the entry written by hand
// in src/js, and a package.json. Does nothing when its inputs are unchanged.

import { existsSync } from "node:fs";
import { copyFile, cp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { extname, join, relative } from "node:path";
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

const ENTRY = "index.js";
const TYPES = "index.d.ts";
const LANGUAGES = "languages";
const WASM = "kasa_checkout_bg.wasm";

/**
 * @param {{ dev?: boolean }} options `dev`: with debug assertions, and without wasm-opt
 * @returns {Promise<boolean>} whether anything had to be built
 */
export async function buildPackage({ dev = false } = {}) {
  const last = stamp(join(scratch, "pkg.stamp"));
  const inputs = `${dev ? "dev" : "release"} ${await hashOfInputs()}`;
  if (existsSync(join(pkg, "package.json")) && (await last.matches(inputs))) return false;

  await rm(pkg, { recursive: true, force: true });
  await run(
    "wasm-pack",
    // The types are written by hand, and wasm-opt comes from npm.
    ["--quiet", "build", "--target", "web", "--out-dir", "pkg", "--mode", "no-install", "--no-pack", "--no-typescript", "--no-opt", dev ? "--dev" : "--release"],
    { env: toolEnv(), hint: "The component does not build for the browser; the compiler says why above." },
  );
  await rm(join(pkg, ".gitignore"), { force: true });
  if (!dev) await optimise(join(pkg, WASM));
  await copyHandWritten();
  await writeFile(join(pkg, "package.json"), JSON.stringify(await manifest(), null, 2) + "\n");
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

async function copyHandWritten() {
  await cp(join(root, "src", "js"), pkg, { recursive: true, filter: (path) => !path.endsWith(".rs") });
  for (const name of [ENTRY, TYPES]) {
    if (!existsSync(join(pkg, name))) throw new Failure(`src/js/${name} is missing: it is the entry of the package.`);
  }
  const papers = (await readdir(root)).filter((name) => /^(LICENSE-.+|CHANGELOG\.md|README\.md)$/.test(name));
  for (const name of papers) await copyFile(join(root, name), join(pkg, name));
}

async function manifest() {
  return {
    name: "kasa-checkout",
    version: version(),
    description: "Checkout component for web shops in Turkey: cards with 3-D Secure through PayWall",
    license: "MIT OR Apache-2.0",
    keywords: ["checkout", "payment", "3d-secure", "paywall", "turkey", "wasm"],
    type: "module",
    main: `./${ENTRY}`,
    module: `./${ENTRY}`,
    types: `./${TYPES}`,
    exports: {
      ".": { types: `./${TYPES}`, default: `./${ENTRY}` },
      // To take over from, or to fetch ahead.
      [`./${LANGUAGES}/*.js`]: { types: "./language.d.ts", default: `./${LANGUAGES}/*.js` },
      // For pages that serve the wasm from an address of their own.
      [`./${WASM}`]: `./${WASM}`,
      "./package.json": "./package.json",
    },
    sideEffects: false,
    files: (await readdir(pkg)).filter((name) => name !== "package.json").sort(),
  };
}

async function hashOfInputs() {
  const sources = await filesBelow(join(root, "src"));
  const others = ["Cargo.toml", "Cargo.lock", "scripts/build.mjs", "package-lock.json", "CHANGELOG.md", "README.md"]
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

/** Prints what each file of the package weighs, in bytes. */
export async function printSizes() {
  const weighed = (await readdir(pkg)).filter((name) => [".js", ".wasm"].includes(extname(name)));
  const rows = [["", "raw", "gzip", "brotli"]];
  const total = [0, 0, 0];
  for (const name of weighed) {
    const sizes = await weigh(name);
    sizes.forEach((size, i) => (total[i] += size));
    rows.push([name, ...sizes.map(thousands)]);
  }
  rows.push(["total", ...total.map(thousands)]);
  // One of them at most, and only where it is spoken.
  for (const name of await readdir(join(pkg, LANGUAGES))) {
    rows.push([join(LANGUAGES, name), ...(await weigh(join(LANGUAGES, name))).map(thousands)]);
  }
  const width = (column) => Math.max(...rows.map((row) => row[column].length));
  for (const [name, ...sizes] of rows) {
    console.log(`  ${name.padEnd(width(0))}${sizes.map((size, i) => size.padStart(width(i + 1) + 3)).join("")}`);
  }
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
