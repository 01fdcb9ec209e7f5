import assert from "node:assert/strict";
import { test } from "node:test";

import { allows } from "./supply.mjs";

const allowed = new Set(["MIT", "ISC", "Apache-2.0 WITH LLVM-exception"]);

for (const [expression, fits] of [
  ["MIT", true],
  ["GPL-3.0", false],
  ["GPL-3.0 OR MIT", true],
  ["GPL-3.0 AND MIT", false],
  ["MIT AND ISC", true],
  ["(GPL-3.0 OR ISC) AND MIT", true],
  ["GPL-3.0 OR ISC AND GPL-3.0", false],
  ["MIT/GPL-3.0", true],
  ["Apache-2.0 WITH LLVM-exception", true],
  ["Apache-2.0", false],
  ["MIT WITH something", false],
  ["MIT)", false],
  ["", false],
  [undefined, false],
]) {
  test(`${expression ?? "no licence"} is ${fits ? "" : "not "}allowed`, () => assert.equal(allows(expression, allowed), fits));
}
