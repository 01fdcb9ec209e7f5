// The servers in the open: under load, and what they are made of.

import { buildServers, cargo } from "../lib/cargo.mjs";
import { nodeTests } from "../lib/node-tests.mjs";
import { withServers } from "../lib/servers.mjs";
import { load } from "../../tests/load/load.mjs";
import { checkSupply } from "../lib/supply.mjs";

export const openSteps = [
  { name: "supply", proves: "what all this is made of: known sources, licences and install scripts", run: supply },
  {
    name: "load",
    proves: "many payments beside many waiting pages: none lost, none doubled, all answered",
    searches: true,
    run: underLoad,
  },
];

async function supply() {
  await nodeTests(["scripts/lib/supply.test.mjs"]);
  await checkSupply();
}

/** What `npm test` takes: what the debug build carries on 2 cores that have other work too. */
const SHORT = { rate: 15, seconds: 15, polls: 200 };

const LONG = { rate: 200, seconds: 120, polls: 1000 };

/** @param {{ deep?: boolean }} options the long form is of the servers as they are deployed */
async function underLoad({ deep }) {
  const profile = deep ? "server" : "debug";
  if (deep) await cargo("build", "--profile", profile, "-p", "kasa-merchant", "-p", "kasa-sandbox");
  else await buildServers();
  const origin = "http://localhost:8400";
  // Everybody is counted, as in the open; nobody comes twice.
  const env = { KASA_LIMIT_CUSTOMER_PAYMENTS: "30", RUST_LOG: "warn" };
  await withServers({ origins: [origin], profile, env }, ({ keys, sandbox, merchant, pids }) =>
    load({ name: "load", merchant, sandbox, origin, key: keys.api, pid: pids.merchant }, deep ? LONG : SHORT),
  );
}
