// No bundler: the package is copied as it is, and imported by its address. What
// the page asks for first is held to the hashes that come with the package.

import { cp, mkdir, readFile, writeFile } from "node:fs/promises";

const INTEGRITY = JSON.parse(await readFile("node_modules/kasa-checkout/integrity.json", "utf8"));

await mkdir("dist");
await cp("node_modules/kasa-checkout", "dist/kasa", { recursive: true });
await cp("main.js", "dist/main.js");
const script = await readFile("checkout.js", "utf8");
await writeFile("dist/checkout.js", script.replace('"kasa-checkout"', '"./kasa/index.js"'));
const page = await readFile("index.html", "utf8");
const held = `<link rel="modulepreload" href="./kasa/index.js" integrity="${INTEGRITY["index.js"]}">`;
await writeFile("dist/index.html", page.replace("</head>", `  ${held}\n  </head>`));
