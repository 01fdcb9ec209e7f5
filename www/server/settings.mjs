// Reads the server's settings, and says which one is missing or wrong.

/** @param {NodeJS.ProcessEnv} env */
export function readSettings(env) {
  const port = Number(env.SHOP_PORT ?? 8400);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Error(`SHOP_PORT is not a port: ${env.SHOP_PORT}`);
  return {
    port,
    url: originOf("SHOP_URL", env.SHOP_URL ?? `http://localhost:${port}`),
    merchant: originOf("MERCHANT_URL", env.MERCHANT_URL ?? "http://localhost:8401"),
    merchantKey: required(env, "MERCHANT_API_KEY"),
    webhookSecret: env.WEBHOOK_SECRET ? webhookSecret(env.WEBHOOK_SECRET) : null,
    paywall: (env.PAYWALL_URL ?? "http://127.0.0.1:8402").split(",").map((url) => originOf("PAYWALL_URL", url.trim())),
    sandbox: env.SANDBOX_URL ? originOf("SANDBOX_URL", env.SANDBOX_URL) : null,
  };
}

function required(env, name) {
  if (!env[name]) throw new Error(`${name} is not set: the key with which this shop creates orders at the merchant server`);
  return env[name];
}

function webhookSecret(secret) {
  // Not quoted: it is a secret, whatever is wrong with it.
  if (!/^whsec_[A-Za-z0-9+/]{32,}={0,2}$/.test(secret)) throw new Error("WEBHOOK_SECRET is not whsec_ and Base64");
  return secret;
}

function originOf(name, url) {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (!parsed || !/^https?:$/.test(parsed.protocol)) throw new Error(`${name} is not an address: ${url}`);
  return parsed.origin;
}
