// Who comes to a shop that was built here, whoever built it: with an order to
// pay, a card, and an ear for what the page complains of.

import assert from "node:assert/strict";

const { KASA_BUNDLERS_MERCHANT: MERCHANT, KASA_BUNDLERS_SANDBOX: SANDBOX, KASA_BUNDLERS_DESK: DESK } = process.env;
assert.ok(MERCHANT && SANDBOX && DESK, "run by `npm test -- --only bundlers` or `--only examples`, which start the servers");

export { MERCHANT, SANDBOX };

export const CARD = { number: "5141181677407907", expiry: "09/28", cvc: "360", holder: "Ada Deneme" };
export const CODE = "123456";

/** A new order: its `checkout` and `reference`. */
export async function made(overrides) {
  const answer = await fetch(DESK, { method: "POST", body: JSON.stringify(overrides) });
  assert.ok(answer.ok, `the order desk answers ${answer.status}`);
  return answer.json();
}

/** Whether the merchant server says so. */
export const isPaid = async ({ reference }) => (await (await fetch(`${DESK}/orders/${reference}`)).json()).status === "paid";

/** Errors and warnings of the shop's page, its policy's among them; those of the bank's page are not ours. */
export function heardBy(page, origin) {
  const complaints = [];
  const ours = () => page.url().startsWith(origin);
  page.on("console", (message) => ours() && ["error", "warning"].includes(message.type()) && complaints.push(message.text()));
  page.on("pageerror", (error) => ours() && complaints.push(error.message));
  return complaints;
}

/** Types a card into the drop-in, and asks to pay. */
export async function asksToPayByCard(page) {
  const form = page.locator("[part=method][data-method=card]");
  await form.locator("[part=choose]").click();
  for (const [name, value] of Object.entries(CARD)) await form.locator(`input[name=${name}]`).fill(value);
  await form.locator("[part=pay]").click();
}

/** A card in the drop-in, the bank's page, and back, until the page says `paid`. */
export async function paysByCard(page) {
  await asksToPayByCard(page);
  await page.locator("input[name=code]").fill(CODE);
  await page.keyboard.press("Enter");
  await page.locator("[part=result][data-status=paid]").waitFor();
}
