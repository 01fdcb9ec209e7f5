// The servers of one test file, its own: a terminal on a counter shows one sale
// at a time, and what was recorded last is this file's. Built before by
// `npm test -- --only face`.

import { endWhenInterrupted } from "../../scripts/lib/run.mjs";
import { startServers } from "../../scripts/lib/servers.mjs";
import { freePort } from "../../scripts/lib/services.mjs";

endWhenInterrupted();
const port = await freePort();

/** The demo shop. */
export const SHOP = `http://localhost:${port}`;

/** `desk` creates orders that the shop does not; `stop` ends them all. */
export const servers = await startServers({
  origins: ["http://localhost:*"],
  returnUrl: `${SHOP}/odeme`,
  webhook: `http://127.0.0.1:${port}/api/webhook`,
  shop: port,
});
