// What the README promises a newcomer: its very lines, in a folder of their own,
// against the servers of `npm start`, take a payment. Only ports and the path of
// the package are put in, so that the test runs beside anything else.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";

import { pkg, root } from "../../scripts/lib/project.mjs";
import { freePort } from "../../scripts/lib/services.mjs";
import { startBrowser } from "../lib/browser.mjs";

const exec = promisify(execFile);
const ready = { start: /Ctrl-C stops everything/, serve: /Serving HTTP/ };

const ends = [];
let readme, folder, browser, ports;

before(async () => {
  readme = await readFile(join(root, "README.md"), "utf8");
  folder = await mkdtemp(join(tmpdir(), "kasa-newcomer-"));
  ports = Object.fromEntries(await Promise.all(["8400", "8401", "8402", "5000"].map(async (port) => [port, await freePort()])));
  const [shop, merchant, sandbox] = ["8400", "8401", "8402"].map((port) => String(ports[port]));
  const start = join(root, "scripts", "start.mjs");
  await runs(process.execPath, [start, "--shop-port", shop, "--merchant-port", merchant, "--sandbox-port", sandbox], ready.start);
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  for (const end of ends) await end();
  await rm(folder, { recursive: true, force: true });
});

/** A program that goes on running, once it says that it is ready. */
async function runs(command, args, ready) {
  const child = spawn(command, args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, PYTHONUNBUFFERED: "1" } });
  const ended = once(child, "exit");
  ends.push(() => (child.kill("SIGTERM"), ended));
  let said = "";
  await new Promise((settle, fail) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (chunk) => {
        said += chunk;
        if (ready.test(said)) settle();
      });
    }
    child.once("error", fail);
    child.once("exit", () => fail(new Error(`${command} ended:\n${said}`)));
  });
}

/** The README's pieces of code in the section that this test is about. */
const pieces = (language) => {
  const [, section] = /## Ten lines to a first payment\n([\s\S]*?)\n## /.exec(readme);
  const found = [...section.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, "g"))];
  return found.map(([, code]) => code.replace(/\b(8400|8401|8402|5000)\b/g, (port) => ports[port]).replace("../kasa/pkg", pkg));
};
const shell = (line) => exec("sh", ["-ec", line], { cwd: folder });

test("the README's ten lines take a payment", async () => {
  const [install, createOrder, serve, readOrder] = pieces("sh");
  const [html] = pieces("html");
  assert.ok(html.trim().split("\n").length <= 10, "they are ten lines at most");

  await shell(install);
  const { checkout } = JSON.parse((await shell(createOrder)).stdout);
  await writeFile(join(folder, "index.html"), html);
  await runs("sh", ["-ec", `exec ${serve}`], ready.serve);

  const page = await browser.newPage({ locale: "tr-TR" });
  await page.goto(`http://localhost:${ports[5000]}/?kasa_checkout=${checkout}`);
  const [number, expiry, cvc] = /card `([\d ]+)`,\s+expiry `([\d/]+)`,\s+CVC `(\d+)`/.exec(readme).slice(1);
  const [code] = /code\s+`(\d{6})`/.exec(readme).slice(1);
  for (const [name, text] of Object.entries({ number, expiry, cvc, holder: "Elif Yılmaz" })) {
    await page.locator(`input[name=${name}]`).fill(text);
  }
  await page.keyboard.press("Enter");
  await page.waitForURL(`http://127.0.0.1:${ports[8402]}/**`);
  await page.getByRole("textbox").fill(code);
  await page.keyboard.press("Enter");
  await page.locator("[part=result][data-status=paid]").waitFor();

  assert.equal(await page.title(), "paid");
  assert.equal(JSON.parse((await shell(readOrder)).stdout).status, "paid");
});
