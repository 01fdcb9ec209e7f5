// Builds and runs the workspace's Rust. For the tests each command names the
// whole workspace, and a test among what it builds: cargo unites the features
// of the dependencies over all that a command names, and compiles a dependency
// anew for every other union of them.

import { availableParallelism } from "node:os";

import { run } from "./run.mjs";

export const cargo = (...args) => run("cargo", args);

/** For tests that wait for servers, which then need no processor. */
export const WAITING = `--test-threads=${2 * availableParallelism()}`;

/**
 * The merchant server and the sandbox, as binaries of the debug build.
 * @param {{ alone?: boolean }} options `alone`: without the tests themselves, but with the features that those ask of the dependencies: few are then compiled twice
 */
export const buildServers = ({ alone = false } = {}) =>
  run("cargo", ["build", "--quiet", "--workspace", "--bins", ...(alone ? [] : ["--test", "it"])], {
    hint: "The servers do not build; the compiler says why above.",
  });

/**
 * Runs tests of the workspace.
 * @param {string[]} targets `--lib`, `--bins`, `--test NAME`
 * @param {{ env?: NodeJS.ProcessEnv, args?: string[], hear?: (piece: string) => void }} options `args`: for the
 *   tests themselves; `hear`: is told what they write
 */
export const cargoTest = (targets, { env, args = [], hear } = {}) =>
  run("cargo", ["test", "--workspace", ...targets, "--", ...args], { env, hear });
