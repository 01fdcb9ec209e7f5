// The servers that a test's page stands on, started together.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { startOrderDesk } from "./order-desk.mjs";
import { atEnd } from "./run.mjs";
import { freePort, freshKeys, startMerchant, startSandbox, startShop } from "./services.mjs";

/**
 * Starts a sandbox, a merchant server with a database of its own and a desk that creates orders, at free ports.
 * @param {{ origins: string[], returnUrl?: string, webhook?: string, shop?: number, profile?: string, env?: Record<string, string> }} wanted `origins`: the pages
 *   that may call; `returnUrl`: where a shopper comes back to; `webhook`: who hears of orders; `shop`: the port
 *   of a demo shop, where one is wanted; `profile`: of the build; `env`: of the merchant server, over what it has anyhow
 * @returns {Promise<{ keys: ReturnType<typeof freshKeys>, sandbox: string, merchant: string, desk: string, database: string, pids: { merchant: number }, stop: () => Promise<void> }>}
 */
export async function startServers({ origins, returnUrl = `${origins[0]}/`, webhook, shop, profile, env }) {
  const keys = freshKeys();
  const [desk, merchantPort, sandboxPort] = await Promise.all([freePort(), freePort(), freePort()]);
  const sandbox = `http://127.0.0.1:${sandboxPort}`;
  const merchant = `http://localhost:${merchantPort}`;
  const folder = await temporaryFolder();
  const database = join(folder, "kasa.db");
  const services = await Promise.all([
    startSandbox({ port: sandboxPort, keys, merchant, profile }),
    startMerchant({ port: merchantPort, keys, sandbox, origins, database, webhook, profile, env }),
    shop && startShop({ port: shop, keys, merchant, sandbox }),
  ]);
  const orderDesk = await startOrderDesk({ port: desk, merchant, key: keys.api, returnUrl });
  const stop = async () => {
    orderDesk.close();
    await Promise.all(services.map((service) => service?.stop()));
    await removed(folder);
  };
  return { keys, sandbox, merchant, desk: `http://127.0.0.1:${desk}`, database, pids: { merchant: services[1].pid }, stop };
}

/**
 * Runs `body` beside such servers, then ends them.
 * @param {Parameters<typeof startServers>[0]} wanted
 * @param {(servers: Awaited<ReturnType<typeof startServers>>) => Promise<void>} body
 */
export async function withServers(wanted, body) {
  const servers = await startServers(wanted);
  await body(servers);
  await servers.stop();
}

async function temporaryFolder() {
  const folder = await mkdtemp(join(tmpdir(), "kasa-"));
  atEnd(() => removed(folder));
  return folder;
}

const removed = (folder) => rm(folder, { recursive: true, force: true });
