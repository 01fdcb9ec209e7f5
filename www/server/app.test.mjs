import assert from "node:assert/strict";
import { createServer } from "node:http";
import { json } from "node:stream/consumers";
import { after, before, beforeEach, test } from "node:test";

import { Webhook } from "standardwebhooks";

import { createShop } from "./app.mjs";
import { readSettings } from "./settings.mjs";

const KEY = "the-shop's-key";
const WEBHOOK_SECRET = `whsec_${Buffer.from("a secret of thirty-two bytes ….").toString("base64")}`;

/** What the stand-in merchant server heard, and what it answers. */
let heard;
let answers;
let merchant;
let sandbox;
let shop;
let base;
/** What waits at the stand-in sandbox. */
let faults;

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
      key: request.headers["idempotency-key"],
      body: request.method === "POST" ? await json(request) : null,
    });
    const { status, body } = answers(heard.at(-1));
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  await listen(merchant);
  sandbox = createServer(async (request, response) => {
    const { method, url } = request;
    assert.equal(url, "/sandbox/faults");
    if (method === "DELETE") faults = [];
    if (method === "POST") faults.push(await json(request));
    response.writeHead(method === "POST" ? 202 : 200).end(method === "GET" ? JSON.stringify(faults) : "");
  });
  await listen(sandbox);
  const app = createShop({
    url: "http://shop.example",
    merchant: originOf(merchant),
    merchantKey: KEY,
    webhookSecret: WEBHOOK_SECRET,
    sandbox: originOf(sandbox),
    paywall: ["https://paywall.example", "https://bank.example"],
  });
  shop = createServer(app);
  await listen(shop);
  base = originOf(shop);
});

beforeEach(() => {
  heard = [];
  faults = [];
  answers = ({ body }) => ({ status: 201, body: { ...body, checkout: "co_test", status: "open" } });
});

after(() => {
  shop.close();
  sandbox.close();
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
  await post({ cart: [{ id: "vazo", quantity: 1 }], challenge: "frame", locale: "en", trials: ["guest"] });

  const { returnUrl, reference } = heard[0].body;
  assert.equal(returnUrl, `http://shop.example/odeme?siparis=${reference}&mod=frame&uye=0&dil=en`);
});

test("the payment form has more languages than the shop", async () => {
  for (const locale of ["de", "xx"]) await post({ cart: [{ id: "vazo", quantity: 1 }], locale });

  const [german, unknown] = heard.map(({ body }) => body);
  assert.equal(german.locale, "de");
  assert.match(german.returnUrl, /&dil=de$/);
  assert.equal(unknown.locale, "tr");
  assert.doesNotMatch(unknown.returnUrl, /dil=/);
});

test("an order is a known customer's, and not for the counter", async () => {
  await post({ cart: [{ id: "vazo", quantity: 1 }] });

  const { customer, terminal } = heard[0].body;
  assert.equal(customer.id, "elif");
  assert.equal(customer.identityNumber, "10000000146");
  assert.equal(terminal, undefined);
});

test("what is tried out changes the order, and nothing else is let in", async () => {
  await post({ cart: [{ id: "vazo", quantity: 1 }], trials: ["counter", "guest", "anonymous", "amount", {}] });

  const { customer, terminal, returnUrl } = heard[0].body;
  assert.deepEqual(terminal, {});
  assert.equal(customer.id, undefined);
  assert.equal(customer.identityNumber, undefined);
  assert.match(returnUrl, /&kasada=1&uye=0&tckn=0$/);
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

  assert.deepEqual(await answer.json(), { status: "paid", amount: 48_000, currency: "TRY", refunded: 0, announced: false });
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

const announce = (event, { secret = WEBHOOK_SECRET, at = new Date() } = {}) => {
  const body = JSON.stringify(event);
  const headers = {
    "content-type": "application/json",
    "webhook-id": "msg_1",
    "webhook-timestamp": String(Math.floor(at.getTime() / 1_000)),
    "webhook-signature": new Webhook(secret).sign("msg_1", at, body),
  };
  return fetch(`${base}/api/webhook`, { method: "POST", headers, body });
};
const paid = (reference) => ({ type: "order.paid", data: { reference, amount: 48_000, currency: "TRY", refundedAmount: 0 } });
const stands = async (reference) => (await fetch(`${base}/api/order/${reference}`)).json();

test("an order that was announced as paid is paid, without asking", async () => {
  assert.equal((await announce(paid("DNG-2"))).status, 204);

  assert.deepEqual(await stands("DNG-2"), { status: "paid", amount: 48_000, currency: "TRY", refunded: 0, announced: true });
  assert.deepEqual(heard, []);
});

test("announcements may come twice and in any order", async () => {
  const refunded = paid("DNG-3");
  refunded.type = "order.refunded";
  refunded.data.refundedAmount = 20_000;

  for (const event of [refunded, paid("DNG-3"), refunded]) await announce(event);

  assert.equal((await stands("DNG-3")).refunded, 20_000);
});

for (const [what, options] of [
  ["signed with another secret", { secret: `whsec_${Buffer.from("another secret, as long as ours").toString("base64")}` }],
  ["that is ten minutes old", { at: new Date(Date.now() - 600_000) }],
]) {
  test(`an announcement ${what} is not believed`, async () => {
    answers = () => ({ status: 200, body: { status: "open", amount: 48_000, currency: "TRY" } });

    const answer = await announce(paid("DNG-4"), options);

    assert.equal(answer.status, 401);
    assert.equal((await answer.json()).code, "bad_webhook");
    assert.equal((await stands("DNG-4")).status, "open");
  });
}

test("an event of a kind that the shop does not know is accepted and left alone", async () => {
  assert.equal((await announce({ type: "payout.done", data: { reference: "DNG-5" } })).status, 204);
});

test("a refund is asked for under the page's key, whole", async () => {
  answers = () => ({ status: 201, body: { id: "re_1", status: "done", amount: 48_000 } });
  const key = "0123456789abcdef";

  const answer = await fetch(`${base}/api/order/DNG-6/refund`, { method: "POST", headers: { "idempotency-key": key } });

  assert.deepEqual(await answer.json(), { status: "done", amount: 48_000 });
  assert.deepEqual(heard[0], { method: "POST", path: "/v1/orders/DNG-6/refunds", authorization: `Bearer ${KEY}`, key, body: {} });
});

test("a refund that cannot be is named", async () => {
  answers = () => ({ status: 409, body: { code: "order_not_paid", title: "secret-words" } });

  const answer = await fetch(`${base}/api/order/DNG-7/refund`, { method: "POST" });

  assert.equal(answer.status, 409);
  assert.equal((await answer.json()).code, "order_not_paid");
});

const orderFault = (body) =>
  fetch(`${base}/api/trials/faults`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

test("a fault is ordered by its name, and waits once until it is used", async () => {
  for (let times = 0; times < 2; times += 1) {
    const answer = await orderFault({ fault: "card_token_lost", call: "refund", times: 9 });
    assert.deepEqual(await answer.json(), { armed: ["card_token_lost"] });
  }
  assert.deepEqual(faults, [{ call: "tempcard", fault: "lost", delayMs: 0, times: 1 }]);

  faults = [];
  assert.deepEqual(await (await fetch(`${base}/api/trials/faults`)).json(), { armed: [] });
});

test("faults are taken back together", async () => {
  await orderFault({ fault: "query_slow" });

  const answer = await fetch(`${base}/api/trials/faults`, { method: "DELETE" });

  assert.deepEqual(await answer.json(), { armed: [] });
  assert.deepEqual(faults, []);
});

for (const fault of ["refund_lost", "constructor", "__proto__", 7, null, ["query_slow"]]) {
  test(`no fault is ordered by ${JSON.stringify(fault)}`, async () => {
    const answer = await orderFault({ fault });

    assert.equal(answer.status, 422);
    assert.equal((await answer.json()).code, "bad_fault");
    assert.deepEqual(faults, []);
  });
}

test("where there is no sandbox there are no faults to order", async () => {
  const bare = createServer(createShop({ url: "", merchant: originOf(merchant), merchantKey: KEY, webhookSecret: null, sandbox: null, paywall: [] }));
  await listen(bare);

  const answer = await fetch(`${originOf(bare)}/api/trials/faults`);
  bare.close();

  assert.equal(answer.status, 503);
  assert.equal((await answer.json()).code, "no_sandbox");
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

test("the gallery has a page for each state, and for nothing else", async () => {
  assert.equal((await fetch(`${base}/galeri`)).status, 200);
  assert.equal((await fetch(`${base}/galeri/code-wrong`)).status, 200);
  assert.equal((await fetch(`${base}/galeri/no-such-state`)).status, 404);
});

test("a state's merchant server answers what its script says, one page at a time", async () => {
  const read = async (page) => (await fetch(`${base}/galeri/api/closed-expired/v1/checkouts/${page}`)).status;

  assert.deepEqual([await read("co_1"), await read("co_1"), await read("co_1")], [200, 410, 410]);
  assert.equal(await read("co_2"), 200);
  assert.deepEqual(heard, []);
});

test("a state's script has an end: what is not in it is not answered", async () => {
  const answer = await fetch(`${base}/galeri/api/card/v1/checkouts/co_1/payments`, { method: "POST" });

  assert.equal(answer.status, 501);
  assert.equal((await fetch(`${base}/galeri/api/no-such-state/v1/checkouts/co_1`)).status, 404);
});

test("the addresses in a script are this server's and its sandbox's", async () => {
  const pay = async (state) => (await fetch(`${base}/galeri/api/${state}/v1/checkouts/co_1/payments`, { method: "POST" })).json();

  assert.equal((await pay("bank-frame")).next.url, `${originOf(sandbox)}/bank/specimen`);
  assert.equal((await pay("leaving")).next.url, "http://shop.example/galeri/api/leaving/bank");
});

test("the page learns addresses, and no key", async () => {
  const answer = await fetch(`${base}/api/config`);

  assert.deepEqual(await answer.json(), { merchant: originOf(merchant), sandbox: originOf(sandbox) });
});

test("a missing key is named at the start", () => {
  assert.throws(() => readSettings({}), /MERCHANT_API_KEY/);
});

test("a webhook secret of another shape is named at the start, not quoted", () => {
  const read = () => readSettings({ MERCHANT_API_KEY: "k", WEBHOOK_SECRET: "hunter2" });

  assert.throws(read, ({ message }) => message.includes("WEBHOOK_SECRET") && !message.includes("hunter2"));
});

test("an address that is none is named at the start", () => {
  assert.throws(() => readSettings({ MERCHANT_API_KEY: "k", PAYWALL_URL: "https://paywall.example,banka" }), /PAYWALL_URL.*banka/);
});
