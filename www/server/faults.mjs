// Faults that a visitor may order at the sandbox: those of `faults.json`, once
// each. The page cannot ask the sandbox itself, its policy forbids that.

import { readFileSync } from "node:fs";

const FAULTS = JSON.parse(readFileSync(new URL("../faults.json", import.meta.url), "utf8"));

const TIMEOUT_MS = 5_000;

/** No fault of the list. */
export class BadFault extends Error {}

/** There is no sandbox, or it could not be asked. */
export class NoSandbox extends Error {}

/** @param {{ sandbox: string | null }} settings */
export const createFaults = ({ sandbox }) => {
  const ask = async (method, body) => {
    if (!sandbox) throw new NoSandbox("no SANDBOX_URL is set");
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`${sandbox}/sandbox/faults`, {
      method,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body && { headers, body: JSON.stringify(body) }),
    }).catch((error) => {
      throw new NoSandbox(`the sandbox cannot be reached: ${error.message}`);
    });
    if (!answer.ok) throw new NoSandbox(`the sandbox answered ${answer.status}`);
    return answer;
  };

  return {
    /** Names of the faults that wait for their call. */
    async armed() {
      const waiting = await (await ask("GET")).json();
      const waits = ({ call, fault }) => waiting.some((each) => each.call === call && each.fault === fault);
      return Object.keys(FAULTS).filter((name) => waits(FAULTS[name]));
    },

    /**
     * Twice is as good as once, as long as it waits.
     * @param {unknown} name
     */
    async order(name) {
      if (typeof name !== "string" || !Object.hasOwn(FAULTS, name)) throw new BadFault("no such fault");
      if ((await this.armed()).includes(name)) return;
      const { call, fault, delayMs = 0 } = FAULTS[name];
      await ask("POST", { call, fault, delayMs, times: 1 });
    },

    /** Takes back all that wait. */
    clear: () => ask("DELETE"),
  };
};
