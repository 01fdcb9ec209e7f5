// Runs commands and speaks to the person at the terminal: one line a step, and
// one sentence that says what to do when a step fails.

import { spawn } from "node:child_process";
import { constants as mode, createWriteStream } from "node:fs";
import { access, mkdir } from "node:fs/promises";
import { constants } from "node:os";
import { delimiter, join, relative } from "node:path";
import { parseArgs } from "node:util";

import { root, scratch } from "./project.mjs";

/** A failure that is told in a sentence, without a stack. */
export class Failure extends Error {}

/** The last lines of a stream of text, for telling why something failed. */
export class Tail {
  #lines = [];
  #rest = "";
  #most;

  constructor(most = 25) {
    this.#most = most;
  }

  push(chunk) {
    const lines = (this.#rest + chunk).split("\n");
    this.#rest = lines.pop();
    this.#lines.push(...lines);
    this.#lines.splice(0, this.#lines.length - this.#most);
  }

  toString() {
    return [...this.#lines, this.#rest].join("\n").trimEnd();
  }
}

/**
 * Runs a command with its output on the terminal, and fails unless it succeeds.
 * `hear` is told what it writes to stdout, piece by piece.
 */
export async function run(command, args, { env = process.env, cwd = root, hint, hear } = {}) {
  const child = spawn(command, args, { cwd, env, stdio: ["inherit", hear ? "pipe" : "inherit", "inherit"] });
  child.stdout?.setEncoding("utf8").on("data", (piece) => {
    process.stdout.write(piece);
    hear?.(piece);
  });
  const code = await exitOf(child);
  if (code !== 0) throw new Failure(hint ?? `${command} ${args.join(" ")} failed (${code}).`);
}

/** Runs a command and answers what it wrote, or `null` when it is missing or fails. */
export async function ask(command, args, { env = process.env, cwd = root } = {}) {
  const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "ignore"] });
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (chunk) => (out += chunk));
  return (await exitOf(child)) === 0 ? out.trim() : null;
}

/**
 * Runs a long command under one line of progress. What it writes goes to a log
 * file; on failure its last lines are shown, with `hint` saying what to do.
 */
export async function quietly(title, command, args, { env = process.env, cwd = root, hint } = {}) {
  const started = Date.now();
  say(`${title} …`);
  await mkdir(scratch, { recursive: true });
  const path = join(scratch, `${title.replace(/\W+/g, "-").toLowerCase()}.log`);
  const log = createWriteStream(path);
  const tail = new Tail();
  // stdin stays the terminal's: sudo may ask for a password.
  const child = spawn(command, args, { cwd, env, stdio: ["inherit", "pipe", "pipe"] });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk) => {
      log.write(chunk);
      tail.push(chunk);
    });
  }
  const code = await exitOf(child);
  log.end();
  if (code !== 0) {
    const last = tail.toString();
    throw new Failure(
      `${title} failed (${code}); the whole log is ${relative(root, path)}.` +
        (last && `\n\n${last.replace(/^/gm, "    ")}\n`) +
        (hint ? `\n${hint}` : ""),
    );
  }
  say(`${title}: done in ${seconds(started)}`);
}

/** A process's end: its exit code, 128 + signal, or 127 when it could not start. */
function exitOf(child) {
  const done = atEnd(() => child.kill("SIGTERM"));
  return new Promise((settle) => {
    child.once("error", () => settle(127));
    child.once("close", (code, signal) => settle(code ?? 128 + (constants.signals[signal] ?? 0)));
  }).finally(done);
}

/** Full path of the first of these programs that is on `PATH`, or null. */
export async function which(...names) {
  for (const name of names) {
    for (const folder of (process.env.PATH ?? "").split(delimiter)) {
      const path = join(folder, name);
      const found = await access(path, mode.X_OK).then(() => true, () => false);
      if (folder && found) return path;
    }
  }
  return null;
}

export const say = (line) => console.log(`kasa: ${line}`);

export const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`;

/**
 * Reads the flags of a command; an unknown one is answered with the usage.
 * @param {string} usage shown by `--help`
 * @param {import("node:util").ParseArgsConfig["options"]} options
 */
export function flags(usage, options = {}) {
  let values;
  try {
    ({ values } = parseArgs({ options: { ...options, help: { type: "boolean", short: "h" } } }));
  } catch (error) {
    console.error(`${error.message}\n\n${usage}`);
    process.exit(2);
  }
  if (values.help) {
    console.log(usage);
    process.exit(0);
  }
  return values;
}

const endings = new Set();

/**
 * Has something undone when the command ends, also by Ctrl-C.
 * @param {() => unknown} undo
 * @returns {() => void} forgets it again
 */
export function atEnd(undo) {
  endings.add(undo);
  return () => endings.delete(undo);
}

// Last first, as what came later may stand on what came before.
async function undoAll() {
  for (const undo of [...endings].reverse()) await undo();
}

let ending = null;
const end = (code) => (ending ??= undoAll().then(() => process.exit(code)));

/** What is to be undone is undone when this process is asked to end, too; then it ends with this exit code. */
export function endWhenInterrupted(code = 130) {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => end(code));
}

/**
 * Runs a command's body; a failure ends it with its sentence.
 * @param {() => Promise<void>} body
 * @param {{ interrupted?: number }} options exit code after Ctrl-C
 */
export async function main(body, { interrupted } = {}) {
  endWhenInterrupted(interrupted);
  try {
    await body();
    await end(0);
  } catch (error) {
    // What fails because it is being ended is not worth telling.
    if (!ending) console.error(`\nkasa: ${error instanceof Failure ? error.message : error.stack}`);
    await end(1);
  }
}
