// Where things are in this project, and which versions its tools must have.
// Node built-ins only: this runs before the npm packages are there.

import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

/** Folder of the tools that belong to this project: `KASA_TOOLS`, else `.tools/`. */
export const tools = resolve(root, process.env.KASA_TOOLS ?? ".tools");

/** Where the Python packages of the merchant API's test are, and the Python that sees them. */
export const openapiTools = join(tools, "openapi");
export const openapiPython = join(openapiTools, "bin", "python");

export const pkg = join(root, "pkg");

/** What a run leaves behind for the next one: stamps, logs, temporary settings. */
export const scratch = join(root, "target", "kasa");

export const shopServer = join(root, "www", "server.mjs");

/** Where cargo builds. */
export const targetDir = resolve(root, process.env.CARGO_TARGET_DIR ?? "target");

/** A binary of the workspace, of the debug build unless another profile is named. */
export const binary = (name, profile = "debug") => join(targetDir, profile, name);

export const npmBin = (name) => join(root, "node_modules", ".bin", name);

/** The environment with the project's own tools found first. */
export const toolEnv = (extra = {}) => ({
  ...process.env,
  PATH: `${join(tools, "bin")}${delimiter}${process.env.PATH ?? ""}`,
  ...extra,
});

export const WASM_TARGET = "wasm32-unknown-unknown";
export const WASM_PACK_VERSION = "0.15.1";
export const GECKODRIVER_VERSION = "0.37.1";
export const MUTANTS_VERSION = "27.1.0";

/** `rust-version` of the workspace. */
export const rustVersion = () => match("Cargo.toml", /^rust-version\s*=\s*"([^"]+)"/m, "rust-version");

/** Version of the workspace, and so of the npm package. */
export const version = () => match("Cargo.toml", /^\[workspace\.package\][^[]*?^version\s*=\s*"([^"]+)"/m, "version");

/** The CLI must be of exactly the crate's version, or it refuses the wasm. */
export const wasmBindgenVersion = () =>
  match("Cargo.lock", /^name = "wasm-bindgen"\nversion = "([^"]+)"/m, "wasm-bindgen");

function match(file, pattern, what) {
  const found = pattern.exec(readFileSync(join(root, file), "utf8"));
  if (!found) throw new Error(`${file} names no ${what}`);
  return found[1];
}

export const sha256 = (...parts) => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part).update("\0");
  return hash.digest("hex");
};

/** A file that remembers what something was made from. */
export function stamp(path) {
  return {
    matches: async (value) => existsSync(path) && (await readFile(path, "utf8")) === value,
    write: async (value) => {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, value);
    },
  };
}
