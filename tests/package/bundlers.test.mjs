// Shops in throw-away folders, one a bundler: each installs the package as npm
// packs it, builds by its bundler's own command, stands under the demo shop's
// policy, and is paid in by a card, through the bank's page and back.
//
// To add one: a folder with a package.json (exact versions, a script `build`),
// its package-lock.json (`npm install --package-lock-only
// --omit-lockfile-registry-resolved`), and a line in PROJECTS:
//
//   name     in the output of the test
//   folder   the template, from the root of the repository
//   page     whether tests/package/page is copied into it; else it has its own
//   output   where its build puts what is to be served; without one nothing is
//            built, and the folder is served as it is
//   serve    how it is served: `serveFiles` unless told, under `policy` (see site.mjs)
//   pays     what the shopper does until `paid` shows: `paysByCard` unless told
//
// A dependency on this repository's pkg/ ("file:../../pkg") becomes the tarball,
// and the address http://localhost:8401 in its sources becomes that of this run's
// merchant server. The page is opened with `?kasa_checkout=co_…`.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { startBrowser } from "../lib/browser.mjs";
import { build, bundled, filesBelow, remove, unpack } from "./project.mjs";
import { MERCHANT, SANDBOX, heardBy, isPaid, made, paysByCard } from "./shopper.mjs";
import { forNext, serveFiles, viteDevServer, withInlineScripts } from "./site.mjs";
import { packed } from "./tarball.mjs";

const template = (name) => `tests/package/projects/${name}`;

const PROJECTS = [
  { name: "Next.js", folder: template("next"), page: true, output: "out", policy: forNext },
  { name: "Parcel", folder: template("parcel"), page: true, output: "dist", policy: withInlineScripts },
  // Its flag is for the policy, not for the package: webpack fetches chunks by script elements.
  { name: "webpack", folder: template("webpack"), page: true, output: "dist" },
  { name: "Vite", folder: template("vite"), page: true, output: "dist" },
  { name: "Vite's dev server", folder: template("vite"), page: true, serve: viteDevServer },
  // These two copy no file by themselves; their builds end with the one command that does.
  { name: "Rollup", folder: template("rollup"), page: true, output: "dist" },
  { name: "esbuild", folder: template("esbuild"), page: true, output: "dist" },
  { name: "no bundler", folder: template("static"), page: true, output: "dist" },
];

let tarball, browser;

before(async () => {
  [{ tarball }, browser] = await Promise.all([packed(), startBrowser()]);
});
after(() => browser?.close());

describe("a card is paid in a shop made with", { concurrency: 2 }, () => {
  for (const { name, serve = serveFiles, pays = paysByCard, ...project } of PROJECTS) {
    test(name, { timeout: 300_000 }, async (t) => {
      const folder = await unpack({ ...project, tarball, merchant: MERCHANT });
      t.after(() => remove(folder));
      if (project.output) {
        await build(folder);
        const wasm = (await filesBelow(`${folder}/${project.output}`)).filter((file) => file.endsWith(".wasm"));
        assert.equal(wasm.length, 1, `one .wasm in the output, not ${wasm.join(", ") || "none"}`);
      }
      const site = await serve(folder, { ...project, merchant: MERCHANT, paywall: [SANDBOX] });
      t.after(() => site.close());

      const order = await made({ returnUrl: `${site.origin}/`, locale: "tr" });
      const page = await browser.newPage({ locale: "de-DE" });
      t.after(() => page.close());
      const complaints = heardBy(page, site.origin);
      await page.goto(`${site.origin}/?kasa_checkout=${order.checkout}`);
      await pays(page).catch((error) => assert.fail(`${error.message}\nThe page says: ${complaints.join("\n") || "nothing"}`));
      assert.deepEqual(complaints, []);
      assert.ok(await isPaid(order));
    });
  }
});

test("a page beside whose script the wasm was not copied says so", async (t) => {
  const folder = await bundled();
  t.after(() => remove(folder));
  const site = await serveFiles(folder, { output: ".", merchant: MERCHANT, paywall: [SANDBOX] });
  t.after(() => site.close());
  const page = await browser.newPage();
  t.after(() => page.close());
  const error = page.waitForEvent("pageerror");
  await page.goto(`${site.origin}/?kasa_checkout=co_of_no_matter`);
  assert.match((await error).message, /kasa_checkout_bg\.wasm could not be loaded.*esbuild and Rollup leave copying it/);
});
