// The npm package: what is in it, what is said of it, and that shops can build with it.

import { cp, mkdir, rm, symlink } from "node:fs/promises";
import { join } from "node:path";

import { buildPackage, printSizes } from "../build.mjs";
import { checkDocs } from "../docs.mjs";
import { buildServers } from "../lib/cargo.mjs";
import { nodeTests, testsIn } from "../lib/node-tests.mjs";
import { npmBin, pkg, root, scratch } from "../lib/project.mjs";
import { run } from "../lib/run.mjs";
import { withServers } from "../lib/servers.mjs";

export const packageSteps = [
  { name: "languages", proves: "no text is missing in a language, and none is unused", run: languages },
  { name: "package", proves: "the npm package builds, and holds what it should", run: packageBuilds },
  { name: "types", proves: "the TypeScript types fit", run: types },
  { name: "docs", proves: "the pages made from the code are as the code is, and their examples compile", run: docs },
  { name: "import", proves: "importing the package on a server does nothing", run: importsInNode },
  { name: "bundlers", proves: "the package in a project of each bundler, up to a payment", run: () => packedShops("bundlers") },
  { name: "examples", proves: "the examples, with the packed package, up to a payment", run: () => packedShops("examples") },
  { name: "readme", proves: "the README's ten lines take a payment", run: () => nodeTests(["tests/package/readme.test.mjs"]) },
];

async function languages() {
  await nodeTests(["tests/languages/languages.test.mjs", "tests/languages/speech.test.mjs"]);
}

async function packageBuilds() {
  await buildPackage();
  await printSizes();
  await nodeTests(["tests/package/package.test.mjs"]);
}

/** As shops compile: installed, by today's TypeScript and an older one, by each way to find a module, as strictly as can be. */
async function types() {
  await buildPackage();
  const folder = join(scratch, "types");
  await rm(folder, { recursive: true, force: true });
  await cp(join(root, "tests", "types"), folder, { recursive: true });
  await mkdir(join(folder, "node_modules"));
  await symlink(pkg, join(folder, "node_modules", "kasa-checkout"), "junction");
  const compilers = [npmBin("tsc"), join(root, "docs", "tool", "node_modules", ".bin", "tsc")];
  const ways = [["nodenext", "nodenext"], ["esnext", "bundler"]];
  for (const compiler of compilers) {
    for (const [module, moduleResolution] of ways) {
      await run(compiler, ["-p", folder, "--module", module, "--moduleResolution", moduleResolution, "--paths", "null"]);
    }
  }
}

async function docs() {
  await checkDocs();
  await nodeTests(await testsIn("tests/docs"));
}

async function importsInNode() {
  await buildPackage();
  await nodeTests(["tests/package/import.test.mjs"]);
}

/** Shops in throw-away folders, each with the package from its tarball, at whatever ports they get. */
async function packedShops(file) {
  await buildPackage();
  await buildServers();
  await withServers({ origins: ["http://localhost:*"], returnUrl: "http://localhost/" }, ({ merchant, sandbox, desk }) =>
    nodeTests([`tests/package/${file}.test.mjs`], {
      env: { KASA_BUNDLERS_MERCHANT: merchant, KASA_BUNDLERS_SANDBOX: sandbox, KASA_BUNDLERS_DESK: desk },
    }),
  );
}
