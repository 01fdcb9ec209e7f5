// `npm test` and `npm run test:deep`: set everything up, then run every check in
// order and stop at the first that fails.

import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";

import { figuresIn } from "./lib/figures.mjs";
import { scratch } from "./lib/project.mjs";
import { Failure, flags, main, say, seconds } from "./lib/run.mjs";
import { setup } from "./setup.mjs";
import { journeySteps } from "./steps/journeys.mjs";
import { openSteps } from "./steps/open.mjs";
import { faultsSteps } from "./steps/faults.mjs";
import { fuzzSteps } from "./steps/fuzz.mjs";
import { mutantSteps } from "./steps/mutants.mjs";
import { packageSteps } from "./steps/package.mjs";
import { pageSteps } from "./steps/page.mjs";
import { rustSteps } from "./steps/rust.mjs";

/**
 * What is run, in this order: a name, what it proves, and how. `searches` marks
 * those that search, by a bounded form here and a long one in `test:deep`.
 */
const STEPS = [...rustSteps, ...fuzzSteps, ...mutantSteps, ...openSteps, ...packageSteps, ...pageSteps, ...journeySteps, ...faultsSteps];

const USAGE = `npm test [-- flags], npm run test:deep [-- flags]

Sets up, then runs every check and stops at the first that fails. test:deep runs
the long form of those that search, marked with *, and nothing else.

  --only STEP   run this step alone; may be given more than once
  --update      let the gallery's pictures be as the component draws them now

Steps:
${STEPS.map(({ name, proves, searches }) => `  ${name.padEnd(15)}${searches ? "*" : " "} ${proves}`).join("\n")}`;

const { only = [], deep, ...options } = flags(USAGE, {
  only: { type: "string", multiple: true },
  deep: { type: "boolean", default: false },
  update: { type: "boolean", default: false },
});

await main(async () => {
  const unknown = only.find((wanted) => !STEPS.some(({ name }) => name === wanted));
  if (unknown) throw new Failure(`There is no step "${unknown}".\n\n${USAGE}`);
  await setup({ checks: true, browser: true, engines: true, postgres: true });

  // Read by whatever searches, in whatever language it is written.
  const figures = join(scratch, "figures.txt");
  await rm(figures, { force: true });
  await mkdir(scratch, { recursive: true });
  process.env.KASA_FIGURES = figures;
  if (deep) process.env.KASA_DEEP = "1";

  const started = Date.now();
  const took = [];
  const wanted = STEPS.filter(({ name, searches }) => (only.length ? only.includes(name) : searches || !deep));
  for (const { name, proves, run } of wanted) {
    const since = Date.now();
    console.log(`\n── ${name}: ${proves}`);
    try {
      await run({ deep, ...options });
    } catch (error) {
      if (error instanceof Failure) error.message = `${name} failed after ${seconds(since)}. ${error.message}`;
      throw error;
    }
    console.log(`── ${name}: ok, ${seconds(since)}`);
    took.push(`${name} ${seconds(since)}`);
  }
  console.log(`\n── took: ${took.join(", ")}`);
  const found = await figuresIn(figures);
  if (found.length) console.log(`\n── figures\n\n${found.join("\n")}`);
  console.log();
  say(`all of it passed, ${seconds(started)}`);
});
