// The shop's server as an express app: its pages, the calls they make, and the
// one that the merchant server makes. It holds the merchant server's key, which
// never leaves it.

import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import express from "express";

import { stateOf } from "../gallery/states.js";
import { BadCart } from "./catalogue.mjs";
import { BadFault, NoSandbox, createFaults } from "./faults.mjs";
import { gallery } from "./gallery.mjs";
import { MerchantError, createMerchant } from "./merchant.mjs";
import { createOrders } from "./orders.mjs";
import { policy } from "./policy.mjs";
import { BadWebhook, createAnnouncements } from "./webhook.mjs";

const DIST = fileURLToPath(new URL("../dist", import.meta.url));

/** Codes of the merchant server that the page may know. */
const REFUND_REFUSALS = ["order_not_paid", "refund_too_large"];

/** @typedef {ReturnType<typeof import("./settings.mjs").readSettings>} Settings */

/**
 * @param {Omit<Settings, "port">} settings
 * @param {{ dist?: string }} options folder of the bundled pages
 */
export function createShop(settings, { dist = DIST } = {}) {
  const announcements = createAnnouncements(settings);
  const orders = createOrders(settings, createMerchant(settings), announcements);
  const faults = createFaults(settings);
  const app = express();
  app.disable("x-powered-by");
  app.use(policy(settings));

  app.get("/api/config", (_request, response) => {
    response.json({ merchant: settings.merchant, sandbox: settings.sandbox });
  });

  app.post("/api/order", express.json({ limit: "16kb" }), async (request, response) => {
    response.status(201).json(await orders.create(request.body ?? {}));
  });

  app.get("/api/order/:reference", async (request, response) => {
    response.set("Cache-Control", "no-store").json(await orders.status(request.params.reference));
  });

  // In a real shop, for its own people. Here for everybody who knows the order.
  app.post("/api/order/:reference/refund", async (request, response) => {
    response.json(await orders.refund(request.params.reference, request.get("idempotency-key") ?? randomUUID()));
  });

  // What is tried out at the sandbox; a real shop has none.
  const armed = async (response) => response.set("Cache-Control", "no-store").json({ armed: await faults.armed() });
  app
    .route("/api/trials/faults")
    .get((_request, response) => armed(response))
    .post(express.json({ limit: "1kb" }), async (request, response) => {
      await faults.order(request.body?.fault);
      await armed(response);
    })
    .delete(async (_request, response) => {
      await faults.clear();
      await armed(response);
    });

  // The signature is over the bytes, so they are read as they come.
  app.post("/api/webhook", express.raw({ type: "*/*", limit: "64kb" }), (request, response) => {
    announcements.hear(request.body, request.headers);
    response.status(204).end();
  });

  const page = (name) => (_request, response) => response.set("Cache-Control", "no-cache").sendFile(name, { root: dist });
  app.get("/", page("index.html"));
  app.get("/odeme", page("checkout.html"));
  app.use("/galeri", gallery(settings));
  app.get("/galeri", page("gallery.html"));
  app.get("/galeri/:state", (request, response, next) => (stateOf(request.params.state) ? page("state.html")(request, response) : next()));
  // Every other file carries its content's hash in its name.
  app.use("/assets", express.static(join(dist, "assets"), { index: false, immutable: true, maxAge: "1y" }));

  app.use((_request, response) => problem(response, 404, "not_found", "Burada bir şey yok."));
  app.use((error, _request, response, next) => {
    if (response.headersSent) return next(error);
    answer(response, error);
  });
  return app;
}

function answer(response, error) {
  if (error instanceof BadCart) return problem(response, 422, "bad_cart", error.message);
  if (error instanceof BadFault) return problem(response, 422, "bad_fault", "Böyle bir aksaklık yok.");
  if (error instanceof NoSandbox) {
    console.error(`shop: ${error.message}`);
    return problem(response, 503, "no_sandbox", "Deneme ortamına ulaşılamadı.");
  }
  if (error instanceof BadWebhook) {
    console.error(`shop: a webhook is refused: ${error.message}`);
    return problem(response, 401, "bad_webhook", "Bu bildirim doğrulanamadı.");
  }
  if (error instanceof MerchantError) {
    console.error(`shop: ${error.message}`);
    if (error.status === 404) return problem(response, 404, "order_not_found", "Böyle bir sipariş yok.");
    if (REFUND_REFUSALS.includes(error.code)) return problem(response, 409, error.code, "Bu sipariş iade edilemez.");
    return problem(response, 502, "merchant_unavailable", "Ödeme sunucusuna ulaşılamadı.");
  }
  // What express itself refuses, such as a body that is no JSON.
  if (error.status >= 400 && error.status < 500) return problem(response, error.status, "bad_request", "İstek anlaşılamadı.");
  console.error("shop:", error);
  problem(response, 500, "internal", "Beklenmeyen bir hata oldu.");
}

/** RFC 9457, as the merchant server answers too. */
function problem(response, status, code, title) {
  response.status(status).type("application/problem+json").send(JSON.stringify({ title, status, code }));
}
