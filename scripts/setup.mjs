// Brings a fresh machine to the point where everything here can be built and
// tested, and does nothing on a machine that is already there. Node built-ins
// only: it runs before the npm packages are installed.

import { existsSync } from "node:fs";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { CHROMIUM_SHELL, findBrowser, programsOf } from "./lib/browsers.mjs";
import {
  GECKODRIVER_VERSION, MUTANTS_VERSION, WASM_PACK_VERSION, WASM_TARGET, openapiPython, openapiTools, root, rustVersion, sha256, stamp, toolEnv, tools, wasmBindgenVersion,
} from "./lib/project.mjs";
import { Failure, ask, flags, main, quietly, say, which } from "./lib/run.mjs";

/**
 * Sets up what is missing.
 * @param {{ checks?: boolean, browser?: boolean, engines?: boolean, postgres?: boolean }} wanted `checks`: rustfmt and clippy;
 *   `browser`: Chromium with its driver; `engines`: Firefox and WebKit with theirs; `postgres`: PostgreSQL's programs
 * @returns {Promise<void>}
 */
export async function setup({ checks = false, browser = false, engines = false, postgres = false } = {}) {
  await rust();
  // Everything cargo builds from here on needs a linker.
  await compiler();
  const missing = await Promise.all([
    wasmTarget(),
    checks && component("rustfmt", "fmt"),
    checks && component("clippy", "clippy"),
    tool("wasm-pack", WASM_PACK_VERSION, ["--locked"], "about 2 minutes"),
    // Its published lock file does not build with a current compiler.
    tool("wasm-bindgen-cli", wasmBindgenVersion(), [], "about 2 minutes"),
    checks && cxxCompiler(),
    packages(),
    browser && chromium(),
    engines && firefox(),
    engines && tool("geckodriver", GECKODRIVER_VERSION, ["--locked"], "about 3 minutes"),
    checks && tool("cargo-mutants", MUTANTS_VERSION, ["--locked"], "about 3 minutes"),
    engines && webkit(),
    checks && schemathesis(),
    postgres && postgresql(),
    checks && faketime(),
  ]);
  // One after the other: they share cargo's and dpkg's locks.
  for (const install of missing) if (install) await install();
}

async function rust() {
  const [cargo, rustc] = await Promise.all([ask("cargo", ["--version"]), ask("rustc", ["--version"])]);
  const wanted = rustVersion();
  if (!cargo || !rustc) {
    throw new Failure(`Rust ${wanted} is needed and was not found. Install it from https://rustup.rs, then run this again.`);
  }
  const found = /rustc (\d+)\.(\d+)/.exec(rustc)?.slice(1).map(Number) ?? [0, 0];
  const [major, minor] = wanted.split(".").map(Number);
  if (found[0] < major || (found[0] === major && found[1] < minor)) {
    throw new Failure(
      `Rust ${wanted} or newer is needed, and this is ${rustc}. ` +
        `Run "rustup toolchain install ${wanted} && rustup default ${wanted}", then run this again.`,
    );
  }
}

async function compiler() {
  if (await which("cc", "gcc", "clang")) return;
  await apt("a C compiler", ["gcc", "libc6-dev"]);
}

/** libFuzzer is written in C++. */
async function cxxCompiler() {
  if (await which("c++")) return null;
  return () => apt("a C++ compiler", ["g++"]);
}

async function wasmTarget() {
  const libraries = await ask("rustc", ["--print", "target-libdir", "--target", WASM_TARGET]);
  if (libraries && existsSync(libraries)) return null;
  return rustup(`the Rust target ${WASM_TARGET}`, ["target", "add", WASM_TARGET]);
}

async function component(name, command) {
  if (await ask("cargo", [command, "--version"])) return null;
  return rustup(name, ["component", "add", name]);
}

const rustup = (what, args) => async () => {
  if (!(await which("rustup"))) {
    throw new Failure(`${what} is missing, and there is no rustup to add it. Install Rust from https://rustup.rs, then run this again.`);
  }
  await quietly(`setting up ${what}`, "rustup", args, {
    hint: `Run "rustup ${args.join(" ")}" by hand to see more.`,
  });
};

async function tool(crate, version, options, duration) {
  const installed = await ask("cargo", ["install", "--list", "--root", tools]);
  if (installed?.includes(`${crate} v${version}:`)) return null;
  return () =>
    quietly(
      `setting up ${crate} ${version} (${duration})`,
      "cargo",
      ["install", ...options, "--force", "--root", tools, "--version", version, crate],
      { env: toolEnv(), hint: "Look whether the network and the crates registry can be reached, then run this again." },
    );
}

async function packages() {
  const lock = sha256(await readFile(join(root, "package-lock.json")));
  const installed = stamp(join(root, "node_modules", ".kasa-lock"));
  if (await installed.matches(lock)) return null;
  return async () => {
    await quietly("setting up the npm packages", "npm", ["ci", "--include=dev", "--no-audit", "--no-fund"], {
      hint: "Look whether the network and the npm registry can be reached, then run this again.",
    });
    await installed.write(lock);
  };
}

async function chromium() {
  // Some tests want the whole of it; where its engine alone is missing, all of them take the whole.
  const { browser, driver } = await findBrowser({ whole: true });
  if (browser && driver) return null;
  return async () => {
    await apt("Chromium and its driver", ["chromium", CHROMIUM_SHELL, "chromium-driver", "fonts-liberation"]);
    const now = await findBrowser({ whole: true });
    if (!now.browser || !now.driver) {
      throw new Failure("Chromium or chromedriver is still not on the PATH. Let KASA_CHROMIUM and KASA_CHROMEDRIVER name them, then run this again.");
    }
  };
}

export { findBrowser };

async function firefox() {
  const { KASA_FIREFOX: found } = await programsOf("firefox");
  return found ? null : () => apt("Firefox", ["firefox-esr"]);
}

/** With a screen to draw on, and the drawing done without a graphics card. */
async function webkit() {
  const found = Object.values(await programsOf("webkit"));
  if (found.every(Boolean)) return null;
  return () => apt("WebKit and its driver", ["webkit2gtk-driver", "xvfb", "libegl1", "libgl1-mesa-dri"]);
}

const REQUIREMENTS = join(root, "tests", "openapi", "requirements.txt");

/** The Python that the test of the merchant API runs with, and what it needs, in a folder of their own. */
async function schemathesis() {
  const wanted = sha256(await readFile(REQUIREMENTS));
  const installed = stamp(join(openapiTools, ".kasa-requirements"));
  if ((await installed.matches(wanted)) && (await ask(openapiPython, ["-c", "import schemathesis"])) !== null) return null;
  return async () => {
    if ((await ask("python3", ["-c", "import ensurepip, venv"])) === null) await apt("Python", ["python3", "python3-venv"]);
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement", REQUIREMENTS];
    const hint = "Look whether the network and the Python package index can be reached, then run this again.";
    await quietly("setting up a Python for the merchant API's test", "python3", ["-m", "venv", "--clear", openapiTools]);
    await quietly("setting up Schemathesis", openapiPython, pip, { hint });
    await installed.write(wanted);
  };
}

/** What lets a test put a server's clock forward. */
async function faketime() {
  if (process.env.KASA_FAKETIME || (await hasFaketime())) return null;
  return async () => {
    await apt("libfaketime", ["libfaketime"]);
    if (!(await hasFaketime())) {
      throw new Failure("libfaketimeMT.so.1 is still not below /usr/lib. Let KASA_FAKETIME name it, then run this again.");
    }
  };
}

async function hasFaketime() {
  const folders = await readdir("/usr/lib").catch(() => []);
  return folders.some((folder) => existsSync(join("/usr/lib", folder, "faketime", "libfaketimeMT.so.1")));
}

async function postgresql() {
  if (await hasPostgres()) return null;
  return async () => {
    await apt("PostgreSQL", ["postgresql"]);
    if (!(await hasPostgres())) {
      throw new Failure("PostgreSQL's initdb is still neither on the PATH nor below /usr/lib/postgresql. Put it on the PATH, then run this again.");
    }
  };
}

/** Debian keeps the server's programs off the PATH, in a folder a version. */
async function hasPostgres() {
  if (await which("initdb")) return true;
  const versions = await readdir("/usr/lib/postgresql").catch(() => []);
  return versions.some((version) => existsSync(join("/usr/lib/postgresql", version, "bin", "initdb")));
}

async function apt(what, names) {
  const command = `apt-get install ${names.join(" ")}`;
  if (!(await which("apt-get"))) {
    throw new Failure(
      `${what} is missing, and this system has no apt-get. Install ${what} by hand, then run this again` +
        (names.includes("chromium") ? ` (KASA_CHROMIUM and KASA_CHROMEDRIVER may name them).` : "."),
    );
  }
  const asRoot = process.getuid?.() === 0 ? [] : ["sudo"];
  if (asRoot.length && !(await which("sudo"))) {
    throw new Failure(`${what} is missing. Run "${command}" as root, then run this again.`);
  }
  const aptGet = (...args) => {
    const [program, ...rest] = [...asRoot, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-y", ...args];
    return [program, rest];
  };
  const hint = `Run "apt-get update" and "${command}" as root to see more, then run this again.`;
  await quietly(`reading the package lists for ${what}`, ...aptGet("update"), { hint });
  await quietly(`setting up ${what}`, ...aptGet("install", "--no-install-recommends", ...names), { hint });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  flags("npm run setup\n\nSets up whatever building and testing need and this machine lacks.");
  await main(async () => {
    await setup({ checks: true, browser: true, engines: true, postgres: true });
    say("everything is set up");
  });
}
