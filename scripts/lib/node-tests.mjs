// Runs tests of Node's own runner.

import { readdir } from "node:fs/promises";
import { join } from "node:path";

import { root } from "./project.mjs";
import { run } from "./run.mjs";

/**
 * @param {string[]} files
 * @param {{ env?: NodeJS.ProcessEnv, hint?: string, flags?: string[] }} options `env` is laid over this process's
 */
export const nodeTests = (files, { env, hint, flags = [] } = {}) =>
  run(process.execPath, ["--test", "--test-reporter=spec", ...flags, ...files], { env: { ...process.env, ...env }, hint });

/** The test files of a folder, by name: Node 20 takes no pattern. */
export async function testsIn(folder) {
  const names = await readdir(join(root, folder));
  return names.filter((name) => name.endsWith(".test.mjs")).map((name) => join(folder, name));
}
