// Starts the servers of a run and ends them again. Each gets a process group of
// its own, so that ending it leaves no grandchild, and so that Ctrl-C reaches
// this script first and the servers are ended in order.

import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createServer } from "node:net";

import { binary, root, shopServer } from "./project.mjs";
import { Failure, Tail, atEnd } from "./run.mjs";

const READY_WITHIN_MS = 30_000;
const STOP_WITHIN_MS = 5_000;

/** Keys of one run. They open nothing but the sandbox beside it. */
export function freshKeys() {
  const key = () => randomBytes(24).toString("base64url");
  return {
    api: key(),
    publicKey: key(),
    publicClient: key(),
    privateKey: key(),
    privateClient: key(),
    hash3d: key(),
    hashApm: key(),
    hashPos: key(),
    hepsipayKey: key(),
    hepsipaySecret: key(),
    corefyAccount: `coma_${key()}`,
    corefyKey: key(),
    corefySecretTest: key(),
    corefySecretLive: key(),
    // Of this shape in Standard Webhooks.
    webhook: `whsec_${randomBytes(32).toString("base64")}`,
  };
}

/** The stand-in for every provider and a bank. `merchant` is where it reports to, as a merchant would set it in PayWall's panel. */
export const startSandbox = ({ port, keys, merchant, profile }) =>
  startService("sandbox", binary("kasa-sandbox", profile), [], {
    KASA_SANDBOX_LISTEN: `127.0.0.1:${port}`,
    KASA_SANDBOX_PUBLIC_URL: `http://127.0.0.1:${port}`,
    KASA_SANDBOX_PUBLIC_KEY: keys.publicKey,
    KASA_SANDBOX_PUBLIC_CLIENT: keys.publicClient,
    KASA_SANDBOX_PRIVATE_KEY: keys.privateKey,
    KASA_SANDBOX_PRIVATE_CLIENT: keys.privateClient,
    KASA_SANDBOX_APM_CALLBACK_URL: `${merchant}/callback/apm`,
    KASA_SANDBOX_HASH_KEY_3D: keys.hash3d,
    KASA_SANDBOX_HASH_KEY_APM: keys.hashApm,
    KASA_SANDBOX_HASH_KEY_POS: keys.hashPos,
    KASA_SANDBOX_HEPSIPAY_API_KEY: keys.hepsipayKey,
    KASA_SANDBOX_HEPSIPAY_SECRET_KEY: keys.hepsipaySecret,
    KASA_SANDBOX_COREFY_ACCOUNT: keys.corefyAccount,
    KASA_SANDBOX_COREFY_API_KEY: keys.corefyKey,
    KASA_SANDBOX_COREFY_SECRET_TEST: keys.corefySecretTest,
    KASA_SANDBOX_COREFY_SECRET_LIVE: keys.corefySecretLive,
  });

/**
 * With every provider set up. `webhook` is where the shop hears of its orders; without one it does not.
 * @param {{ port: number, keys: ReturnType<typeof freshKeys>, sandbox: string, origins: string[], database: string, webhook?: string, profile?: string, env?: Record<string, string> }} options
 */
export const startMerchant = ({ port, keys, sandbox, origins, database, webhook, profile, env }) =>
  startService("merchant server", binary("kasa-merchant", profile), [], {
    KASA_LISTEN: `127.0.0.1:${port}`,
    KASA_PUBLIC_URL: `http://localhost:${port}`,
    KASA_DATABASE_URL: `sqlite://${database}?mode=rwc`,
    KASA_API_KEY: keys.api,
    KASA_SHOP_ORIGINS: origins.join(","),
    // One shopper makes all the orders, from this machine; an address that somebody names is another matter.
    KASA_LIMIT_CUSTOMER_PAYMENTS: "0",
    KASA_TRUSTED_PROXIES: "127.0.0.1",
    KASA_LIMIT_ADDRESS_PAYMENTS: "3",
    KASA_LIMIT_ADDRESS_QUESTIONS: "3",
    KASA_PAYWALL_PAYMENT_API: sandbox,
    KASA_PAYWALL_PRIVATE_API: sandbox,
    KASA_PAYWALL_CARD_API: sandbox,
    KASA_PAYWALL_PHYSICAL_API: sandbox,
    KASA_PAYWALL_PUBLIC_KEY: keys.publicKey,
    KASA_PAYWALL_PUBLIC_CLIENT: keys.publicClient,
    KASA_PAYWALL_PRIVATE_KEY: keys.privateKey,
    KASA_PAYWALL_PRIVATE_CLIENT: keys.privateClient,
    KASA_PAYWALL_HASH_KEY_3D: keys.hash3d,
    KASA_PAYWALL_HASH_KEY_APM: keys.hashApm,
    KASA_PAYWALL_HASH_KEY_POS: keys.hashPos,
    KASA_PAYWALL_APM: "true",
    KASA_HEPSIPAY_API: `${sandbox}/hepsipay/api`,
    KASA_HEPSIPAY_PAGE: `${sandbox}/hepsipay/page`,
    KASA_HEPSIPAY_API_KEY: keys.hepsipayKey,
    KASA_HEPSIPAY_SECRET_KEY: keys.hepsipaySecret,
    KASA_COREFY_API: `${sandbox}/corefy/api`,
    KASA_COREFY_HPP: `${sandbox}/corefy/hpp`,
    KASA_COREFY_ACCOUNT: keys.corefyAccount,
    KASA_COREFY_API_KEY: keys.corefyKey,
    KASA_COREFY_SECRET_TEST: keys.corefySecretTest,
    KASA_COREFY_SECRET_LIVE: keys.corefySecretLive,
    KASA_COREFY_TEST_MODE: "true",
    ...(webhook && { KASA_WEBHOOK_URL: webhook, KASA_WEBHOOK_SECRET: keys.webhook }),
    ...env,
  });

export const startShop = ({ port, keys, merchant, sandbox }) =>
  startService("shop", process.execPath, [shopServer], {
    SHOP_PORT: String(port),
    SHOP_URL: `http://localhost:${port}`,
    MERCHANT_URL: merchant,
    MERCHANT_API_KEY: keys.api,
    WEBHOOK_SECRET: keys.webhook,
    PAYWALL_URL: sandbox,
    SANDBOX_URL: sandbox,
  });

/**
 * Starts a server and waits until it says that it listens. It is ended with the command.
 * @returns {Promise<Service>}
 */
async function startService(name, command, args, env) {
  const service = new Service(name, command, args, env);
  atEnd(() => service.stop());
  await service.ready;
  return service;
}

class Service {
  /** Settles when the process has ended: a sentence that says how. */
  ended;
  /** Settles when the server accepts connections. */
  ready;
  #child;
  #tail = new Tail();

  constructor(name, command, args, env) {
    this.name = name;
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    this.#child = child;
    child.stderr.setEncoding("utf8").on("data", (chunk) => this.#tail.push(chunk));
    const listening = new Promise((settle) => {
      let out = "";
      child.stdout.setEncoding("utf8").on("data", (chunk) => {
        out = (out + chunk).slice(-4_096);
        if (out.includes(" listening on ")) settle();
      });
    });
    this.ended = new Promise((settle) => {
      child.once("error", (error) => settle(`could not be started: ${error.message}`));
      child.once("close", (code, signal) => settle(`ended by itself (${signal ?? `exit code ${code}`})`));
    });
    this.ready = this.#first(listening);
    // A failure may come before anyone waits for it.
    this.ready.catch(() => {});
  }

  async #first(listening) {
    let timer;
    const late = new Promise((settle) => {
      timer = setTimeout(settle, READY_WITHIN_MS, `did not answer within ${READY_WITHIN_MS / 1000} seconds`);
    });
    const wrong = await Promise.race([listening, this.ended, late]);
    clearTimeout(timer);
    if (wrong) throw new Failure(this.report(wrong));
  }

  get pid() {
    return this.#child.pid;
  }

  /** What became of it, with the last lines it wrote. */
  report(how) {
    const last = this.#tail.toString();
    return `The ${this.name} ${how}.${last && `\n\n${last.replace(/^/gm, "    ")}`}`;
  }

  /** Asks the whole group to end, and makes it after a while. */
  async stop() {
    const group = this.#child.pid;
    if (group === undefined) return;
    const kill = (signal) => {
      try {
        process.kill(-group, signal);
      } catch {
        // The group is empty already.
      }
    };
    kill("SIGTERM");
    const timer = setTimeout(kill, STOP_WITHIN_MS, "SIGKILL");
    await this.ended;
    clearTimeout(timer);
    kill("SIGKILL");
  }
}

/** A free port on loopback. */
export const freePort = () => portOf(0);

/** Fails with a sentence when a port is taken. */
export async function needPort(port, name, flag) {
  try {
    await portOf(port);
  } catch (error) {
    if (error.code !== "EADDRINUSE") throw error;
    throw new Failure(
      `Port ${port}, meant for the ${name}, is taken by another program. ` +
        `Stop that program, or choose another port: npm start -- --${flag} ${port + 100}`,
    );
  }
}

function portOf(port) {
  return new Promise((settle, fail) => {
    const server = createServer();
    server.once("error", fail);
    server.listen(port, "127.0.0.1", () => {
      const taken = server.address().port;
      server.close(() => settle(taken));
    });
  });
}
