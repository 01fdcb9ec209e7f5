// The demo shop's server. What it needs comes from the environment:
//
//   SHOP_PORT         8400
//   SHOP_URL          the shop's address as shoppers write it, http://localhost:SHOP_PORT
//   MERCHANT_URL      address of the merchant server
//   MERCHANT_API_KEY  its key for the shop's back end
//   WEBHOOK_SECRET    whsec_…, with which the merchant server signs what it tells this one; without it nothing is heard
//   PAYWALL_URL       addresses of PayWall and of the banks' pages, comma-separated
//   SANDBOX_URL       address of the sandbox; with it the checkout says what can be tried out

import { createShop } from "./server/app.mjs";
import { readSettings } from "./server/settings.mjs";

let settings;
try {
  settings = readSettings(process.env);
} catch (error) {
  console.error(`shop: ${error.message}`);
  process.exit(1);
}

// Loopback: this server is for looking at, not for the internet.
const server = createShop(settings).listen(settings.port, "127.0.0.1", (error) => {
  if (error) {
    console.error(`shop: cannot listen on port ${settings.port}: ${error.message}`);
    process.exit(1);
  }
  console.log(`shop listening on http://localhost:${server.address().port}`);
});

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => {
    server.close(() => process.exit(0));
    server.closeAllConnections();
  });
}
