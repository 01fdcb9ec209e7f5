// The headers under which the shop's pages stand. The policy is the one that
// the component's README prints for shops: nothing here is laxer for the demo.

import helmet from "helmet";

/** @param {{ merchant: string, paywall: string[] }} addresses origins */
export function policy({ merchant, paywall }) {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", "data:"],
        fontSrc: ["'self'"],
        // tempcard, the one PayWall call of a browser, and the merchant API.
        connectSrc: ["'self'", merchant, ...paywall],
        // The bank's page in a frame, and the merchant's page it ends on.
        frameSrc: [merchant, ...paywall],
        formAction: ["'self'", ...paywall],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
        requireTrustedTypesFor: ["'script'"],
      },
    },
    // The path of a return carries the checkout id.
    referrerPolicy: { policy: "strict-origin" },
    // The demo runs on plain http.
    strictTransportSecurity: false,
  });
}
