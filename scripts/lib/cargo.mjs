// Builds and runs the workspace's Rust. For the tests each command names the
// whole workspace, and a test among what it builds: cargo unites the features
// of the dependencies over all that a command names, and compiles a dependency
// anew for every other union of them.

import { availableParallelism } from "node:os";

import { run } from "./run.mjs";

export const cargo = (...args) => run("cargo", args, { env: cargoEnv() });

/**
 * For whatever is compiled here. The component is a library for WebAssembly too, and those have one file name
 * each, whatever they are compiled with, unless this is said: then the fuzz targets' own, instrumented one stands
 * beside that of the tests, and both share what they depend on.
 */
export const cargoEnv = (env = process.env) => ({ ...env, __CARGO_DEFAULT_LIB_METADATA: "kasa" });

/** For tests that wait for servers, which then need no processor. */
export const WAITING = `--test-threads=${2 * availableParallelism()}`;

/**
 * The merchant server and the sandbox, as binaries of the debug build.
 * @param {{ alone?: boolean }} options `alone`: without the tests themselves, but with the features that those ask of the dependencies: few are then compiled twice
 */
export const buildServers = ({ alone = false } = {}) =>
  run("cargo", ["build", "--quiet", "--workspace", "--bins", ...(alone ? [] : ["--test", "it"])], {
    env: cargoEnv(),
    hint: "The servers do not build; the compiler says why above.",
  });

/**
 * Runs tests of the workspace.
 * @param {string[]} targets `--lib`, `--bins`, `--test NAME`
 * @param {{ env?: NodeJS.ProcessEnv, args?: string[], hear?: (piece: string) => void }} options `args`: for the
 *   tests themselves; `hear`: is told what they write
 */
export const cargoTest = (targets, { env, args = [], hear } = {}) =>
  run("cargo", ["test", "--workspace", ...targets, "--", ...args], { env: cargoEnv(env), hear });
