// The component in a browser's page.

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { buildPackage } from "../build.mjs";
import { sessionName } from "../lib/browsers.mjs";
import { buildShop } from "../lib/bundle.mjs";
import { buildServers } from "../lib/cargo.mjs";
import { nodeTests, testsIn } from "../lib/node-tests.mjs";
import { WASM_TARGET, scratch, toolEnv } from "../lib/project.mjs";
import { run } from "../lib/run.mjs";
import { withServers } from "../lib/servers.mjs";
import { freePort } from "../lib/services.mjs";
import { findBrowser } from "../setup.mjs";

export const pageSteps = [
  { name: "shop", proves: "the demo shop bundles, and its server keeps to its rules", run: shop },
  { name: "gallery", proves: "each state of the component: accessible, within its policy, as pictured", run: gallery },
  { name: "browser", proves: "the component in a headless browser", run: browserTests },
  { name: "face", proves: "the form under real keys, and what it tells", run: face },
  { name: "element", proves: "<kasa-checkout>, moved, taken out and put in again", run: element },
  { name: "hostile", proves: "a hostile page and hostile messages move nothing and learn nothing", run: hostile },
];

/** Files of tests, of which none shares what another needs: a browser leaves a processor idle half of the time. */
const TWO_AT_A_TIME = ["--test-concurrency=2"];

async function shop() {
  await buildPackage();
  await buildShop();
  await nodeTests(["www/server/app.test.mjs", "www/page/inspector/model.test.mjs"]);
}

/** @param {{ update?: boolean }} options `update`: the pictures become what is drawn now */
async function gallery({ update }) {
  await buildPackage();
  await buildShop();
  await nodeTests(await testsIn("tests/gallery"), {
    flags: TWO_AT_A_TIME,
    env: update && { KASA_UPDATE_PICTURES: "1" },
    hint: "A state of the component is not as it should be; see above.",
  });
}

async function browserTests() {
  await buildServers();
  const { browser, driver } = await findBrowser();
  const page = await freePort();
  const origin = `http://127.0.0.1:${page}`;
  await withServers({ origins: [origin] }, async ({ merchant, sandbox, desk }) => {
    // Not by `wasm-pack test`, which would compile the core's native tests for
    // the browser too; it calls this very runner.
    await run("cargo", ["test", "--target", WASM_TARGET, "-p", "kasa-checkout", "--test", "browser"], {
      env: toolEnv({
        CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER: "wasm-bindgen-test-runner",
        CHROMEDRIVER: driver,
        KASA_TEST_MERCHANT: merchant,
        KASA_TEST_SANDBOX: sandbox,
        KASA_TEST_DESK: desk,
        WASM_BINDGEN_TEST_ADDRESS: `127.0.0.1:${page}`,
        // The bank's page stands in a frame, which cross-origin isolation forbids.
        WASM_BINDGEN_TEST_NO_ORIGIN_ISOLATION: "1",
        WASM_BINDGEN_TEST_TIMEOUT: "300",
        WASM_BINDGEN_TEST_DRIVER_TIMEOUT: "30",
        WASM_BINDGEN_TEST_WEBDRIVER_JSON: await webdriverSettings(browser),
      }),
    });
  });
}

/** Keys and pointers as a person's, in the demo shop. */
async function face() {
  await buildPackage();
  await buildShop();
  await buildServers();
  // Each file starts servers of its own: what a counter or a phone shows is for one shopper.
  await nodeTests(await testsIn("tests/face"), { flags: TWO_AT_A_TIME });
}

/** The element on an empty page, by the package as it is, without a bundler. */
async function element() {
  await buildPackage();
  await buildServers();
  const page = await freePort();
  await withServers({ origins: [`http://localhost:${page}`] }, async ({ merchant, sandbox, desk }) =>
    nodeTests(await testsIn("tests/element"), {
      // One file after the other: they share the port of the page, which shoppers come back to.
      flags: ["--test-concurrency=1"],
      env: { KASA_STAGE_PORT: String(page), KASA_STAGE_DESK: desk, KASA_STAGE_MERCHANT: merchant, KASA_STAGE_SANDBOX: sandbox },
    }),
  );
}

/** Its servers are its own: they lie. */
async function hostile() {
  await buildPackage();
  await nodeTests(await testsIn("tests/hostile"), { flags: TWO_AT_A_TIME });
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
  await writeFile(path, JSON.stringify({ browserName: sessionName(binary), "goog:chromeOptions": { binary, args } }, null, 2));
  return path;
}
