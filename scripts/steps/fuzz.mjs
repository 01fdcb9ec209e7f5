// Fuzzing of the component where it reads foreign bytes: the targets in fuzz/, each
// from its seeds and from every input that once broke something.

import { spawn } from "node:child_process";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { tell } from "../lib/figures.mjs";
import { root, scratch, targetDir, toolEnv } from "../lib/project.mjs";
import { Failure, Tail, atEnd, run, seconds } from "../lib/run.mjs";

export const fuzzSteps = [
  { name: "fuzz", proves: "no address, message or typed text breaks the component, or leads it elsewhere", searches: true, run: fuzz },
];

/** Each target, and how many inputs its bounded form tries: some seconds' worth. */
const TARGETS = { redirect: 40_000, fields: 20_000, messages: 20_000 };

/** Of a target's long form. */
const DEEP_SECONDS = 60;

const here = join(root, "fuzz");
const work = join(scratch, "fuzz");

/** Apart from everybody else's: the component counts its steps here. */
const built = join(targetDir, "fuzz");

async function fuzz({ deep }) {
  const started = Date.now();
  await run("cargo", ["build", "--locked"], {
    cwd: here,
    env: toolEnv({ CARGO_TARGET_DIR: built, RUSTC_WRAPPER: join(here, "instrument.sh") }),
  });
  const building = seconds(started);
  const names = Object.keys(TARGETS);
  const results = [];
  // Two at a time: each has one thread.
  const worker = async () => {
    for (let name = names.shift(); name; name = names.shift()) results.push(await search(name, deep));
  };
  await Promise.all([worker(), worker()]);
  const sum = (what) => results.reduce((total, result) => total + result[what], 0).toLocaleString("en").replaceAll(",", " ");
  await tell(
    "fuzz targets",
    `${results.length} targets, ${sum("inputs")} inputs, ${sum("edges")} edges, ${sum("features")} features, 0 crashes, ` +
      `${seconds(started)}, of which ${building} building`,
  );
}

async function search(name, deep) {
  const corpus = join(work, name);
  // The long form goes on from what it found before; the bounded one is the same every time.
  if (!deep) await rm(corpus, { recursive: true, force: true });
  await mkdir(corpus, { recursive: true });
  const known = await existing(join(here, "seeds", name), join(here, "regressions", name));
  const text = await output(name, [
    ...(deep ? [`-max_total_time=${DEEP_SECONDS}`] : [`-runs=${TARGETS[name]}`, "-seed=1"]),
    ...(await dictionary(name, known)),
    // A target without seeds takes inputs that are long from the start.
    ...(known.length ? [] : ["-len_control=0"]),
    "-max_len=4096", "-timeout=60", "-print_final_stats=1", `-artifact_prefix=${join(work, name)}-`, corpus, ...known,
  ]);
  const [, edges, features] = [...text.matchAll(/cov: (\d+) ft: (\d+)/g)].at(-1) ?? [];
  const [, inputs] = /number_of_executed_units:\s*(\d+)/.exec(text) ?? [];
  if (!inputs || !edges) throw new Failure(`The fuzz target ${name} told no figures:\n\n${text}`);
  const [, seed] = /INFO: Seed: (\d+)/.exec(text) ?? [];
  console.log(`${name}: ${inputs} inputs, ${edges} edges, ${features} features, seed ${seed}`);
  return { inputs: Number(inputs), edges: Number(edges), features: Number(features) };
}

async function existing(...folders) {
  const there = await Promise.all(folders.map((folder) => readdir(folder).then(() => true, () => false)));
  return folders.filter((_, place) => there[place]);
}

/** Words that libFuzzer puts into its inputs: those of the seeds. */
async function dictionary(name, folders) {
  const found = new Set();
  for (const folder of folders) {
    for (const file of await readdir(folder)) {
      const text = await readFile(join(folder, file), "utf8");
      for (const [word] of text.matchAll(/[\w/:.-]{2,40}/g)) found.add(`"${word}"`);
    }
  }
  if (!found.size) return [];
  const path = join(work, `${name}.dict`);
  await writeFile(path, `${[...found].join("\n")}\n`);
  return [`-dict=${path}`];
}

/** Runs a target, and answers what it said; fails by what it found. */
async function output(name, args) {
  const program = join(built, "debug", name);
  const child = spawn(program, args, { cwd: root, stdio: ["ignore", "ignore", "pipe"] });
  const done = atEnd(() => child.kill());
  // The words that it recommends at its end are many.
  const tail = new Tail(2000);
  let seed = "";
  child.stderr.setEncoding("utf8").on("data", (chunk) => {
    tail.push(chunk);
    seed ||= /INFO: Seed: \d+/.exec(chunk)?.[0] ?? "";
  });
  const code = await new Promise((settle) => {
    child.once("error", () => settle(127));
    child.once("close", (code) => settle(code ?? 1));
  });
  done();
  if (code === 0) return `${seed}\n${tail}`;
  throw new Failure(
    `The fuzz target ${name} has found something:\n\n${tail.toString().split("\n").slice(-60).join("\n").replace(/^/gm, "    ")}\n\n` +
      `${program} with the file named above shows it again. Once mended, that file belongs into fuzz/regressions/${name}.`,
  );
}
