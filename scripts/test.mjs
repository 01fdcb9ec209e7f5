// `npm test`: sets everything up, then runs every check in order and stops at
// the first that fails.

import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { buildPackage, printSizes } from "./build.mjs";
import { checkDocs } from "./docs.mjs";
import { buildServers, buildShop } from "./lib/bundle.mjs";
import { startOrderDesk } from "./lib/order-desk.mjs";
import { WASM_TARGET, binary, npmBin, openapiPython, pkg, root, scratch, shopServer, toolEnv } from "./lib/project.mjs";
import { Failure, ask, atEnd, flags, main, run, say, seconds } from "./lib/run.mjs";
import { freePort, freshKeys, startMerchant, startSandbox, startShop } from "./lib/services.mjs";
import { findBrowser, setup } from "./setup.mjs";

const cargo = (...args) => run("cargo", args);
const DENY_WARNINGS = ["--", "-D", "warnings"];

/** What is run, in this order: name, what it proves, and how. */
const STEPS = [
  ["format", "the Rust sources are formatted", () => cargo("fmt", "--all", "--check")],
  ["clippy", "no lint on the host", () => cargo("clippy", "--workspace", "--all-targets", ...DENY_WARNINGS)],
  ["clippy-wasm", "no lint in the browser's part", clippyWasm],
  ["native", "core, merchant server on SQLite, and sandbox", native],
  ["native-postgres", "the merchant server once more, on PostgreSQL", nativePostgres],
  ["openapi", "the merchant server answers as merchant/openapi.yaml says, and nothing else", openapi],
  ["purity", "the core compiles without the browser's crates", purity],
  ["languages", "no text is missing in a language, and none is unused", languages],
  ["package", "the npm package builds, and holds what it should", packageBuilds],
  ["types", "the TypeScript types fit", types],
  ["docs", "the pages made from the code are as the code is, and their examples compile", docs],
  ["import", "importing the package on a server does nothing", importsInNode],
  ["bundlers", "the package in a project of each bundler, up to a payment", () => packedShops("bundlers")],
  ["examples", "the examples, with the packed package, up to a payment", () => packedShops("examples")],
  ["readme", "the README's ten lines take a payment", readme],
  ["shop", "the demo shop bundles, and its server keeps to its rules", shop],
  ["gallery", "each state of the component: accessible, within its policy, as pictured", gallery],
  ["browser", "the component in a headless browser", browserTests],
  ["face", "the form under real keys, and what it tells", face],
  ["element", "<kasa-checkout>, moved, taken out and put in again", element],
  ["e2e", "shopper's journeys through shop, merchant server and bank", endToEnd],
];

const USAGE = `npm test [-- flags]

Sets up, then runs every check and stops at the first that fails.

  --only STEP   run this step alone; may be given more than once
  --update      let the gallery's pictures be as the component draws them now

Steps:
${STEPS.map(([name, proves]) => `  ${name.padEnd(15)}  ${proves}`).join("\n")}`;

const { only = [], update } = flags(USAGE, { only: { type: "string", multiple: true }, update: { type: "boolean", default: false } });

await main(async () => {
  const unknown = only.find((name) => !STEPS.some(([step]) => step === name));
  if (unknown) throw new Failure(`There is no step "${unknown}".\n\n${USAGE}`);
  await setup({ checks: true, browser: true, postgres: true });

  const started = Date.now();
  for (const [name, proves, body] of STEPS) {
    if (only.length && !only.includes(name)) continue;
    const since = Date.now();
    console.log(`\n── ${name}: ${proves}`);
    try {
      await body();
    } catch (error) {
      if (error instanceof Failure) error.message = `${name} failed after ${seconds(since)}. ${error.message}`;
      throw error;
    }
    console.log(`── ${name}: ok, ${seconds(since)}`);
  }
  console.log();
  say(`all of it passed, ${seconds(started)}`);
});

// With the tests that run there; the core's own run on the host.
async function clippyWasm() {
  await cargo("clippy", "--target", WASM_TARGET, "-p", "kasa-checkout", "--lib", "--test", "browser", ...DENY_WARNINGS);
}

async function native() {
  await buildServers();
  await cargo("test", "--workspace", "--exclude", "kasa-e2e");
}

/** Drives a merchant server from its document; how is for tests/openapi to say. */
async function openapi() {
  await buildServers();
  const keys = freshKeys();
  const [merchantPort, sandboxPort, webhookPort] = await Promise.all([freePort(), freePort(), freePort()]);
  const sandbox = `http://127.0.0.1:${sandboxPort}`;
  const merchant = `http://localhost:${merchantPort}`;
  const webhook = `http://127.0.0.1:${webhookPort}/`;
  const origin = "http://localhost:8400";
  const database = join(await temporaryFolder(), "kasa.db");
  const services = await Promise.all([
    startSandbox({ port: sandboxPort, keys, merchant }),
    startMerchant({ port: merchantPort, keys, sandbox, origins: [origin], database, webhook }),
  ]);
  const options = ["--config-file", "schemathesis.toml", "run", join(root, "merchant", "openapi.yaml"), "--url", merchant];
  await run(openapiPython, ["-m", "schemathesis.cli", ...options], {
    cwd: join(root, "tests", "openapi"),
    env: {
      ...process.env,
      NO_PROXY: "localhost,127.0.0.1",
      PYTHONDONTWRITEBYTECODE: "1",
      SCHEMATHESIS_HOOKS: "hooks",
      KASA_OPENAPI_MERCHANT: merchant,
      KASA_OPENAPI_SANDBOX: sandbox,
      KASA_OPENAPI_ORIGIN: origin,
      KASA_OPENAPI_DATABASE: database,
      KASA_OPENAPI_BEARER: keys.api,
      KASA_OPENAPI_KEYS: JSON.stringify(keys),
      KASA_OPENAPI_WEBHOOK_PORT: String(webhookPort),
    },
    hint: "The merchant server and merchant/openapi.yaml differ; see above. Change the one that is wrong.",
  });
  await Promise.all(services.map((each) => each.stop()));
}

/** The same tests once more; they start a cluster of their own. */
async function nativePostgres() {
  await run("cargo", ["test", "-p", "kasa-merchant", "--test", "it"], {
    env: toolEnv({ KASA_TEST_DATABASE: "postgres" }),
  });
}

/** The core cannot touch a page if nothing that touches one is compiled with it. */
async function purity() {
  const tree = await ask("cargo", [
    "tree", "--target", "x86_64-unknown-linux-gnu", "-p", "kasa-checkout", "-e", "normal", "--prefix", "none",
  ]);
  if (tree === null) throw new Failure("cargo tree does not work here.");
  const found = ["web-sys", "wasm-bindgen", "js-sys", "gloo-net"].filter((name) => new RegExp(`^${name} v`, "m").test(tree));
  if (found.length) throw new Failure(`On the host, kasa-checkout depends on ${found.join(" and ")}: the core is no longer pure.`);
}

async function languages() {
  await run(process.execPath, ["--test", "--test-reporter=spec", "tests/languages/languages.test.mjs", "tests/languages/speech.test.mjs"]);
}

async function packageBuilds() {
  await buildPackage();
  await printSizes();
  await run(process.execPath, ["--test", "--test-reporter=spec", "tests/package/package.test.mjs"]);
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
  await run(process.execPath, ["--test", "--test-reporter=spec", ...(await testsIn("tests/docs"))]);
}

async function importsInNode() {
  await buildPackage();
  await run(process.execPath, ["--test", "--test-reporter=spec", "tests/package/import.test.mjs"]);
}

/** Shops in throw-away folders, each with the package from its tarball, at whatever ports they get. */
async function packedShops(file) {
  await buildPackage();
  await buildServers();
  const keys = freshKeys();
  const [desk, merchantPort, sandboxPort] = await Promise.all([freePort(), freePort(), freePort()]);
  const sandbox = `http://127.0.0.1:${sandboxPort}`;
  const merchant = `http://localhost:${merchantPort}`;
  const database = join(await temporaryFolder(), "kasa.db");
  const services = await Promise.all([
    startSandbox({ port: sandboxPort, keys, merchant }),
    startMerchant({ port: merchantPort, keys, sandbox, origins: ["http://localhost:*"], database }),
  ]);
  const orderDesk = await startOrderDesk({ port: desk, merchant, key: keys.api, returnUrl: "http://localhost/" });
  await run(process.execPath, ["--test", "--test-reporter=spec", `tests/package/${file}.test.mjs`], {
    env: { ...process.env, KASA_BUNDLERS_MERCHANT: merchant, KASA_BUNDLERS_SANDBOX: sandbox, KASA_BUNDLERS_DESK: `http://127.0.0.1:${desk}` },
  });
  orderDesk.close();
  await Promise.all(services.map((each) => each.stop()));
}

async function readme() {
  await run(process.execPath, ["--test", "--test-reporter=spec", "tests/package/readme.test.mjs"]);
}

async function shop() {
  await buildPackage();
  await buildShop();
  await run(process.execPath, ["--test", "--test-reporter=spec", "www/server/app.test.mjs", "www/page/inspector/model.test.mjs"]);
}

async function gallery() {
  await buildPackage();
  await buildShop();
  await run(process.execPath, ["--test", "--test-reporter=spec", ...(await testsIn("tests/gallery"))], {
    env: { ...process.env, ...(update && { KASA_UPDATE_PICTURES: "1" }) },
    hint: "A state of the component is not as it should be; see above.",
  });
}

async function browserTests() {
  await buildServers();
  const { browser, driver } = await findBrowser();
  const keys = freshKeys();
  const [page, desk, merchantPort, sandboxPort] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  const sandbox = `http://127.0.0.1:${sandboxPort}`;
  const merchant = `http://localhost:${merchantPort}`;
  const origin = `http://127.0.0.1:${page}`;
  const folder = await temporaryFolder();

  const services = await Promise.all([
    startSandbox({ port: sandboxPort, keys, merchant }),
    startMerchant({ port: merchantPort, keys, sandbox, origins: [origin], database: join(folder, "kasa.db") }),
  ]);
  const orderDesk = await startOrderDesk({ port: desk, merchant, key: keys.api, returnUrl: `${origin}/` });
  // Not by `wasm-pack test`, which would compile the core's native tests for
  // the browser too; it calls this very runner.
  await run(
    "cargo",
    ["test", "--target", WASM_TARGET, "-p", "kasa-checkout", "--test", "browser"],
    {
      env: toolEnv({
        CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER: "wasm-bindgen-test-runner",
        CHROMEDRIVER: driver,
        KASA_TEST_MERCHANT: merchant,
        KASA_TEST_SANDBOX: sandbox,
        KASA_TEST_DESK: `http://127.0.0.1:${desk}`,
        WASM_BINDGEN_TEST_ADDRESS: `127.0.0.1:${page}`,
        // The bank's page stands in a frame, which cross-origin isolation forbids.
        WASM_BINDGEN_TEST_NO_ORIGIN_ISOLATION: "1",
        WASM_BINDGEN_TEST_TIMEOUT: "300",
        WASM_BINDGEN_TEST_DRIVER_TIMEOUT: "30",
        WASM_BINDGEN_TEST_WEBDRIVER_JSON: await webdriverSettings(browser),
      }),
    },
  );
  orderDesk.close();
  await Promise.all(services.map((each) => each.stop()));
}

/** Keys and pointers as a person's, in the demo shop. */
async function face() {
  await buildPackage();
  await buildShop();
  await buildServers();
  const keys = freshKeys();
  const [shopPort, barePort, desk, merchantPort, sandboxPort] = await Promise.all([freePort(), freePort(), freePort(), freePort(), freePort()]);
  const sandbox = `http://127.0.0.1:${sandboxPort}`;
  const merchant = `http://localhost:${merchantPort}`;
  const shop = `http://localhost:${shopPort}`;
  const bare = `http://localhost:${barePort}`;
  const database = join(await temporaryFolder(), "kasa.db");
  const services = await Promise.all([
    startSandbox({ port: sandboxPort, keys, merchant }),
    startMerchant({ port: merchantPort, keys, sandbox, origins: [shop, bare], database, webhook: `http://127.0.0.1:${shopPort}/api/webhook` }),
    startShop({ port: shopPort, keys, merchant, sandbox }),
  ]);
  const orderDesk = await startOrderDesk({ port: desk, merchant, key: keys.api, returnUrl: `${shop}/odeme` });
  await run(process.execPath, ["--test", "--test-reporter=spec", ...(await testsIn("tests/face"))], {
    env: { ...process.env, KASA_FACE_SHOP: shop, KASA_FACE_BARE: bare, KASA_FACE_DESK: `http://127.0.0.1:${desk}`, KASA_FACE_SANDBOX: sandbox },
  });
  orderDesk.close();
  await Promise.all(services.map((each) => each.stop()));
}

/** The element on an empty page, by the package as it is, without a bundler. */
async function element() {
  await buildPackage();
  await buildServers();
  const keys = freshKeys();
  const [page, desk, merchantPort, sandboxPort] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  const sandbox = `http://127.0.0.1:${sandboxPort}`;
  const merchant = `http://localhost:${merchantPort}`;
  const origin = `http://localhost:${page}`;
  const services = await Promise.all([
    startSandbox({ port: sandboxPort, keys, merchant }),
    startMerchant({ port: merchantPort, keys, sandbox, origins: [origin], database: join(await temporaryFolder(), "kasa.db") }),
  ]);
  const orderDesk = await startOrderDesk({ port: desk, merchant, key: keys.api, returnUrl: `${origin}/` });
  // One file after the other: they share the port of the page.
  await run(process.execPath, ["--test", "--test-reporter=spec", "--test-concurrency=1", ...(await testsIn("tests/element"))], {
    env: { ...process.env, KASA_STAGE_PORT: String(page), KASA_STAGE_DESK: `http://127.0.0.1:${desk}`, KASA_STAGE_MERCHANT: merchant, KASA_STAGE_SANDBOX: sandbox },
  });
  orderDesk.close();
  await Promise.all(services.map((each) => each.stop()));
}

async function endToEnd() {
  await buildPackage();
  await buildShop();
  await buildServers();
  const { browser, driver } = await findBrowser();
  await run("cargo", ["test", "-p", "kasa-e2e"], {
    env: toolEnv({
      KASA_MERCHANT_BIN: binary("kasa-merchant"),
      KASA_SANDBOX_BIN: binary("kasa-sandbox"),
      KASA_SHOP_SERVER: shopServer,
      KASA_CHROMEDRIVER: driver,
      KASA_CHROMIUM: browser,
    }),
  });
}

/** The test files of a folder, by name: Node 20 takes no pattern. */
async function testsIn(folder) {
  const names = await readdir(join(root, folder));
  return names.filter((name) => name.endsWith(".test.mjs")).map((name) => join(folder, name));
}

async function temporaryFolder() {
  const folder = await mkdtemp(join(tmpdir(), "kasa-"));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Chromium's flags for the headless tests, in the file their runner reads. */
async function webdriverSettings(binary) {
  const args = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ];
  await mkdir(scratch, { recursive: true });
  const path = join(scratch, "webdriver.json");
  await writeFile(path, JSON.stringify({ "goog:chromeOptions": { binary, args } }, null, 2));
  return path;
}
