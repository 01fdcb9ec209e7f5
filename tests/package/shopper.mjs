// What a shopper does on the checkout page, whoever built it.

const CARD = { number: "5141181677407907", expiry: "09/28", cvc: "360", holder: "Ada Deneme" };
const CODE = "123456";

/** A card in the drop-in, the bank's page, and back, until the page says `paid`. */
export async function paysByCard(page) {
  const form = page.locator("[part=method][data-method=card]");
  await form.locator("[part=choose]").click();
  for (const [name, value] of Object.entries(CARD)) await form.locator(`input[name=${name}]`).fill(value);
  await form.locator("[part=pay]").click();
  await confirmsAtBank(page);
  await page.locator("[part=result][data-status=paid]").waitFor();
}

export async function confirmsAtBank(page) {
  await page.locator("input[name=code]").fill(CODE);
  await page.keyboard.press("Enter");
}
