// Many shoppers at once, with many pages that just wait: no payment is lost, none
// is made twice, and every call is answered. Compares what the shoppers were told
// with the books of the merchant server and of the sandbox.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";

import { tell } from "../../scripts/lib/figures.mjs";
import { Client } from "./client.mjs";
import { Shopper, waitAt } from "./shopper.mjs";

/** Calls of one kind under way at once; more would queue in the server's stead. */
const CONNECTIONS = 256;

/**
 * @param {{ name: string, merchant: string, sandbox: string, origin: string, key: string, pid: number }} scene
 * @param {{ rate: number, seconds: number, polls: number }} load `rate`: payments that begin in a second
 */
export async function load({ name, merchant, sandbox, origin, key, pid }, { rate, seconds, polls }) {
  const shop = { client: new Client(CONNECTIONS), waiting: new Client(Infinity), merchant, key, origin };
  const idle = await inParts(range(1_000_000, polls), 16, async (number) => {
    const shopper = new Shopper(shop, number);
    await shopper.order();
    return shopper;
  });
  const stop = new AbortController();
  const waiting = Promise.all(idle.map((shopper) => waitAt(shopper, stop.signal)));
  waiting.catch(() => {});

  const shoppers = range(1, rate * seconds).map((number) => new Shopper(shop, number));
  const began = performance.now();
  // Each begins when it is due, however the ones before are doing.
  const paying = shoppers.map(async (shopper, at) => {
    await pause((at * 1000) / rate);
    return shopper.pay();
  });
  const ends = await Promise.all(paying);
  const took = (performance.now() - began) / 1000;
  const memory = await residentMegabytes(pid);
  stop.abort();
  const answered = (await waiting).reduce((sum, times) => sum + times, 0);

  assert.ok(ends.every(({ paid }) => paid), "a shopper was not told of the payment");
  const paid = await booksOf(shop, shoppers, sandbox);
  shop.client.close();
  shop.waiting.close();
  const at = (values, share) => values[Math.min(values.length - 1, Math.floor(values.length * share))].toFixed(0);
  const asked = sorted(ends.map((end) => end.asked));
  const whole = sorted(ends.map((end) => end.whole));
  await tell(
    name,
    `${paid} payments at ${(paid / took).toFixed(1)}/s (${rate}/s wanted) beside ${polls} long polls, 0 lost, 0 doubled; ` +
      `payment request p50 ${at(asked, 0.5)} ms, p99 ${at(asked, 0.99)} ms; order to paid p50 ${at(whole, 0.5)} ms, ` +
      `p99 ${at(whole, 0.99)} ms; ${answered} polls of waiting pages answered; merchant server ${memory} MB`,
  );
}

/** Every order is paid once, by a payment that the sandbox took once, and it took no other. */
async function booksOf({ client, merchant, key }, shoppers, sandbox) {
  const taken = await client.json("GET", `${sandbox}/sandbox/payments`);
  const byCode = new Map(taken.map((payment) => [payment.merchantUniqueCode, payment]));
  assert.equal(byCode.size, taken.length, "a MerchantUniqueCode was used twice");
  const orders = await inParts(shoppers, 16, ({ reference }) =>
    client.json("GET", `${merchant}/v1/orders/${reference}`, { headers: { authorization: `Bearer ${key}` } }),
  );
  for (const order of orders) {
    const [payment, ...others] = order.payments;
    assert.equal(order.status, "paid", order.reference);
    assert.equal(payment.status, "paid", order.reference);
    assert.deepEqual(others, [], order.reference);
    const theirs = byCode.get(payment.provider.reference);
    assert.equal(theirs?.statusId, 4, order.reference);
    assert.equal(theirs.startCalls, 1, order.reference);
    assert.equal(theirs.amount, "10.50", order.reference);
  }
  assert.equal(taken.length, orders.length, "the sandbox took payments that nobody made");
  return orders.length;
}

async function residentMegabytes(pid) {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const kilobytes = /^VmHWM:\s*(\d+) kB/m.exec(status)?.[1];
  return kilobytes ? Math.round(kilobytes / 1024) : "?";
}

const range = (first, count) => Array.from({ length: count }, (_, at) => first + at);

const sorted = (numbers) => numbers.toSorted((one, other) => one - other);

/** `work` on each, so many at once; the answers in order. */
async function inParts(items, atOnce, work) {
  const answers = [];
  const rest = items.entries();
  const worker = async () => {
    for (const [at, item] of rest) answers[at] = await work(item);
  };
  await Promise.all(range(0, atOnce).map(worker));
  return answers;
}
