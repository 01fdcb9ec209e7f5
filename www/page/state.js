// One state of the component, held still: the real drop-in against the
// gallery's merchant server, brought there by the shopper that player.js plays.

import { letPass } from "./still.js";

import { init } from "kasa-checkout";

import "@fontsource-variable/inter/index.css";
import "@fontsource-variable/noto-sans-arabic/index.css";
import "./style/base.css";
import "./style/gallery.css";
import "./style/themes.css";
import { GROUPS, STATES, stateOf } from "../gallery/states.js";
import { h } from "./dom.js";
import { addressOf, language, locale, lookChoices, text, theme, width } from "./gallery-looks.js";
import { shopperIn } from "./player.js";

const name = location.pathname.split("/").at(-1);
const state = stateOf(name);
const page = document.documentElement;

page.lang = language;
page.dataset.theme = theme;
document.title = `${state.title[language]} · Kasa`;
document.querySelector("[data-title]").textContent = state.title[language];
document.querySelector("[data-group]").textContent = GROUPS.find(({ states }) => states.includes(state)).title[language];
document.querySelector("[data-stage]").dataset.width = width;
drawControls();
show().then(
  () => (page.dataset.standing = "still"),
  (error) => {
    page.dataset.standing = "lost";
    const problem = document.querySelector("[data-problem]");
    problem.textContent = error.message;
    problem.hidden = false;
  },
);

async function show() {
  if (state.passes) letPass(state.passes);
  const kasa = await init({
    merchant: `${location.origin}/galeri/api/${name}`,
    // Each page's own, so that its place in the state's script is its own too.
    checkout: `co_${crypto.randomUUID().replaceAll("-", "")}`,
    locale,
    challenge: state.challenge ?? "redirect",
  });
  kasa.mount("#checkout");
  const shopper = shopperIn(document.querySelector("#checkout > *").shadowRoot);
  await shopper.play(state.play);
  await shopper.see(state.shows);
  await shopper.rest();
}

function drawControls() {
  const place = STATES.indexOf(state);
  const step = (to, words, sign) =>
    to ? h("a", { class: "quiet", href: addressOf(`/galeri/${to.name}`), "aria-label": `${words}: ${to.title[language]}` }, sign) : h("span", {}, "");
  document.querySelector("[data-steps]").setAttribute("aria-label", text.states);
  document.querySelector("[data-looks]").setAttribute("aria-label", text.looks);
  document.querySelector("[data-steps]").append(
    h("a", { class: "brand", href: addressOf("/galeri") }, "kasa"),
    step(STATES[place - 1], text.before, "←"),
    h("span", { class: "muted small" }, `${place + 1} / ${STATES.length}`),
    step(STATES[place + 1], text.after, "→"),
  );
  document.querySelector("[data-looks]").append(...lookChoices({ widths: true }));
}
