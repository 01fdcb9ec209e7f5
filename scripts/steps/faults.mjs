// The real servers, and the real browser, when things go wrong.

import { buildPackage } from "../build.mjs";
import { buildShop } from "../lib/bundle.mjs";
import { buildServers, cargoTest } from "../lib/cargo.mjs";
import { binary, shopServer, toolEnv } from "../lib/project.mjs";
import { findBrowser } from "../setup.mjs";

export const faultsSteps = [
  {
    name: "faults",
    proves: "what providers take is recorded paid once: provider faults, servers killed, tabs closed, clocks off, offline",
    searches: true,
    run: faults,
  },
];

/** @param {{ deep?: boolean }} options `deep`: the server is killed under a real page too */
async function faults({ deep }) {
  await buildPackage();
  await buildShop();
  await buildServers();
  const { browser, driver } = await findBrowser();
  // By name, so that what waits natively does not wait beside browsers.
  const play = (...args) =>
    cargoTest(["--test", "faults"], {
      args: ["--nocapture", ...args],
      env: toolEnv({
        KASA_MERCHANT_BIN: binary("kasa-merchant"),
        KASA_SANDBOX_BIN: binary("kasa-sandbox"),
        KASA_SHOP_SERVER: shopServer,
        KASA_CHROMEDRIVER: driver,
        KASA_CHROMIUM: browser,
      }),
    });
  await play("--test-threads=1", "--skip", "in_browser::");
  await play("--test-threads=2", "in_browser::", ...(deep ? [] : ["--skip", "the_page_finds_its_way"]));
}
