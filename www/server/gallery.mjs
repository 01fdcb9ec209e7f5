// The state gallery's part of the server: a merchant server that answers what
// the state's script says, below `/galeri/api/{state}`, and the pictures of
// the states. It holds no key, asks nobody, and knows no order of the shop.

import { fileURLToPath } from "node:url";

import express, { Router } from "express";

import { BANK_IN_FRAME, BANK_OF_PAGE } from "../gallery/fixtures.js";
import { stateOf } from "../gallery/states.js";

const PICTURES = fileURLToPath(new URL("../gallery/pictures", import.meta.url));

/** Longer than anybody looks at a state that stands still. */
const NEVER_MS = 30 * 60_000;

/** Pages whose place in their script is remembered. */
const PAGES_MAX = 500;

/** The operations of merchant/openapi.yaml that a page calls, and PayWall's tempcard. */
export const ROUTES = [
  ["get", "/v1/checkouts/:checkout", ({ query }) => (query.since === undefined ? "readCheckout" : "pollCheckout")],
  ["post", "/v1/checkouts/:checkout/temp-token", "createTempToken"],
  ["post", "/v1/checkouts/:checkout/bin", "readBin"],
  ["get", "/v1/checkouts/:checkout/cards", "listCards"],
  ["delete", "/v1/checkouts/:checkout/cards/:card", "deleteCard"],
  ["post", "/v1/checkouts/:checkout/payments", "createPayment"],
  ["post", "/v1/checkouts/:checkout/payments/:payment/otp", "confirmCode"],
  ["post", "/v1/checkouts/:checkout/payments/:payment/otp/resend", "resendCode"],
  ["post", "/v1/checkouts/:checkout/payments/:payment/cancel", "cancelPayment"],
  ["post", "/api/paywall/tempcard", "tokenize"],
];

/** @param {{ url: string, sandbox: string | null, paywall: string[] }} settings */
export function gallery({ url, sandbox, paywall }) {
  const scripts = createScripts();
  const merchant = Router({ mergeParams: true });
  for (const [method, path, operation] of ROUTES) {
    merchant[method](path, (request, response) => {
      const { state, checkout = "" } = request.params;
      const name = typeof operation === "string" ? operation : operation(request);
      const answer = scripts.next(state, checkout, name);
      give(response, addressed(answer, { gallery: `${url}/galeri/api/${state}`, sandbox: sandbox ?? paywall[0] }), name);
    });
  }
  // Where a state sends its whole page to: the page stays where it is.
  merchant.get("/bank", (_request, response) => response.status(204).end());

  const router = Router();
  router.use("/api/:state", (request, response, next) => (stateOf(request.params.state) ? merchant(request, response, next) : next()));
  router.use("/pictures", express.static(PICTURES, { index: false, redirect: false }));
  return router;
}

/** Which answer a page gets next. */
function createScripts() {
  const asked = new Map();
  return {
    next(state, checkout, operation) {
      const answers = stateOf(state).answers[operation];
      if (!Array.isArray(answers)) return answers;
      const page = `${state} ${checkout} ${operation}`;
      const before = asked.get(page) ?? 0;
      asked.delete(page);
      asked.set(page, before + 1);
      if (asked.size > PAGES_MAX) asked.delete(asked.keys().next().value);
      return answers[Math.min(before, answers.length - 1)];
    },
  };
}

export function give(response, answer, operation) {
  response.set("Cache-Control", "no-store");
  if (answer?.never) return void setTimeout(() => response.destroy(), NEVER_MS).unref();
  if (answer?.broken) return response.destroy();
  if (!answer) return response.status(501).json({ title: `This state has no answer to ${operation}.`, status: 501, code: "internal" });
  if (answer.status >= 400) return response.status(answer.status).type("application/problem+json").send(JSON.stringify(answer.body));
  response.status(operation === "createPayment" ? 201 : 200).json(answer);
}

/** An answer with the addresses of this very server in it. */
export function addressed(answer, { gallery, sandbox }) {
  if (!answer) return answer;
  const text = JSON.stringify(answer)
    .replaceAll(JSON.stringify(BANK_IN_FRAME), JSON.stringify(BANK_IN_FRAME.replace("sandbox:", sandbox)))
    .replaceAll(JSON.stringify(BANK_OF_PAGE), JSON.stringify(BANK_OF_PAGE.replace("gallery:", gallery)))
    .replaceAll('"gallery:"', JSON.stringify(gallery));
  return JSON.parse(text);
}
