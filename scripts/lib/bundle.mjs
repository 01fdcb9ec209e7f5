// What both commands build besides the package: the servers and the shop's pages.

import { npmBin } from "./project.mjs";
import { run } from "./run.mjs";

export const buildServers = () =>
  run("cargo", ["build", "--quiet", "-p", "kasa-merchant", "-p", "kasa-sandbox"], {
    hint: "The servers do not build; the compiler says why above.",
  });

export const buildShop = () =>
  run(npmBin("webpack"), ["--stats", "errors-warnings"], { hint: "webpack could not bundle the shop; it says why above." });
