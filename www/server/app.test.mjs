import assert from "node:assert/strict";
import { createServer } from "node:http";
import { json } from "node:stream/consumers";
import { after, before, beforeEach, test } from "node:test";

import { createShop } from "./app.mjs";
import { readSettings } from "./settings.mjs";

const KEY = "the-shop's-key";

/** What the stand-in merchant server heard, and what it answers. */
let heard;
let answers;
let merchant;
let shop;
let base;

const listen = (server) => new Promise((settle) => server.listen(0, "127.0.0.1", settle));
const originOf = (server) => `http://127.0.0.1:${server.address().port}`;
const post = (body) =>
  fetch(`${base}/api/order`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

before(async () => {
  merchant = createServer(async (request, response) => {
    heard.push({
      method: request.method,
      path: request.url,
      authorization: request.headers.authorization,
      body: request.method === "POST" ? await json(request) : null,
    });
    const { status, body } = answers(heard.at(-1));
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  await listen(merchant);
  const app = createShop({
    url: "http://shop.example",
    merchant: originOf(merchant),
    merchantKey: KEY,
    paywall: ["https://paywall.example", "https://bank.example"],
  });
  shop = createServer(app);
  await listen(shop);
  base = originOf(shop);
});

beforeEach(() => {
  heard = [];
  answers = ({ body }) => ({ status: 201, body: { ...body, checkout: "co_test", status: "open" } });
});

after(() => {
  shop.close();
  merchant.close();
});

test("an order costs what the catalogue says, whatever the page says", async () => {
  const answer = await post({ cart: [{ id: "fincan", quantity: 2, price: 1 }, { id: "tabak", quantity: 1 }], amount: 1 });

  assert.equal(answer.status, 201);
  const { reference, checkout, amount } = await answer.json();
  assert.equal(amount, 2 * 48_000 + 54_000);
  assert.equal(checkout, "co_test");
  const [{ body, authorization }] = heard;
  assert.equal(body.reference, reference);
  assert.equal(authorization, `Bearer ${KEY}`);
  assert.equal(body.products.reduce((sum, each) => sum + each.amount, 0), amount);
});

test("the shopper comes back to the page of this order, in the guise it was left in", async () => {
  await post({ cart: [{ id: "vazo", quantity: 1 }], challenge: "frame", locale: "en" });

  const { returnUrl, reference } = heard[0].body;
  assert.equal(returnUrl, `http://shop.example/odeme?siparis=${reference}&mod=frame&dil=en`);
});

for (const [what, cart] of [
  ["no cart", undefined],
  ["an empty cart", []],
  ["an unknown product", [{ id: "altın", quantity: 1 }]],
  ["a product twice", [{ id: "kase", quantity: 1 }, { id: "kase", quantity: 1 }]],
  ["a negative quantity", [{ id: "kase", quantity: -1 }]],
  ["half a bowl", [{ id: "kase", quantity: 0.5 }]],
  ["a quantity of text", [{ id: "kase", quantity: "1" }]],
  ["more than one may carry", [{ id: "kase", quantity: 21 }]],
  ["nothing instead of a line", [null]],
]) {
  test(`${what} makes no order`, async () => {
    const answer = await post({ cart });

    assert.equal(answer.status, 422);
    assert.equal((await answer.json()).code, "bad_cart");
    assert.deepEqual(heard, []);
  });
}

test("an order is paid when the merchant server says so, and only its status leaves the shop", async () => {
  answers = () => ({ status: 200, body: { status: "paid", amount: 48_000, currency: "TRY", checkout: "co_test", payments: [{ id: "pay_1" }] } });

  const answer = await fetch(`${base}/api/order/DNG-1`);

  assert.deepEqual(await answer.json(), { status: "paid", amount: 48_000, currency: "TRY" });
  assert.equal(answer.headers.get("cache-control"), "no-store");
  assert.equal(heard[0].path, "/v1/orders/DNG-1");
});

test("a reference cannot reach another call of the merchant server", async () => {
  await fetch(`${base}/api/order/..%2Fpayouts%3Fx`);

  assert.equal(heard[0].path, "/v1/orders/..%2Fpayouts%3Fx");
});

test("an order nobody made is not found", async () => {
  answers = () => ({ status: 404, body: { code: "order_not_found" } });

  const answer = await fetch(`${base}/api/order/DNG-0`);

  assert.equal(answer.status, 404);
  assert.equal((await answer.json()).code, "order_not_found");
});

test("a refusal of the merchant server is told without its words", async () => {
  answers = () => ({ status: 401, body: { title: "bad key secret-words" } });

  const answer = await post({ cart: [{ id: "kase", quantity: 1 }] });

  assert.equal(answer.status, 502);
  const text = await answer.text();
  assert.match(text, /merchant_unavailable/);
  assert.doesNotMatch(text, /secret-words/);
});

test("a body that is no JSON is a bad request", async () => {
  const answer = await fetch(`${base}/api/order`, { method: "POST", headers: { "content-type": "application/json" }, body: "{" });

  assert.equal(answer.status, 400);
  assert.equal(answer.headers.get("content-type"), "application/problem+json; charset=utf-8");
});

test("every answer stands under the strict policy", async () => {
  const { headers } = await fetch(`${base}/api/config`);

  assert.equal(
    headers.get("content-security-policy"),
    [
      "default-src 'none'",
      "script-src 'self' 'wasm-unsafe-eval'",
      "style-src 'self'",
      "img-src 'self' data:",
      "font-src 'self'",
      `connect-src 'self' ${originOf(merchant)} https://paywall.example https://bank.example`,
      `frame-src ${originOf(merchant)} https://paywall.example https://bank.example`,
      "form-action 'self' https://paywall.example https://bank.example",
      "base-uri 'none'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
    ].join(";"),
  );
  assert.equal(headers.get("referrer-policy"), "strict-origin");
  assert.equal(headers.get("x-content-type-options"), "nosniff");
  assert.equal(headers.get("x-powered-by"), null);
});

test("the page learns the merchant server's address, and no key", async () => {
  const answer = await fetch(`${base}/api/config`);

  assert.deepEqual(await answer.json(), { merchant: originOf(merchant) });
});

test("a missing key is named at the start", () => {
  assert.throws(() => readSettings({}), /MERCHANT_API_KEY/);
});

test("an address that is none is named at the start", () => {
  assert.throws(() => readSettings({ MERCHANT_API_KEY: "k", PAYWALL_URL: "https://paywall.example,banka" }), /PAYWALL_URL.*banka/);
});
