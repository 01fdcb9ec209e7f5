// `npm run docs`: writes the pages of docs/ that are made from the code. They
// stand in the repository, so that they can be read where the code is read; the
// step `docs` of `npm test` fails when one of them is stale.

import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { errors } from "./docs/errors.mjs";
import { merchantApi } from "./docs/merchant-api.mjs";
import { element, reference } from "./docs/reference.mjs";
import { root } from "./lib/project.mjs";
import { Failure, flags, main, quietly, say } from "./lib/run.mjs";
import { setup } from "./setup.mjs";

/**
 * Each page: where it stands, and who makes its text.
 * @type {{ file: string, make: () => Promise<string> }[]}
 */
const PAGES = [
  { file: "docs/reference.md", make: reference },
  { file: "docs/element.md", make: element },
  { file: "docs/merchant-api.md", make: merchantApi },
  { file: "docs/errors.md", make: errors },
];

/** Writes the pages that are not as they would be made now; answers their names. */
export async function writeDocs() {
  const stale = await stalePages();
  for (const { file, text } of stale) await writeFile(join(root, file), text);
  return stale.map(({ file }) => file);
}

/** docs/states.md is the core's own to make; one of its native tests fails when it is stale. */
const writeStates = () =>
  quietly("the states of the core", "cargo", ["test", "-p", "kasa-checkout", "--lib", "states"], {
    env: { ...process.env, KASA_UPDATE_STATES: "1" },
  });

/** Fails when a page is not as it would be made now. */
export async function checkDocs() {
  const stale = await stalePages();
  if (!stale.length) return;
  const [{ file, now, text }] = stale;
  throw new Failure(`${stale.map((page) => page.file).join(" and ")}: not as the code has it; run "npm run docs".\n\n${file}, ${firstDifference(now, text)}`);
}

async function stalePages() {
  const made = await Promise.all(PAGES.map(async ({ file, make }) => ({ file, now: await standing(file), text: await make() })));
  return made.filter(({ now, text }) => now !== text);
}

const standing = async (file) => (existsSync(join(root, file)) ? readFile(join(root, file), "utf8") : "");

function firstDifference(now, text) {
  const [old, made] = [now.split("\n"), text.split("\n")];
  const line = made.findIndex((each, i) => each !== old[i]);
  const at = line < 0 ? made.length : line;
  return `line ${at + 1}:\n  is   ${old[at] ?? "(nothing)"}\n  made ${made[at] ?? "(nothing)"}`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  flags("npm run docs\n\nWrites the pages of docs/ that are made from the code.");
  await main(async () => {
    await setup();
    await writeStates();
    const written = await writeDocs();
    say(written.length ? `${written.join(", ")} written` : "the pages are up to date");
  });
}
