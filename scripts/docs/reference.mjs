// docs/reference.md and docs/element.md: the JS API, made from the package's types by TypeDoc.

import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { root } from "../lib/project.mjs";
import { run } from "../lib/run.mjs";

const tool = join(root, "docs", "tool");

export const reference = () => made("typedoc.json", "reference.md");
export const element = () => made("typedoc.element.json", "element.md");

async function made(options, page) {
  const out = await mkdtemp(join(tmpdir(), "kasa-docs-"));
  try {
    await run(process.execPath, [join(tool, "node_modules", "typedoc", "bin", "typedoc"), "--options", options, "--out", out], { cwd: tool });
    return tidied(await readFile(join(out, page), "utf8"));
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}

/** What is needed has no default, and `undefined` would look like one; parts of a type stand in the row of the whole already. */
const tidied = (text) => text.replaceAll("| `undefined` |", "| - |").replace(/^\| `\w+\.\w+\??` \|.*\n/gm, "");
