// The texts of all languages: complete, none too many, the same values in them,
// a form for each plural; and no text that nothing shows.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const read = (...path) => readFileSync(join(root, ...path), "utf8");
const all = (text, pattern) => [...text.matchAll(pattern)].map((found) => found[1]);
const files = (folder, end) =>
  readdirSync(join(root, folder), { recursive: true })
    .filter((name) => name.endsWith(end))
    .map((name) => join(folder, name));

const table = /^texts! \{$(.*?)^\}$/ms.exec(read("src/core/text/mod.rs"))[1];
const KEYS = all(table, /^ {4}(\w+),$/gm);
const COUNTING = all(/COUNTING = \[(.*?)\]/s.exec(read("src/js/languages.js"))[1], /"(\w+)"/g);

/** A built-in language, as a module would have it. */
function builtIn(tag) {
  const rows = [...read(`src/core/text/${tag}.rs`).matchAll(/^ {4}(\w+):\s*"((?:[^"\\]|\\.)*)",$/gm)];
  const texts = Object.fromEntries(rows.map(([, key, text]) => [key, JSON.parse(`"${text}"`)]));
  const { tag: _, dir: __, ...rest } = texts;
  return Object.fromEntries(Object.entries(rest).map(([key, text]) => [key, text.includes("\n") ? forms(text) : text]));
}

const forms = (text) =>
  Object.fromEntries(text.split("\n").map((line) => /^(zero|one|two|few|many):(.*)$/.exec(line)?.slice(1) ?? ["other", line]));

const modules = files("src/js/languages", ".js");
const LANGUAGES = { tr: builtIn("tr"), en: builtIn("en") };
for (const path of modules) LANGUAGES[basename(path, ".js")] = (await import(pathToFileURL(join(root, path)))).default;

const everyForm = (text) => (typeof text === "string" ? [text] : Object.values(text));
const values = (text) => text.split("{}").length - 1;

test("the list was found", () => assert.ok(KEYS.length > 100 && Object.keys(LANGUAGES).length >= 5));

for (const [tag, texts] of Object.entries(LANGUAGES)) {
  test(`${tag}: every text is there, in the list's order, and no other`, () => assert.deepEqual(Object.keys(texts), KEYS));

  test(`${tag}: every text says something, on one line, as a person would type it`, () => {
    for (const [key, text] of Object.entries(texts)) {
      for (const form of everyForm(text)) {
        assert.match(form, /\S/, key);
        assert.equal(form, form.trim(), key);
        assert.doesNotMatch(form, /[\n\0]| {2}|\.\.\.|'/, key);
      }
    }
  });

  test(`${tag}: a value stands where the Turkish has one`, () => {
    for (const [key, text] of Object.entries(texts)) {
      const wanted = values(everyForm(LANGUAGES.tr[key]).at(-1));
      const form = typeof text === "string" ? text : text.other;
      assert.equal(values(form), wanted, key);
      assert.doesNotMatch(everyForm(text).join("").replaceAll("{}", ""), /[{}]/, key);
    }
  });

  test(`${tag}: counting texts have a form for each plural, the others have none`, () => {
    const wanted = new Intl.PluralRules(tag).resolvedOptions().pluralCategories.toSorted();
    for (const [key, text] of Object.entries(texts)) {
      // Turkish counts without another form of the noun.
      if (typeof text === "string") assert.ok(!COUNTING.includes(key) || tag === "tr", key);
      else {
        assert.ok(COUNTING.includes(key), key);
        assert.deepEqual(Object.keys(text).toSorted(), wanted, key);
        // A form of many numbers has to name the number.
        for (const category of wanted.filter((category) => many(tag, category))) assert.equal(values(text[category]), 1, `${key}.${category}`);
      }
    }
  });
}

/** Whether more than one of the first thousand numbers is of this category. */
function many(tag, category) {
  const rules = new Intl.PluralRules(tag);
  return Array.from({ length: 1_000 }, (_, number) => rules.select(number)).filter((of) => of === category).length > 1;
}

test("every text is shown somewhere", () => {
  const sources = ["src/ui", "src/core/text/say.rs"]
    .flatMap((place) => (place.endsWith(".rs") ? [place] : files(place, ".rs")))
    .map((path) => read(path))
    .join("\n");
  const unused = KEYS.filter((key) => !new RegExp(`\\b(texts|self)\\s*\\.${key}\\b`).test(sources));
  assert.deepEqual(unused, []);
});

test("texts that count are shown with their count, and only they", () => {
  const counted = files("src/ui", ".rs").flatMap((path) => all(read(path), /(?<!fn )format_count\([^;]*?texts\.(\w+)/g));
  assert.deepEqual([...new Set(counted)].toSorted(), COUNTING.toSorted());
});

test("the types name the same texts", () => {
  const types = read("src/js/types/messages.d.ts");
  const union = (name) => all(new RegExp(`^export type ${name} =(.*?);$`, "ms").exec(types)[1], /"(\w+)"/g);
  assert.deepEqual(union("CountingKey").toSorted(), COUNTING.toSorted());
  assert.deepEqual([...union("CountingKey"), ...union("MessageKey")].toSorted(), KEYS.toSorted());
});

test("every module can be asked for", () => {
  const offered = all(read("src/js/languages.js"), /import\("\.\/(languages\/\w+\.js)"\)/g);
  assert.deepEqual(offered.toSorted(), modules.map((path) => path.slice("src/js/".length)).toSorted());
});
