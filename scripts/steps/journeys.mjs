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

/** Each method once, redirect and frame, loss and reload, the drop-in and the API without it. */
const TELLING = [
  "api::destroy_ends_what_is_open_and_a_new_init_takes_the_payment_up",
  "api::the_page_hands_on_the_code_and_is_asked_again_after_a_wrong_one",
  "apm_code::one_wrong_code_then_the_right_one_pays",
  "apm_qr::paid_with_the_phone",
  "apm_redirect::declined_on_the_wallets_page_and_paid_at_the_second_try",
  "aspay::an_order_without_an_identity_number_asks_for_a_right_one",
  "errors::wasm_blocked_by_the_pages_policy_is_said",
  "errors::wrong_card_data_are_said_at_the_field_and_nothing_is_sent",
  "hepsipay::paid_on_hepsipays_page",
  "installments::paid_in_three_installments",
  "losses::lost_answer_to_the_payment_request_makes_one_payment",
  "outcomes::closed_frame_cancels",
  "outcomes::declined_in_redirect_mode_and_paid_with_another_card",
  "reloads::back_from_the_bank_the_payment_goes_on",
  "reloads::reloaded_while_the_frame_is_open_the_payment_goes_on",
  "safety::card_number_goes_to_tempcard_alone_in_frame_mode",
  "safety::policy_is_not_violated_in_redirect_mode",
  "saved_card::kept_while_it_pays_and_pays_the_next_order",
  "terminal::paid_at_the_terminal",
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
