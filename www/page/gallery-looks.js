// How the gallery's pages look: language, theme and width, all in the address.

import { h } from "./dom.js";
import { LOCALES, language, locale } from "./text.js";

/** The first three are the page's own colours; style/themes.css has the others. */
const THEMES = ["system", "light", "dark", "sea", "rose", "paper", "night"];

const TEXTS = {
  tr: {
    title: "Bileşenin her hâli",
    lead: "Ödeme bileşeninin gösterebileceği her durum, gerçek bileşenle ve hazır yanıtlarla. Aşağıdaki resimleri testler de karşılaştırır.",
    count: (states) => `${states} durum`,
    states: "Durumlar",
    looks: "Görünüm",
    before: "Önceki",
    after: "Sonraki",
    language: "Dil",
    theme: "Tema",
    width: "En",
    full: "tam",
    themes: { system: "sistem", light: "açık", dark: "koyu", sea: "deniz", rose: "gül", paper: "kâğıt", night: "gece" },
  },
  en: {
    title: "Every state of the component",
    lead: "Everything that the checkout can show, drawn by the real component from canned answers. The tests compare the pictures below.",
    count: (states) => `${states} states`,
    states: "States",
    looks: "Looks",
    before: "Previous",
    after: "Next",
    language: "Language",
    theme: "Theme",
    width: "Width",
    full: "full",
    themes: { system: "system", light: "light", dark: "dark", sea: "sea", rose: "rose", paper: "paper", night: "night" },
  },
};

export { language, locale };

const parameters = new URLSearchParams(location.search);
const chosen = (parameter, values, usual) => (values.includes(parameters.get(parameter)) ? parameters.get(parameter) : usual);

export const theme = chosen("tema", THEMES, "system");
export const width = chosen("en", ["320"], "full");

export const text = TEXTS[language];

/** An address of the gallery in the same looks, or with one of them changed. */
export function addressOf(path, changed = {}) {
  const url = new URL(path, location.href);
  const looks = { dil: locale, tema: theme, en: width, ...changed };
  for (const [name, usual] of [["dil", "tr"], ["tema", "system"], ["en", "full"]]) {
    if (looks[name] !== usual) url.searchParams.set(name, looks[name]);
  }
  return url.pathname + url.search;
}

/** Links to this page in every language of the component, theme and, where it matters, width. */
export const lookChoices = ({ widths }) => [
  choices(text.language, "dil", Object.entries(LOCALES), locale),
  choices(text.theme, "tema", THEMES.map((each) => [each, text.themes[each]]), theme),
  ...(widths ? [choices(text.width, "en", [["full", text.full], ["320", "320"]], width)] : []),
];

/** Links to this page in each of its looks of one kind. */
function choices(label, parameter, values, current) {
  const link = ([value, words]) =>
    h("a", { href: addressOf(location.pathname, { [parameter]: value }), "aria-current": value === current && "true", lang: parameter === "dil" && value }, words);
  return h("div", { class: "segments", role: "group", "aria-label": label }, ...values.map(link));
}
