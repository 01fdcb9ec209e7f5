// What everything here is made of: where it comes from, under which licence, and
// what of it runs code when it is installed. All of it from what lies here; known
// vulnerabilities need the internet (`cargo audit`, `npm audit`), and are not looked for.
//
// A script over `cargo metadata` and not cargo-deny, which takes longer to compile
// than every other tool of these checks together, and would say the same of these.

import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";

import { tell } from "./figures.mjs";
import { root } from "./project.mjs";
import { Failure, ask } from "./run.mjs";

/** Of what may be shipped: they ask for no more than to be named. */
const PERMISSIVE = new Set([
  "0BSD", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "BlueOak-1.0.0", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0",
  "CDLA-Permissive-2.0", "ISC", "MIT", "NCSA", "OFL-1.1", "Python-2.0", "Unicode-3.0", "Unlicense", "Zlib",
]);

/** Of tools that are run here and shipped to nobody. */
const FOR_TOOLS = new Set([...PERMISSIVE, "CC-BY-4.0", "CC0-1.0", "LGPL-3.0-or-later", "MPL-2.0"]);

/** Crates that must not come in by a back door, and what stands in their place. */
const BANNED = new Map([
  ["openssl", "rustls"],
  ["openssl-sys", "rustls"],
  ["native-tls", "rustls"],
  ["aws-lc-rs", "ring"],
]);

/** npm packages that may run code when they are installed. */
const INSTALL_SCRIPTS = new Set(["esbuild", "sharp", "@parcel/watcher", "fsevents", "lmdb", "msgpackr-extract", "unrs-resolver", "@swc/core"]);

const CRATES_IO = "registry+https://github.com/rust-lang/crates.io-index";

export async function checkSupply() {
  const wrong = [];
  const crates = await checkCrates(wrong);
  const packages = await checkPackages(wrong);
  if (wrong.length) throw new Failure(`What this is made of is not as it should be:\n\n${wrong.map((line) => `    ${line}`).join("\n")}`);
  await tell("supply", `${crates} crates, ${packages} npm packages of known sources, hashes and licences`);
}

async function checkCrates(wrong) {
  const told = await ask("cargo", ["metadata", "--format-version", "1", "--locked"]);
  if (told === null) throw new Failure("cargo metadata does not work here, or Cargo.lock is not up to date.");
  const ours = new Set(JSON.parse(told).workspace_members);
  const foreign = JSON.parse(told).packages.filter(({ id }) => !ours.has(id));
  const hashed = new Set();
  const lock = await readFile(join(root, "Cargo.lock"), "utf8");
  for (const [, name, version] of lock.matchAll(/^name = "(.+)"\nversion = "(.+)"\nsource = ".+"\nchecksum = "[0-9a-f]{64}"$/gm)) {
    hashed.add(`${name} ${version}`);
  }
  for (const { name, version, license, source } of foreign) {
    const crate = `${name} ${version}`;
    if (source !== CRATES_IO) wrong.push(`${crate} comes from ${source ?? "a folder"}, not from crates.io`);
    if (!hashed.has(crate)) wrong.push(`${crate} has no checksum in Cargo.lock`);
    if (!allows(license, PERMISSIVE)) wrong.push(`${crate} is under ${license ?? "no licence"}`);
    if (BANNED.has(name)) wrong.push(`${crate} came in; ${BANNED.get(name)} is what is used here`);
  }
  return foreign.length;
}

async function checkPackages(wrong) {
  const listed = await ask("git", ["ls-files", "*package-lock.json"]);
  const files = listed?.split("\n").filter(Boolean) ?? [];
  if (!files.length) throw new Failure("There is no package-lock.json, or no git.");
  const seen = new Set();
  for (const file of files) {
    const { packages } = JSON.parse(await readFile(join(root, file), "utf8"));
    for (const [path, entry] of Object.entries(packages)) {
      if (!path.includes("node_modules/") || entry.link) continue;
      const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
      const it = `${name} ${entry.version} (${relative(root, file) || file})`;
      seen.add(`${name} ${entry.version}`);
      if (entry.resolved) wrong.push(`${it} names an address`);
      // What is bundled into another package came with that one's hash.
      if (!entry.inBundle && !/^sha512-/.test(entry.integrity ?? "")) wrong.push(`${it} has no SHA-512`);
      if (entry.hasInstallScript && !INSTALL_SCRIPTS.has(name)) wrong.push(`${it} runs a script when it is installed`);
      // The workspace's own dependencies are the demo shop's; a folder's are a project of the tests.
      const ships = file === "package-lock.json" && !entry.dev && !entry.optional;
      if (entry.license && !allows(entry.license, ships ? PERMISSIVE : FOR_TOOLS)) wrong.push(`${it} is under ${entry.license}`);
      if (ships && !entry.license) wrong.push(`${it} is under no licence`);
    }
  }
  return seen.size;
}

/** Whether an SPDX expression leaves a choice among `allowed`. `/` is how crates wrote OR once. */
export function allows(expression, allowed) {
  if (!expression) return false;
  const words = expression.replaceAll("/", " OR ").match(/\(|\)|[^\s()]+/g) ?? [];
  let at = 0;
  const either = () => {
    let fits = both();
    while (words[at] === "OR") {
      at += 1;
      const other = both();
      fits ||= other;
    }
    return fits;
  };
  const both = () => {
    let fits = one();
    while (words[at] === "AND") {
      at += 1;
      const other = one();
      fits &&= other;
    }
    return fits;
  };
  const one = () => {
    if (words[at] === "(") {
      at += 1;
      const fits = either();
      at += 1;
      return fits;
    }
    let licence = words[at];
    at += 1;
    if (words[at] === "WITH") {
      licence += ` WITH ${words[at + 1]}`;
      at += 2;
    }
    return allowed.has(licence);
  };
  const fits = either();
  return fits && at === words.length;
}
