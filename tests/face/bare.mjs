// The package on a page that has nothing else: no shop, no bundler. What a page
// may do to the component from outside is tried here.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { basename, extname, join } from "node:path";

import { pkg } from "../../scripts/lib/project.mjs";
import { startBrowser } from "../lib/browser.mjs";
import { servers } from "./servers.mjs";

const TYPES = { ".js": "text/javascript", ".wasm": "application/wasm" };
const HTML = "<!doctype html><meta charset=utf-8><title>Bare</title><main id=one></main><main id=two></main>";

/** A browser of its own, and the page's server, for one test file. */
export async function openBare() {
  const server = await serve();
  const browser = await startBrowser();
  const { merchant } = servers;
  return {
    async page() {
      const page = await (await browser.newContext()).newPage();
      await page.addInitScript(rememberInstances);
      await page.addInitScript(rememberFetches);
      await page.goto(`http://localhost:${server.address().port}`);
      // `outcome`: what a promise came to, as a test can read it.
      await page.evaluate(async (merchant) => {
        Object.assign(window, await import("/package/index.js"), { merchant, kasas: {} });
        window.outcome = (promise) => Promise.resolve(promise).then((value) => ({ value }), ({ name, code, retryable }) => ({ name, code, retryable }));
      }, merchant);
      return page;
    },
    async close() {
      await Promise.all([browser.close(), server.close()]);
      await servers.stop();
    },
  };
}

async function serve() {
  const server = createServer(async ({ url }, response) => {
    const [, folder, name] = url.split("/");
    const content = folder === "package" ? await readFile(join(pkg, basename(name))).catch(() => null) : HTML;
    response.writeHead(content ? 200 : 404, { "Content-Type": TYPES[extname(name ?? "")] ?? "text/html" }).end(content);
  });
  await new Promise((settle) => server.listen(0, "127.0.0.1", settle));
  return server;
}

/** Keeps what the page makes of WebAssembly at hand, so that a test can spoil its memory. */
function rememberInstances() {
  window.instances = [];
  const kept = (made) => {
    window.instances.push(made.instance ?? made);
    return made;
  };
  for (const name of ["instantiate", "instantiateStreaming"]) {
    const real = WebAssembly[name];
    WebAssembly[name] = async (...given) => kept(await real.apply(WebAssembly, given));
  }
  WebAssembly.Instance = new Proxy(WebAssembly.Instance, { construct: (real, given) => kept(new real(...given)) });
}

function rememberFetches() {
  window.fetched = [];
  const real = window.fetch;
  window.fetch = (what, ...more) => {
    window.fetched.push(String(what.url ?? what));
    return real(what, ...more);
  };
}

/** A new order's checkout. */
export async function order(wanted = {}) {
  const answer = await fetch(servers.desk, { method: "POST", body: JSON.stringify(wanted) });
  assert.ok(answer.ok, `the order desk answers ${answer.status}`);
  return answer.json();
}

/** The order as the merchant server has it. */
export const recorded = async ({ reference }) => (await fetch(`${servers.desk}/orders/${reference}`)).json();
