// The shop's pages, as both commands build them.

import { npmBin } from "./project.mjs";
import { run } from "./run.mjs";

export const buildShop = () =>
  run(npmBin("webpack"), ["--stats", "errors-warnings"], { hint: "webpack could not bundle the shop; it says why above." });
