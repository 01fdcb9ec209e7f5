// The steps of the trace that the types list are those that the core can tell.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const words = (text) => [...text.matchAll(/"(\w+)"/g)].map(([, word]) => word);

const trace = read("src/core/flow/trace.rs");
const types = read("src/js/types/events.d.ts");

const named = (type) => words(new RegExp(`named!\\(${type} \\{(.*?)\\}\\)`, "s").exec(trace)[1]);
const effects = words(/impl Effect \{(.*?)\n {4}\}/s.exec(trace)[1]);
const union = (name) => words(new RegExp(`export type ${name} =(.*?);`, "s").exec(types)[1]);
const steps = (name) => words(new RegExp(`export interface ${name} .*?step:(.*?);`, "s").exec(types)[1]);

test("what happens", () => {
  assert.deepEqual([...steps("TraceEvent"), ...union("TraceAnswer")].toSorted(), named("Event").toSorted());
});

test("what is done", () => {
  assert.deepEqual([...steps("TraceEffect"), ...union("TraceCall")].toSorted(), [...named("Call"), ...effects].toSorted());
});
