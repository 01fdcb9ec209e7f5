// The types, the component and the merchant API tell of the same errors. The
// tables of docs/errors.md are made from the types, and are held to them.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import { kasaErrors, paymentErrors } from "../../scripts/docs/errors.mjs";

const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const all = (pattern, text) => [...text.matchAll(pattern)];

/** Codes of the core by variant, and which of them may be tried again. */
function core() {
  const text = read("src/core/error.rs");
  const codes = new Map(all(/Error::(\w+)(?:\(_\))? => "(\w+)"/g, text).map(([, variant, code]) => [variant, code]));
  const retryable = /pub fn retryable[^{]*\{(.*?)\n {4}\}/s.exec(text)[1];
  const again = all(/Error::(\w+)/g, retryable).map(([, variant]) => codes.get(variant));
  return [...codes.values()].map((code) => ({ code, retryable: again.includes(code) }));
}

/** What the package's own JavaScript makes errors of: `{ code: "…", message: …, retryable: true }`. */
function scripts() {
  const files = readdirSync(new URL("../../src/js", import.meta.url)).filter((name) => name.endsWith(".js"));
  return files.flatMap((name) =>
    all(/\{\s*code: "(\w+)"(.*?)\}/gs, read(`src/js/${name}`)).map(([, code, rest]) => ({ code, retryable: /retryable: true/.test(rest) })),
  );
}

const made = [...core(), ...scripts()];
const codesOf = (entries) => [...new Set(entries.map(({ code }) => code))].toSorted();

test("the types have exactly the codes that the core and the scripts can give", async () => {
  assert.ok(core().length > 20 && scripts().length > 5, "the codes were found where they are");
  assert.deepEqual(codesOf(await kasaErrors()), codesOf(made));
});

test("what may be tried again is the same in the types and in what is given", async () => {
  for (const { code, facts } of await kasaErrors()) {
    const given = new Set(made.filter((each) => each.code === code).map(({ retryable }) => String(retryable)));
    assert.equal(given.size > 1 ? "boolean" : [...given][0], facts.retryable, code);
  }
});

test("each code says what happened and what to do", async () => {
  for (const { code, comment } of await kasaErrors()) assert.equal(comment.split("\n\n").length, 2, code);
  for (const { code, comment } of await paymentErrors()) assert.match(comment, /\.$/, code);
});

test("the codes of a failed payment are those of the merchant API", async () => {
  const table = /\n {4}PaymentError:\n(.*?)\n {4}\w/s.exec(read("merchant/openapi.yaml"))[1];
  const cells = all(/^ +\| (`[^|]*`) \|/gm, table).flatMap(([, cell]) => all(/`(\w+)`/g, cell).map(([, code]) => ({ code })));
  assert.deepEqual(codesOf(await paymentErrors()), codesOf(cells).filter((code) => code !== "code"));
});
