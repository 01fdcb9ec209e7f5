// A merchant server, a PayWall and a bank that say whatever a test has them
// say: only one that lies can show what a lie does. Unless told otherwise they
// answer as merchant/openapi.yaml has it, with the gallery's fixtures.

import { once } from "node:events";
import { createServer } from "node:http";

import express from "express";

import { BIN, CARDS, METHODS, NEVER, NEXT, TEMP_CARD, TEMP_TOKEN, order, payment } from "../../www/gallery/fixtures.js";
import { ROUTES, give } from "../../www/server/gallery.mjs";

const BANK = '<!doctype html><meta charset="utf-8"><title>Bank</title><h1 id="bank">Bank</h1><script src="/bank.js"></script>';

/** The checkout that its pages open. */
export const CHECKOUT = "co_5f0c1d3e7a9b4c2d8e6f0a1b2c3d4e5f";

export { BIN, CARDS, METHODS, NEVER, NEXT, TEMP_CARD, TEMP_TOKEN, order, payment };

/** What an operation answers: a value, or `(request, response, asked) => {}` that answers by itself. */
export async function startMerchant() {
  /** Whatever was asked, in order: `{ operation, url, headers, body }`. */
  const asked = [];
  const answers = {};
  const [merchantServer, paywallServer] = await Promise.all([listening(), listening()]);
  const merchant = `http://localhost:${merchantServer.address().port}`;
  const paywall = `http://127.0.0.1:${paywallServer.address().port}`;
  const usual = {
    readCheckout: order([METHODS.card]),
    pollCheckout: NEVER,
    createTempToken: { ...TEMP_TOKEN, paymentApi: paywall },
    tokenize: TEMP_CARD,
    readBin: BIN.nothing,
    listCards: CARDS.none,
    createPayment: payment("card", "pending", { next: { type: "redirect", url: `${paywall}/bank`, method: "GET" } }),
    cancelPayment: payment("card", "canceled"),
  };

  const app = express().disable("x-powered-by").disable("etag");
  app.use((request, response, next) => {
    response.set({
      "Access-Control-Allow-Origin": request.get("origin") ?? "*",
      "Access-Control-Allow-Headers": "content-type, idempotency-key, token",
      "Access-Control-Allow-Methods": "GET, POST, DELETE",
      "Access-Control-Max-Age": "600",
    });
    return request.method === "OPTIONS" ? response.status(204).end() : next();
  });
  app.use(express.text({ type: () => true }));
  for (const [method, path, operation] of ROUTES) {
    app[method](path, (request, response) => {
      const name = typeof operation === "string" ? operation : operation(request);
      asked.push({ operation: name, url: request.originalUrl, headers: request.headers, body: request.body });
      const answer = name in answers ? answers[name] : usual[name];
      return typeof answer === "function" ? answer(request, response) : give(response, answer, name);
    });
  }
  // What stands at any other address is the bank's, by either method.
  app.get("/bank.js", (_request, response) => response.type("js").send(""));
  app.use((request, response) => {
    asked.push({ operation: "bank", url: request.originalUrl, headers: request.headers, body: request.body });
    response.type("html").send(BANK);
  });
  for (const server of [merchantServer, paywallServer]) server.on("request", app);

  return {
    merchant,
    paywall,
    asked,
    /** The checkout API's answers from now on, in place of the usual ones. */
    says(other) {
      for (const name of Object.keys(answers)) delete answers[name];
      Object.assign(answers, other);
      asked.length = 0;
    },
    count: (operation) => asked.filter((each) => each.operation === operation).length,
    close() {
      for (const server of [merchantServer, paywallServer]) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}

export async function listening() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}
