// One shopper, from the order to the bank and back, as the component and a
// browser would do it. Each has an address and a name of their own.

import { formOf } from "./client.mjs";

const CARD = {
  CardType: 1,
  CardOwnerName: "Elif Yılmaz",
  CardNumber: "5141181677407907",
  CardCvv: "360",
  CardExpiryMonth: "09",
  CardExpiryYear: "28",
  ExpiryMin: 15,
};

const RIGHT_CODE = "123456";

/** The component's patience with one long poll; a page that just waits asks more often, so that the end is soon. */
const WAIT_SECONDS = 25;
const IDLE_SECONDS = 10;

export class Shopper {
  /** @param {{ client: import("./client.mjs").Client, waiting: import("./client.mjs").Client, merchant: string, key: string, origin: string }} shop */
  constructor(shop, number) {
    this.shop = shop;
    this.number = number;
    this.reference = `LOAD-${number}`;
    // Of the internet, or the merchant server would not count them.
    this.from = { "x-forwarded-for": `80.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}` };
  }

  /** Creates the order; answers its checkout. */
  async order() {
    const { client, merchant, key, origin } = this.shop;
    const customer = {
      id: `customer-${this.number}`,
      fullName: "Elif Yılmaz",
      phone: `53${String(this.number).padStart(8, "0")}`,
      email: `${this.number}@example.com`,
      country: "TR",
      city: "İstanbul",
      address: "Moda Caddesi 12",
    };
    const returnUrl = `${origin}/kasa`;
    const order = { reference: this.reference, amount: 1050, currency: "TRY", description: "Bir kitap", returnUrl, customer, methods: ["card"] };
    const made = await client.json("POST", `${merchant}/v1/orders`, { headers: { authorization: `Bearer ${key}` }, value: order });
    this.checkout = `${merchant}/v1/checkouts/${made.checkout}`;
  }

  /** @returns {Promise<{ paid: boolean, asked: number, whole: number }>} milliseconds: of the payment request, and of all */
  async pay() {
    const { client, waiting } = this.shop;
    const began = performance.now();
    await this.order();
    const { revision } = await client.json("GET", this.checkout);
    const following = this.#follow(waiting, revision);
    // Whoever fails first is told of below.
    following.catch(() => {});
    const token = await client.json("POST", `${this.checkout}/temp-token`, { headers: this.from, value: { purpose: "card" } });
    const kept = await client.json("POST", `${token.paymentApi}/api/paywall/tempcard`, { headers: { token: token.token }, value: CARD });
    const asking = performance.now();
    const request = {
      headers: { ...this.from, "idempotency-key": `load-key-${String(this.number).padStart(12, "0")}` },
      value: { method: "card", cardToken: kept.Body.CardToken },
    };
    // The same request twice at once, as a browser may send it: one payment.
    const url = `${this.checkout}/payments`;
    const twice = this.number % 10 === 0;
    const [payment, again] = await Promise.all([client.json("POST", url, request), twice && client.json("POST", url, request)]);
    const asked = performance.now() - asking;
    if (twice && again.id !== payment.id) throw new Error(`two payments of one key: ${payment.id}, ${again.id}`);
    await this.#throughTheBank(payment.next.url);
    const end = await following;
    return { paid: end.payment.status === "paid", asked, whole: performance.now() - began };
  }

  /** Long polls until the payment has an end. */
  async #follow(client, revision) {
    for (;;) {
      const checkout = await client.json("GET", `${this.checkout}?wait=${WAIT_SECONDS}&since=${revision}`);
      if (checkout.payment && checkout.payment.status !== "pending") return checkout;
      revision = checkout.revision;
    }
  }

  async #throughTheBank(url) {
    const { client, merchant } = this.shop;
    let page = await client.call("GET", url);
    let at = url;
    for (let step = 0; step < 6; step += 1) {
      const { action, fields } = formOf(page.text, at);
      if (action.startsWith(merchant)) {
        const back = await client.form(action, fields);
        if (back.status !== 303) throw new Error(`the return: ${back.status}`);
        // A third of them is sent twice.
        if (this.number % 3 === 0) await client.form(action, fields);
        return;
      }
      page = await client.form(action, "code" in fields ? { code: RIGHT_CODE, action: "confirm" } : fields);
      at = action;
    }
    throw new Error(`no way back from ${url}`);
  }
}

/** Waits at a checkout where nothing happens, as an open page does, until `stop`; answers how often. */
export async function waitAt(shopper, stop) {
  const { waiting } = shopper.shop;
  const { revision } = await waiting.json("GET", shopper.checkout);
  let answered = 0;
  while (!stop.aborted) {
    const checkout = await waiting.json("GET", `${shopper.checkout}?wait=${IDLE_SECONDS}&since=${revision}`);
    if (checkout.revision !== revision) throw new Error("something happened where nothing does");
    answered += 1;
  }
  return answered;
}
