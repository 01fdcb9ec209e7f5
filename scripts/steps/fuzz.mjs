// Fuzzing of whatever reads foreign bytes: the targets in fuzz/, each from its
// seeds, the providers' samples, and every input that once broke something.

import { spawn } from "node:child_process";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { cargoEnv } from "../lib/cargo.mjs";
import { tell } from "../lib/figures.mjs";
import { binary, root, scratch, toolEnv } from "../lib/project.mjs";
import { Failure, Tail, atEnd, run, seconds } from "../lib/run.mjs";

export const fuzzSteps = [
  { name: "fuzz", proves: "no foreign bytes break what reads them, or pass for what they are not", searches: true, run: fuzz },
];

/** Each target, and how many inputs its bounded form tries: some seconds' worth. */
const TARGETS = {
  standings: 8000,
  starts: 6000,
  lookups: 8000,
  signed: 10_000,
  amounts: 20_000,
  orders: 10_000,
  redirect: 40_000,
  fields: 10_000,
  messages: 20_000,
};

/** The providers' own samples, below the line that says what they answer. */
const SAMPLES = {
  standings: { "aspay 200": ["corefy-payment-invoice-max", "corefy-payment-invoice-min"], "hepsipay 200 signed": ["hepsipay-save-response"] },
  starts: { "otp 200": ["paywall-apm-otp-response"], "terminal 200": ["paywall-async-sale-response"], "hepsipay 200": ["hepsipay-save-response"] },
  lookups: { "token 200 1": ["paywall-temptoken-response"] },
};

/** Of a target's long form. */
const DEEP_SECONDS = 60;

const here = join(root, "fuzz");
const work = join(scratch, "fuzz");

async function fuzz({ deep }) {
  const started = Date.now();
  const names = Object.keys(TARGETS);
  await run("cargo", ["build", "--workspace", "--features", "kasa-fuzz/targets", ...names.flatMap((name) => ["--bin", name])], {
    env: cargoEnv(toolEnv({ RUSTC_WORKSPACE_WRAPPER: join(here, "instrument.sh") })),
  });
  const building = seconds(started);
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
  const since = Date.now();
  const corpus = join(work, name);
  // The long form goes on from what it found before; the bounded one is the same every time.
  if (!deep) await rm(corpus, { recursive: true, force: true });
  await mkdir(corpus, { recursive: true });
  await putSamples(name, corpus);
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
  console.log(`${name}: ${inputs} inputs, ${edges} edges, ${features} features, seed ${seed}, ${seconds(since)}`);
  return { inputs: Number(inputs), edges: Number(edges), features: Number(features) };
}

async function putSamples(name, corpus) {
  for (const [head, files] of Object.entries(SAMPLES[name] ?? {})) {
    for (const file of files) {
      const sample = await readFile(join(root, "tests", "contracts", "samples", `${file}.json`), "utf8");
      await writeFile(join(corpus, `sample-${file}`), `${head}\n${sample}`);
    }
  }
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
  const program = binary(name);
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
