// Mutation testing: cargo-mutants makes one wrong line after the other, where
// .cargo/mutants.toml says, and a test has to notice.

import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import { WAITING } from "../lib/cargo.mjs";
import { tell } from "../lib/figures.mjs";
import { scratch, toolEnv } from "../lib/project.mjs";
import { Failure, run, seconds } from "../lib/run.mjs";

export const mutantSteps = [
  { name: "mutants", proves: "a wrong line where money is decided is noticed by a test: a sample of the core; in test:deep all of it, and of the merchant server", searches: true, run: mutants },
];

/** The core by its cell-by-cell tests: the searches would notice more, and take longer than there are mutants. */
const CORE = {
  package: "kasa-checkout",
  // Compiled once a mutant, run for a second.
  options: ["--cargo-arg=--config=profile.dev.package.kasa-checkout.opt-level=0"],
  tests: ["--lib", "--", "--skip", "search::", "--skip", "properties::"],
};

const MERCHANT = { package: "kasa-merchant", options: [], tests: ["--lib", "--test", "it", "--", WAITING] };

/** One mutant of so many is tried, the same every time. */
const SAMPLE = ["--shard=0/60", "--sharding=round-robin"];

async function mutants({ deep }) {
  await mutate(CORE, deep ? [] : SAMPLE);
  if (deep) await mutate(MERCHANT, []);
}

async function mutate({ package: name, options, tests }, share) {
  const started = Date.now();
  const output = join(scratch, "mutants", name);
  await mkdir(output, { recursive: true });
  const args = ["mutants", "--package", name, "--no-shuffle", "--colors=never", "--output", output, ...options, ...share, "--", ...tests];
  const failed = await run("cargo", args, { env: toolEnv() }).then(() => null, (error) => error);
  const read = (file) => readFile(join(output, "mutants.out", file), "utf8").catch(() => "");
  const { total_mutants: total, caught, timeout, unviable, missed } = JSON.parse((await read("outcomes.json")) || "{}");
  if (!total) throw failed ?? new Failure(`cargo mutants told no figures of ${name}.`);
  await tell(`mutants of ${name}`, `${total} tried, ${caught + timeout} noticed, ${unviable} that do not compile, ${missed} missed, ${seconds(started)}`);
  if (missed) {
    throw new Failure(
      `No test of ${name} notices these:\n\n${(await read("missed.txt")).replace(/^/gm, "    ")}\n` +
        "Each wants a test, or the line is not needed; what means the same stands with its reason in .cargo/mutants.toml.",
    );
  }
  if (failed) throw failed;
}
