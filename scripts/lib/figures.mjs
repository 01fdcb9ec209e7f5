// What the tests that search have to tell: each appends a line, `name: figures`,
// to the file that `KASA_FIGURES` names.

import { appendFile, readFile } from "node:fs/promises";

/** The lines told so far. */
export async function figuresIn(file) {
  const text = await readFile(file, "utf8").catch(() => "");
  return text.split("\n").filter(Boolean);
}

/** Tells one line, here and at the end of the whole run. */
export async function tell(name, figures) {
  const line = `${name}: ${figures}`;
  console.log(line);
  const file = process.env.KASA_FIGURES;
  if (file) await appendFile(file, `${line}\n`);
}
