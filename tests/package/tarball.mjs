// The package as `npm publish` would send it: pkg/ packed into a tarball, in a
// folder that goes when the process ends.

import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { pkg } from "../../scripts/lib/project.mjs";
import { ask } from "../../scripts/lib/run.mjs";

/** @returns {Promise<{ tarball: string, files: string[] }>} its path, and the paths in it */
export async function packed() {
  const folder = await mkdtemp(join(tmpdir(), "kasa-package-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  const [{ filename, files }] = Object.values(JSON.parse(await ask("npm", ["pack", pkg, "--json", "--pack-destination", folder])));
  return { tarball: join(folder, filename), files: files.map(({ path }) => path) };
}
