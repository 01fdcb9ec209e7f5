// Where a project's page is served from: on loopback, under the demo shop's
// policy. What a tool's own pages need beyond it is said here, tool by tool.

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import express from "express";

import { freePort } from "../../scripts/lib/services.mjs";
import { policy as strict } from "../../www/server/policy.mjs";

const HEADER = "Content-Security-Policy";

/** Any static host: what the build wrote, or where there is none the folder as it is. */
export async function serveFiles(folder, { output = ".", merchant, paywall, policy = (same) => same }) {
  const files = join(folder, output);
  const page = await readFile(join(files, "index.html"), "utf8");
  const app = express()
    .use(strict({ merchant, paywall }))
    .use((_, response, next) => (response.setHeader(HEADER, policy(response.getHeader(HEADER), page)), next()))
    .use(express.static(files));
  const server = await new Promise((settle) => {
    const listening = app.listen(0, "127.0.0.1", () => settle(listening));
  });
  return {
    origin: `http://localhost:${server.address().port}`,
    close: () => (server.close(), server.closeAllConnections()),
  };
}

/** Parcel's import map and what Next.js tells its client are inline scripts: let in one by one, by their hashes. */
export function withInlineScripts(policy, page) {
  const inline = [...page.matchAll(/<script(?![^>]*\bsrc=)[^>]*>([^]*?)<\/script>/g)];
  const hashes = inline.map(([, script]) => `'sha256-${createHash("sha256").update(script).digest("base64")}'`);
  return policy.replace("script-src 'self'", `script-src 'self' ${hashes.join(" ")}`);
}

/** Besides those, the loader of Next.js sets scripts' addresses as plain text when it fetches a part of the page later on, a language say. */
export const forNext = (policy, page) => withInlineScripts(policy, page).replace(/;?require-trusted-types-for 'script'/, "");

/** Vite while one develops: its optimiser, its own pages, no policy. */
export async function viteDevServer(folder) {
  const { createServer } = await import(pathToFileURL(join(folder, "node_modules", "vite", "dist", "node", "index.js")));
  const port = await freePort();
  const server = await createServer({ root: folder, logLevel: "error", server: { host: "127.0.0.1", port, strictPort: true } });
  await server.listen();
  return { origin: `http://localhost:${port}`, close: () => server.close() };
}
