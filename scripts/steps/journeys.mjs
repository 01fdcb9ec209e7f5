// Shopper's journeys through shop, merchant server and bank, in three engines.

import { buildPackage } from "../build.mjs";
import { programsOf } from "../lib/browsers.mjs";
import { buildShop } from "../lib/bundle.mjs";
import { buildServers, cargoTest } from "../lib/cargo.mjs";
import { tell } from "../lib/figures.mjs";
import { binary, shopServer, toolEnv } from "../lib/project.mjs";
import { Failure, seconds } from "../lib/run.mjs";

export const journeySteps = [
  { name: "e2e", proves: "every journey of a shopper, in Chromium's engine; in test:deep with the browser around it", searches: true, run: ({ deep }) => journeys("chromium", { whole: deep }) },
  { name: "firefox", proves: "the journeys that an engine can spoil, in Firefox; all of them in test:deep", searches: true, run: ({ deep }) => journeys("firefox", { wanted: deep ? [] : TELLING }) },
  { name: "webkit", proves: "the same in WebKit", searches: true, run: ({ deep }) => journeys("webkit", { wanted: deep ? [] : TELLING }) },
];

/**
 * What an engine can spoil, once each: the page left and come back to, the frame, fields filled in by a
 * person, a picture, a policy, what is stored across a reload, a request that is lost, and the API without the form.
 */
const TELLING = [
  "api::destroy_ends_what_is_open_and_a_new_init_takes_the_payment_up",
  "apm_code::one_wrong_code_then_the_right_one_pays",
  "apm_qr::paid_with_the_phone",
  "errors::wasm_blocked_by_the_pages_policy_is_said",
  "hepsipay::paid_on_hepsipays_page",
  "installments::paid_in_three_installments",
  "losses::lost_answer_to_the_payment_request_makes_one_payment",
  "outcomes::closed_frame_cancels",
  "reloads::back_from_the_bank_the_payment_goes_on",
  "reloads::reloaded_while_the_frame_is_open_the_payment_goes_on",
  "safety::policy_is_not_violated_in_redirect_mode",
  "saved_card::kept_while_it_pays_and_pays_the_next_order",
];

/**
 * What an engine's driver cannot do, though the engine can. WebKit's goes back from
 * another site's page and then waits in vain to be told that it is there: the page
 * is, and follows its payment.
 */
const BEYOND_THE_DRIVER = {
  webkit: [
    "apm_redirect::cancelled_on_the_wallets_page_after_it_could_not_be_in_the_shop",
    "aspay::cancelled_on_aspays_page_after_it_could_not_be_in_the_shop",
    "hepsipay::cancelled_on_hepsipays_page_after_it_could_not_be_in_the_shop",
    "reloads::back_from_the_bank_the_payment_goes_on",
    "reloads::reloaded_in_redirect_mode_then_cancelled",
  ],
};

/** Runs the journeys with these names, or all, and tells how many there were, and which were not walked for their driver's sake. */
async function journeys(engine, { wanted = [], whole = false }) {
  const beyond = BEYOND_THE_DRIVER[engine] ?? [];
  const names = wanted.filter((name) => !beyond.includes(name));
  await buildPackage();
  await buildShop();
  await buildServers();
  const since = Date.now();
  let heard = "";
  await cargoTest(["--test", "card", "--test", "methods"], {
    args: ["--exact", ...names, ...beyond.flatMap((name) => ["--skip", name])],
    env: toolEnv({
      ...(await programsOf(engine, { whole })),
      KASA_E2E_ENGINE: engine,
      KASA_MERCHANT_BIN: binary("kasa-merchant"),
      KASA_SANDBOX_BIN: binary("kasa-sandbox"),
      KASA_SHOP_SERVER: shopServer,
    }),
    hear: (piece) => (heard += piece),
  });
  const sum = (word) => [...heard.matchAll(new RegExp(`(\\d+) ${word}`, "g"))].reduce((all, [, count]) => all + Number(count), 0);
  const passed = sum("passed");
  const known = passed + sum("filtered out");
  if (names.length && passed !== names.length) throw new Failure(`${names.length} journeys are named in scripts/steps/journeys.mjs, and ${passed} were found.`);
  const left = beyond.length ? `, its driver cannot walk ${beyond.join(", ")}` : "";
  await tell(`journeys in ${engine}`, `${passed} of ${known}${left}, ${seconds(since)}`);
}
