// The shop's back end as the headless browser tests need it: a page may not
// hold the merchant server's key, so it asks here for an order to pay.
//
//   POST /                     with overrides of the order as JSON, or nothing → {checkout, reference}
//   GET  /orders/{reference}   the order as the shop's back end sees it

import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";

import { atEnd } from "./run.mjs";

const CORS = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Allow-Methods": "GET, POST",
  "Access-Control-Allow-Headers": "content-type",
};

/** @param {{ port: number, merchant: string, key: string, returnUrl: string }} options */
export async function startOrderDesk({ port, merchant, key, returnUrl }) {
  const ask = (path, init) =>
    fetch(`${merchant}/v1/orders${path}`, {
      ...init,
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      signal: AbortSignal.timeout(10_000),
    });

  const routes = {
    async POST(request) {
      const overrides = JSON.parse((await text(request)) || "{}");
      const answer = await ask("", { method: "POST", body: JSON.stringify({ ...order(returnUrl), ...overrides }) });
      if (!answer.ok) return answer;
      const { checkout, reference } = await answer.json();
      return Response.json({ checkout, reference });
    },
    GET: (request) => ask(`/${encodeURIComponent(request.url.replace(/^\/orders\//, ""))}`),
    OPTIONS: () => new Response(null, { status: 204 }),
  };

  const server = createServer(async (request, response) => {
    const route = routes[request.method] ?? (() => new Response(null, { status: 405 }));
    const answer = await Promise.resolve(request).then(route).catch((error) => Response.json({ title: error.message }, { status: 500 }));
    response.writeHead(answer.status, { ...CORS, "Content-Type": answer.headers.get("content-type") ?? "application/json" });
    response.end(await answer.text());
  });
  atEnd(() => server.close());
  await new Promise((settle) => server.listen(port, "127.0.0.1", settle));
  return server;
}

const order = (returnUrl) => ({
  reference: `TEST-${randomUUID()}`,
  amount: 12_345,
  currency: "TRY",
  description: "Deneme siparişi",
  locale: "tr",
  returnUrl,
  customer: {
    fullName: "Elif Yılmaz",
    phone: "5551112233",
    email: "elif@example.com",
    country: "Türkiye",
    city: "İstanbul",
    address: "Moda Caddesi 12, Kadıköy",
  },
});
