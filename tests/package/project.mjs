// A project in a folder of its own: its template copied, its packages installed
// from its lock file, this package from its tarball, and its build.

import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, extname, join } from "node:path";
import { promisify } from "node:util";

import { build as esbuild } from "esbuild";

import { pkg, root } from "../../scripts/lib/project.mjs";

const PAGE = join(root, "tests", "package", "page");
/** Where the sources look for the merchant server. */
const ADDRESS = "http://localhost:8401";
const TEXTS = [".html", ".js", ".jsx", ".mjs", ".ts", ".tsx", ".vue"];
/** What a template may hold from being tried out where it stands. */
const MADE = ["node_modules", "dist", "out", ".next"];
/** The tools of others tell their makers nothing from here, and speak without colours. */
const QUIET = { NEXT_TELEMETRY_DISABLED: "1", NO_COLOR: "1", NODE_ENV: undefined, FORCE_COLOR: undefined };

const exec = promisify(execFile);

/** @returns {Promise<string>} the folder */
export async function unpack({ folder: template, page, tarball, merchant }) {
  const folder = await mkdtemp(join(tmpdir(), "kasa-project-"));
  await cp(join(root, template), folder, { recursive: true, filter: (path) => !MADE.includes(basename(path)) });
  if (page) await cp(PAGE, folder, { recursive: true });
  for (const file of await filesBelow(folder)) {
    if (!TEXTS.includes(extname(file))) continue;
    const text = await readFile(file, "utf8");
    if (text.includes(ADDRESS)) await writeFile(file, text.replaceAll(ADDRESS, merchant));
  }
  await withoutPackage(folder);
  const options = ["--prefer-offline", "--no-audit", "--no-fund"];
  await npm(folder, "ci", ...options);
  await npm(folder, "install", "--no-save", ...options, tarball);
  return folder;
}

/** A template may name the package as it stands in this repository; here it comes from the tarball alone. */
async function withoutPackage(folder) {
  for (const name of ["package.json", "package-lock.json"].map((name) => join(folder, name))) {
    const file = JSON.parse(await readFile(name, "utf8"));
    const { packages = {} } = file;
    for (const { dependencies = {} } of [file, packages[""] ?? {}]) delete dependencies["kasa-checkout"];
    delete packages["node_modules/kasa-checkout"];
    delete packages["../../pkg"];
    await writeFile(name, JSON.stringify(file));
  }
}

/** The page by itself, bundled without a project, and the wasm forgotten. */
export async function bundled() {
  const folder = await mkdtemp(join(tmpdir(), "kasa-project-"));
  const options = { bundle: true, splitting: true, format: "esm", alias: { "kasa-checkout": pkg } };
  await esbuild({ entryPoints: [join(PAGE, "main.js")], outdir: folder, ...options });
  await cp(join(PAGE, "index.html"), join(folder, "index.html"));
  return folder;
}

export const build = (folder) => npm(folder, "run", "build");

export const remove = (folder) => rm(folder, { recursive: true, force: true });

export async function filesBelow(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

async function npm(folder, ...args) {
  try {
    await exec("npm", args, { cwd: folder, env: { ...process.env, ...QUIET } });
  } catch ({ stdout, stderr }) {
    throw new Error(`npm ${args.join(" ")} failed:\n${stdout}\n${stderr}`);
  }
}
