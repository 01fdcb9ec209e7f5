// Each way to pay without a pointer, from the checkout page to its end. Where
// the focus goes when something else is shown, and that it is never lost.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Keyboard } from "./keyboard.mjs";
import { servers } from "./servers.mjs";
import { latest, openShop } from "./shop.mjs";

const CODE = "123456";

let shop;

before(async () => {
  shop = await openShop();
});
after(() => shop?.close());

async function arrives(options) {
  const page = await shop.checkout(options);
  return { page, keys: new Keyboard(page) };
}

async function typesTheCard({ keys }, { save = false } = {}) {
  await keys.goesTo("card/number");
  await keys.type("5141181677407907");
  for (const [name, text] of [["expiry", "0928"], ["cvc", "360"], ["holder", "Elif Yılmaz"]]) {
    await keys.press("Tab");
    assert.equal(await keys.place(), `card/${name}`);
    await keys.type(text);
  }
  if (save) {
    await keys.goesTo("card/save");
    await keys.press("Space");
  }
  await keys.goesTo("card/pay");
  await keys.press("Enter");
}

/** In the frame: from the dialog's own button into the bank's page. */
async function confirmsInTheDialog({ page, keys }) {
  await keys.isLedTo("dialog/close");
  const bank = page.frameLocator("iframe[name=kasa-challenge]");
  await bank.locator("#code").waitFor();
  await keys.goesTo("dialog/kasa-challenge");
  await keys.finds(bank.locator("#code"));
  await keys.type(CODE);
  await keys.press("Enter");
}

/** On a page of its own. */
async function confirmsAtTheBank({ page, keys }) {
  await page.locator("#code").waitFor();
  await keys.finds(page.locator("#code"));
  await keys.type(CODE);
  await keys.press("Enter");
}

/** The end is told, and the focus is where it is told. */
async function isThanked({ page, keys }) {
  await page.locator("[data-order-status=paid]").waitFor();
  await keys.isLedTo("baslik");
}

/** What happens on a device that is not this one; by its own buttons. */
async function elsewhere(path, ...deeds) {
  const device = await shop.browser.newPage();
  await device.goto(servers.sandbox + path);
  for (const deed of deeds) await device.locator(`[name=do][value=${deed}]`).click();
  await device.close();
}

test("a card, the bank in a frame", async () => {
  const shopper = await arrives({ challenge: "frame" });
  await typesTheCard(shopper);
  await confirmsInTheDialog(shopper);
  await isThanked(shopper);
});

test("a card, the bank on a page of its own", async () => {
  const shopper = await arrives({ challenge: "redirect" });
  await typesTheCard(shopper);
  await confirmsAtTheBank(shopper);
  await isThanked(shopper);
});

test("the bank's dialog is closed by Escape, and the focus is back where it is told", async () => {
  const shopper = await arrives({ challenge: "frame" });
  await typesTheCard(shopper);
  await shopper.keys.isLedTo("dialog/close");

  await shopper.keys.press("Escape");

  await shopper.page.locator("[part=result][data-status=canceled]").waitFor({ state: "attached" });
  await shopper.keys.isLedTo("status");
  // From there it goes on: back to the button.
  await shopper.keys.goesTo("card/pay", "Shift+Tab");
});

test("what is wrong is met, mended and paid", async () => {
  const shopper = await arrives();
  await shopper.keys.goesTo("card/pay");
  await shopper.keys.press("Space");
  await shopper.keys.isLedTo("card/number");

  await typesTheCard(shopper);

  await confirmsInTheDialog(shopper);
  await isThanked(shopper);
});

test("a saved card, chosen and removed", async () => {
  const order = { customer: { ...CUSTOMER, id: `keys-${Date.now()}` } };
  const first = await arrives({ order });
  await typesTheCard(first, { save: true });
  await confirmsInTheDialog(first);
  await first.page.locator("[part=result][data-status=paid]").waitFor({ state: "attached" });

  const again = await arrives({ order });
  await again.page.locator("input[name=saved]").waitFor();
  await again.keys.goesTo("saved_card/saved");
  await again.keys.press("Space");
  await again.keys.goesTo("saved_card/pay");
  await again.keys.press("Enter");
  await confirmsInTheDialog(again);
  await again.page.locator("[part=result][data-status=paid]").waitFor({ state: "attached" });

  const third = await arrives({ order });
  await third.page.locator("input[name=saved]").waitFor();
  await third.keys.goesTo("saved_card/remove");
  await third.keys.press("Enter", "Enter");
  await third.page.locator("input[name=saved]").waitFor({ state: "detached" });
  assert.notEqual(await third.keys.place(), "nowhere");
});

test("a meal card, by a code", async () => {
  const shopper = await arrives();
  const { keys } = shopper;
  await keys.chooses("apm 12 otp");
  await keys.goesTo("apm 12 otp/cardNumber");
  await keys.type("6375780000000001");
  await keys.press("Enter");
  await keys.isLedTo("otp/code");

  await keys.type("000000");
  await keys.press("Enter");
  await shopper.page.locator("#code-error:not(:empty)").waitFor();
  await keys.isLedTo("otp/code");
  await keys.type(CODE);
  await keys.goesTo("otp/confirm");
  await keys.press("Space");

  await isThanked(shopper);
});

test("a payment that waits for its code is given up", async () => {
  const shopper = await arrives();
  const { keys } = shopper;
  await keys.chooses("apm 12 otp");
  await keys.goesTo("apm 12 otp/cardNumber");
  await keys.type("6375780000000001");
  await keys.press("Enter");
  await keys.isLedTo("otp/code");

  await keys.goesTo("cancel");
  await keys.press("Enter");

  await shopper.page.locator("[part=result][data-status=canceled]").waitFor({ state: "attached" });
  await keys.isLedTo("status");
});

test("a wallet that asks for nothing", async () => {
  const shopper = await arrives();
  await shopper.keys.chooses("apm 14 direct");
  await shopper.keys.goesTo("apm 14 direct/pay");
  await shopper.keys.press("Space");
  await isThanked(shopper);
});

for (const way of ["apm 11 redirect", "hepsipay", "aspay"]) {
  test(`${way}, on the provider's own page`, async () => {
    const shopper = await arrives();
    await shopper.keys.chooses(way);
    await shopper.keys.goesTo(`${way}/pay`);
    await shopper.keys.press("Enter");
    await shopper.keys.finds(shopper.page.locator("[name=do][value=pay]"));
    await shopper.keys.press("Enter");
    await isThanked(shopper);
  });
}

test("a picture that a phone scans", async () => {
  const shopper = await arrives();
  await shopper.keys.chooses("apm 11 qr");
  await shopper.keys.goesTo("apm 11 qr/pay");
  await shopper.keys.press("Enter");
  await shopper.page.locator("[part=qr]").waitFor();
  await shopper.keys.isLedTo("status");
  await shopper.keys.goesTo("cancel");

  const { uniqueCode } = await latest("apm");
  await elsewhere(`/apm/phone/${uniqueCode}`, "pay");

  await isThanked(shopper);
});

test("a terminal, chosen by an arrow", async () => {
  const shopper = await arrives({ trials: ["counter"] });
  await shopper.keys.chooses("terminal");
  await shopper.keys.goesTo("terminal/terminal");
  await shopper.keys.press("ArrowDown", "ArrowUp");
  await shopper.keys.goesTo("terminal/pay");
  await shopper.keys.press("Enter");
  await shopper.keys.isLedTo("status");

  const { terminalId } = await latest("pos");
  await elsewhere(`/pos/terminal/${terminalId}`, "take", "pay");

  await isThanked(shopper);
});

const CUSTOMER = {
  fullName: "Elif Yılmaz",
  phone: "5551112233",
  email: "elif@example.com",
  country: "Türkiye",
  city: "İstanbul",
  address: "Moda Caddesi 12, Kadıköy",
};
