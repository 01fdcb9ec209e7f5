// `npm start`: sets everything up, builds it, and runs the demo shop with its
// merchant server and the sandbox, until Ctrl-C.

import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";

import { buildPackage } from "./build.mjs";
import { buildShop } from "./lib/bundle.mjs";
import { buildServers } from "./lib/cargo.mjs";
import { root } from "./lib/project.mjs";
import { Failure, flags, main, say } from "./lib/run.mjs";
import { freshKeys, needPort, startMerchant, startSandbox, startShop } from "./lib/services.mjs";
import { setup } from "./setup.mjs";

const USAGE = `npm start [-- flags]

Sets up, builds and runs the demo shop, its merchant server and the sandbox.

  --shop-port N       8400
  --merchant-port N   8401
  --sandbox-port N    8402
  --dev               a debug build of the component`;

// Fixed, so that the README's example can be typed as it stands there.
const API_KEY = "kasa-demo-key";

const values = flags(USAGE, {
  "shop-port": { type: "string", default: "8400" },
  "merchant-port": { type: "string", default: "8401" },
  "sandbox-port": { type: "string", default: "8402" },
  dev: { type: "boolean", default: false },
});

const body = async () => {
  const ports = { shop: port("shop-port"), merchant: port("merchant-port"), sandbox: port("sandbox-port") };
  // Before the long work, so that a taken port is told at once.
  await needPort(ports.shop, "shop", "shop-port");
  await needPort(ports.merchant, "merchant server", "merchant-port");
  await needPort(ports.sandbox, "sandbox", "sandbox-port");

  await setup();
  say("building the component, the servers and the shop …");
  await buildPackage({ dev: values.dev });
  await buildServers({ alone: true });
  await buildShop();
  await serve(ports);
};

function port(flag) {
  const number = Number(values[flag]);
  if (!Number.isInteger(number) || number < 1 || number > 65_535) throw new Failure(`--${flag} wants a port number, not "${values[flag]}".`);
  return number;
}

async function serve(ports) {
  const services = await startAll(ports);
  tell(ports);
  const dead = await Promise.race(services.map(async (each) => each.report(await each.ended)));
  throw new Failure(`${dead}\n\nThe others are stopped too.`);
}

async function startAll(ports) {
  const keys = { ...freshKeys(), api: API_KEY };
  const sandbox = `http://127.0.0.1:${ports.sandbox}`;
  const merchant = `http://localhost:${ports.merchant}`;
  // The shop, and a page of one's own, wherever on this machine it is served.
  const origins = ["http://localhost:*", "http://127.0.0.1:*"];
  // Afresh: the sandbox remembers nothing either, and an order whose provider forgot it is of no use.
  const folder = join(root, "var", `start-${ports.merchant}`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const database = join(folder, "kasa.db");
  return Promise.all([
    startSandbox({ port: ports.sandbox, keys, merchant }),
    startMerchant({ port: ports.merchant, keys, sandbox, origins, database, webhook: `http://127.0.0.1:${ports.shop}/api/webhook` }),
    startShop({ port: ports.shop, keys, merchant, sandbox }),
  ]);
}

function tell(ports) {
  console.log(`
  The shop         http://localhost:${ports.shop}
  Its gallery      http://localhost:${ports.shop}/galeri   every state of the component
  The sandbox      http://127.0.0.1:${ports.sandbox}   test cards, payments, faults
  Merchant server  http://localhost:${ports.merchant}   orders with the key ${API_KEY}

  Pay with card    5141 1816 7740 7907   expiry 09/28   CVC 360
  The bank asks for a code: 123456
  What to type for every other method stands on the checkout page.

  Ctrl-C stops everything.
`);
}

// Ctrl-C is how this command is meant to end.
await main(body, { interrupted: 0 });
