// The Rust sources: how they are written, and what they do natively.

import { join } from "node:path";

import { WAITING, buildServers, cargo, cargoTest } from "../lib/cargo.mjs";
import { WASM_TARGET, openapiPython, root, toolEnv } from "../lib/project.mjs";
import { Failure, ask, run } from "../lib/run.mjs";
import { withServers } from "../lib/servers.mjs";
import { freePort } from "../lib/services.mjs";

const DENY_WARNINGS = ["--", "-D", "warnings"];

export const rustSteps = [
  { name: "format", proves: "the Rust sources are formatted", run: () => cargo("fmt", "--all", "--check") },
  { name: "clippy", proves: "no lint on the host", run: () => cargo("clippy", "--workspace", "--all-targets", "--features", "kasa-fuzz/targets", ...DENY_WARNINGS) },
  { name: "clippy-wasm", proves: "no lint in the browser's part", run: clippyWasm },
  { name: "native", proves: "core, merchant server on SQLite, and sandbox", run: native },
  { name: "core-search", proves: "the core in every order of events; its values and the messages, whatever is typed or comes", run: coreSearch, searches: true },
  {
    name: "simulation",
    proves: "core, merchant server and sandbox under lost, late and doubled messages and a killed server: no charge lost, none doubled",
    searches: true,
    run: () => cargoTest(["--test", "simulation"], { args: ["--nocapture"] }),
  },
  { name: "native-postgres", proves: "the merchant server once more, on PostgreSQL", run: nativePostgres },
  { name: "openapi", proves: "the merchant server answers as merchant/openapi.yaml says, and nothing else", run: openapi },
  { name: "purity", proves: "the core compiles without the browser's crates", run: purity },
];

// With the tests that run there; the core's own run on the host.
async function clippyWasm() {
  await cargo("clippy", "--target", WASM_TARGET, "-p", "kasa-checkout", "--lib", "--test", "browser", ...DENY_WARNINGS);
}

/** The core's tests that search, by the paths of their modules. */
const SEARCHES = ["core::flow::checkout::search::", "properties::"];

async function native() {
  const args = SEARCHES.flatMap((path) => ["--skip", path]);
  await cargoTest(["--lib", "--bins", "--test", "it", "--test", "sandbox"], { args: [WAITING, ...args] });
}

async function coreSearch() {
  await cargoTest(["--lib"], { args: [...SEARCHES, "--nocapture"] });
}

/** The same tests once more; they start a cluster of their own. */
async function nativePostgres() {
  await cargoTest(["--test", "it"], { args: [WAITING], env: toolEnv({ KASA_TEST_DATABASE: "postgres" }) });
}

/** Drives a merchant server from its document; how is for tests/openapi to say. */
async function openapi() {
  await buildServers();
  const webhookPort = await freePort();
  const webhook = `http://127.0.0.1:${webhookPort}/`;
  const origin = "http://localhost:8400";
  await withServers({ origins: [origin], webhook }, async ({ keys, sandbox, merchant, database }) => {
    const options = ["--config-file", "schemathesis.toml", "run", join(root, "merchant", "openapi.yaml"), "--url", merchant];
    await run(openapiPython, ["-m", "schemathesis.cli", ...options], {
      cwd: join(root, "tests", "openapi"),
      env: {
        ...process.env,
        NO_PROXY: "localhost,127.0.0.1",
        PYTHONDONTWRITEBYTECODE: "1",
        SCHEMATHESIS_HOOKS: "hooks",
        KASA_OPENAPI_MERCHANT: merchant,
        KASA_OPENAPI_SANDBOX: sandbox,
        KASA_OPENAPI_ORIGIN: origin,
        KASA_OPENAPI_DATABASE: database,
        KASA_OPENAPI_BEARER: keys.api,
        KASA_OPENAPI_KEYS: JSON.stringify(keys),
        KASA_OPENAPI_WEBHOOK_PORT: String(webhookPort),
      },
      hint: "The merchant server and merchant/openapi.yaml differ; see above. Change the one that is wrong.",
    });
  });
}

/** The core cannot touch a page if nothing that touches one is compiled with it. */
async function purity() {
  const tree = await ask("cargo", [
    "tree", "--target", "x86_64-unknown-linux-gnu", "-p", "kasa-checkout", "-e", "normal", "--prefix", "none",
  ]);
  if (tree === null) throw new Failure("cargo tree does not work here.");
  const found = ["web-sys", "wasm-bindgen", "js-sys", "gloo-net"].filter((name) => new RegExp(`^${name} v`, "m").test(tree));
  if (found.length) throw new Failure(`On the host, kasa-checkout depends on ${found.join(" and ")}: the core is no longer pure.`);
}
