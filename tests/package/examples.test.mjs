// The examples, as a newcomer would have them: copied, built by their own
// command with the packed package, under the demo shop's policy, and paid in.
// What each is an example for is tried too.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { startBrowser } from "../lib/browser.mjs";
import { build, remove, unpack } from "./project.mjs";
import { CARD, CODE, MERCHANT, SANDBOX, asksToPayByCard, heardBy, isPaid, made, paysByCard } from "./shopper.mjs";
import { serveFiles, viteDevServer } from "./site.mjs";
import { packed } from "./tarball.mjs";

let tarball, browser;

before(async () => {
  [{ tarball }, browser] = await Promise.all([packed(), startBrowser()]);
});
after(() => browser?.close());

/** The example's folder for the tests of a suite, and new orders on new pages of its site. */
function example(name, { output } = {}) {
  let folder, built;
  before(async () => {
    folder = await unpack({ folder: `examples/${name}`, tarball, merchant: MERCHANT });
    if (output) await build(folder);
    built = await serveFiles(folder, { output, merchant: MERCHANT, paywall: [SANDBOX] });
  }, { timeout: 300_000 });
  after(async () => {
    built?.close();
    if (folder) await remove(folder);
  });
  return async (t, { developing = false } = {}) => {
    const site = developing ? await viteDevServer(folder) : built;
    if (developing) {
      t.after(() => site.close());
      await warmed(site);
    }
    const order = await made({ returnUrl: `${site.origin}/` });
    const page = await browser.newPage({ locale: "tr-TR", viewport: { width: 480, height: 900 } });
    t.after(() => page.close());
    page.complaints = heardBy(page, site.origin);
    page.isPaid = () => isPaid(order);
    await page.goto(`${site.origin}/?kasa_checkout=${order.checkout}`);
    return page;
  };
}

/** Vite reloads a page where it finds on the way what it has to prepare. */
async function warmed({ origin }) {
  const page = await browser.newPage();
  await page.goto(origin, { waitUntil: "networkidle" });
  await page.locator("kasa-checkout").waitFor();
  await page.close();
}

const bankIn = (page) => page.frameLocator("iframe[name=kasa-challenge]");

/** Up to the bank's page in its frame. */
async function goesToTheBank(page) {
  await asksToPayByCard(page);
  await bankIn(page).locator("#code").waitFor();
}

async function confirmsInTheFrame(page) {
  await bankIn(page).locator("#code").fill(CODE);
  await bankIn(page).locator("[name=action][value=confirm]").click();
}

/** Up to the question for a one-time code. */
async function asksForACode(page) {
  const mealCard = page.locator("[part=method][data-method=apm][data-connection='12']");
  await mealCard.locator("[part=choose]").click();
  await mealCard.locator("input[name=cardNumber]").fill("6375780000000001");
  await mealCard.locator("[part=pay]").click();
  await page.locator("[part=otp] input[name=code]").waitFor();
}

describe("the example", { concurrency: 2 }, () => {
  describe("html", () => {
    const open = example("html");

    test("a card is paid, by the bank's own page and back", async (t) => {
      const page = await open(t);
      await paysByCard(page);

      await page.locator("#thanks:not(:empty)").waitFor();
      assert.ok(await page.isPaid());
      assert.deepEqual(page.complaints, []);
    });
  });

  describe("react", () => {
    const open = example("react", { output: "dist" });

    /** Keeps at hand what is asked of servers and not answered yet. */
    async function watched(t, options) {
      const page = await open(t, options);
      page.open = new Set();
      page.on("request", (request) => page.open.add(request));
      for (const end of ["requestfinished", "requestfailed"]) page.on(end, (request) => page.open.delete(request));
      return page;
    }

    async function isGone(page) {
      await page.getByRole("heading", { name: "Sepet" }).waitFor();
      assert.equal(await page.locator("kasa-checkout, kasa-drop-in, kasa-challenge, dialog, iframe").count(), 0);
      assert.deepEqual([...page.open].filter((request) => request.url().startsWith(MERCHANT)), []);
      const asked = [];
      page.on("request", (request) => asked.push(request.url()));
      // Whatever timer there might be, it rings now.
      await page.clock.fastForward("10:00");
      assert.deepEqual(asked, []);
    }

    for (const [name, options] of [["while one develops, in StrictMode", { developing: true }], ["as built", {}]]) {
      test(`${name}, there is one drop-in, and a card is paid`, async (t) => {
        const page = await watched(t, options);
        await page.locator("[part=methods]").waitFor();
        assert.equal(await page.locator("kasa-drop-in").count(), 1);

        await goesToTheBank(page);
        await confirmsInTheFrame(page);
        await page.getByRole("heading", { name: "Siparişiniz hazırlanıyor" }).waitFor();

        assert.ok(await page.isPaid());
        assert.deepEqual(page.complaints, []);
      });
    }

    test("left at the bank, nothing is left behind; who comes back goes on", async (t) => {
      const page = await watched(t);
      await page.clock.install();
      await goesToTheBank(page);
      // Behind the dialog no pointer reaches it; a router would.
      await page.getByText("Sepete dön").evaluate((button) => button.click());
      await isGone(page);

      await page.getByRole("button", { name: "Ödemeye geç" }).click();
      await page.locator("[part=continue]").click();
      await confirmsInTheFrame(page);
      await page.getByRole("heading", { name: "Siparişiniz hazırlanıyor" }).waitFor();
      assert.ok(await page.isPaid());
    });

    test("left at a one-time code, nothing is left behind; who comes back is asked again", async (t) => {
      const page = await watched(t);
      await page.clock.install();
      await asksForACode(page);
      await page.getByRole("button", { name: "Sepete dön" }).click();
      await isGone(page);

      await page.getByRole("button", { name: "Ödemeye geç" }).click();
      await page.locator("[part=otp] input[name=code]").fill(CODE);
      await page.locator("[part=confirm]").click();
      await page.getByRole("heading", { name: "Siparişiniz hazırlanıyor" }).waitFor();
      assert.ok(await page.isPaid());
    });
  });

  describe("vue", () => {
    const open = example("vue", { output: "dist" });

    test("a card is paid", async (t) => {
      const page = await open(t);
      await goesToTheBank(page);
      await confirmsInTheFrame(page);

      await page.getByText("Siparişiniz hazırlanıyor.").waitFor();
      assert.ok(await page.isPaid());
      assert.deepEqual(page.complaints, []);
    });
  });

  describe("headless", () => {
    const open = example("headless");
    const status = (page) => page.locator("#status");

    test("what is wrong is said at its field, and mended and paid", async (t) => {
      const page = await open(t);
      await page.getByLabel("Kart numarası", { exact: true }).fill("5141");
      await page.getByRole("button", { name: "Kartla öde" }).click();
      await page.locator("#holder-error:not(:empty)").waitFor();
      assert.equal(await page.locator("#number").getAttribute("aria-invalid"), "true");
      assert.equal(await page.locator("#number").evaluate((input) => input === document.activeElement), true);

      for (const [name, value] of Object.entries(CARD)) await page.locator(`#card [name=${name}]`).fill(value);
      await page.getByRole("button", { name: "Kartla öde" }).click();
      await confirmsInTheFrame(page);

      await status(page).getByText("Ödemeniz alındı.").waitFor();
      assert.equal(await page.locator("#number").inputValue(), "");
      assert.ok(await page.isPaid());
      assert.deepEqual(page.complaints, []);
    });

    test("a wrong code is asked for again, and the right one pays", async (t) => {
      const page = await open(t);
      await page.getByLabel("Yemek kartı numarası").fill("6375780000000001");
      await page.getByRole("button", { name: "Yemek kartıyla öde" }).click();
      const code = page.getByLabel("Onay kodu");
      await code.fill("000000");
      await page.getByRole("button", { name: "Onayla" }).click();
      await page.locator("#otp-error:not(:empty)").waitFor();
      assert.match(await page.locator("#otp-error").textContent(), /Kod yanlış\. Kalan deneme: 2/);
      assert.equal(await code.inputValue(), "");

      await code.fill(CODE);
      await page.keyboard.press("Enter");
      await status(page).getByText("Ödemeniz alındı.").waitFor();
      assert.ok(await page.isPaid());
      assert.deepEqual(page.complaints, []);
    });

    test("a payment that the reload interrupted is gone on with", async (t) => {
      const page = await open(t);
      for (const [name, value] of Object.entries(CARD)) await page.locator(`#card [name=${name}]`).fill(value);
      await page.getByRole("button", { name: "Kartla öde" }).click();
      await bankIn(page).locator("#code").waitFor();
      await page.reload();

      await page.getByRole("button", { name: "Bankada devam et" }).click();
      assert.ok(await page.locator("#card").isHidden());
      await confirmsInTheFrame(page);
      await status(page).getByText("Ödemeniz alındı.").waitFor();
      assert.ok(await page.isPaid());
    });
  });
});
