// What a person who tries the shop out may choose: where the bank's page
// stands, and what kind of order it is. All of it is in the page's address.

import TRIALS from "../trials.json";
import { h } from "./dom.js";
import { withoutOrder } from "./order.js";
import { LOCALES, inLanguage, locale } from "./text.js";

const parameters = new URLSearchParams(location.search);

export const challenge = parameters.get("mod") === "frame" ? "frame" : "redirect";

/** Those that this page was opened with: `counter`, `guest`, `anonymous`. */
export const trials = Object.keys(TRIALS).filter((trial) => isSet(...TRIALS[trial]));

function isSet(parameter, value) {
  return parameters.get(parameter) === value;
}

/** Shows how they stand. Language and bank's page are this order's; the others need a new one. */
export function showTrials() {
  document.querySelector("[data-locales]").replaceChildren(...Object.keys(LOCALES).map(localeLink));
  for (const link of document.querySelectorAll("[data-mode]")) {
    const url = new URL(location.href);
    if (link.dataset.mode === "frame") url.searchParams.set("mod", "frame");
    else url.searchParams.delete("mod");
    link.href = inLanguage(url.href);
    if (link.dataset.mode === challenge) link.setAttribute("aria-current", "true");
  }
  for (const box of document.querySelectorAll("[data-trial]")) {
    box.checked = trials.includes(box.dataset.trial);
    box.onchange = () => location.assign(addressWith(box.dataset.trial, box.checked));
  }
}

const localeLink = (each) =>
  h("a", { href: inLanguage(location.href, each), lang: each, hreflang: each, "aria-current": each === locale && "true" }, LOCALES[each]);

function addressWith(trial, wanted) {
  const [parameter, value] = TRIALS[trial];
  const url = withoutOrder(location.href);
  if (wanted) url.searchParams.set(parameter, value);
  else url.searchParams.delete(parameter);
  return url;
}
