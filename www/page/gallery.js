// The gallery's first page: every state of the component, by group, with a
// picture and a link.

import "@fontsource-variable/inter/index.css";
import "./style/base.css";
import "./style/gallery.css";
import "./style/themes.css";
import { GROUPS, STATES } from "../gallery/states.js";
import { h } from "./dom.js";
import { addressOf, language, lookChoices, text, theme } from "./gallery-looks.js";

document.documentElement.lang = language;
document.documentElement.dataset.theme = theme;
document.title = `${text.title} · Kasa`;
document.querySelector("[data-title]").textContent = text.title;
document.querySelector("[data-lead]").textContent = text.lead;
document.querySelector("[data-looks]").setAttribute("aria-label", text.looks);
document.querySelector("[data-looks]").append(...lookChoices({ widths: false }));
document.querySelector("[data-groups]").setAttribute("aria-label", text.count(STATES.length));
document.querySelector("[data-groups]").append(
  ...GROUPS.map(({ title, states }, place) => h("a", { href: `#g${place}` }, title[language], h("span", { class: "muted" }, ` ${states.length}`))),
);
document.querySelector("[data-states]").append(...GROUPS.map(group));

function group({ title, states }, place) {
  return h("section", { "aria-labelledby": `g${place}` }, h("h2", { id: `g${place}` }, title[language]), h("ul", { class: "states" }, ...states.map(card)));
}

function card({ name, title }) {
  return h("li", {}, h("a", { href: addressOf(`/galeri/${name}`) }, picture(name), h("span", { class: "name" }, title[language]), h("code", {}, name)));
}

/** Left out where there is none yet: a state that was just added. */
function picture(name) {
  const address = (look) => `/galeri/pictures/${name}.${look}.1280.png`;
  const image = h("img", { src: address(theme === "dark" ? "dark" : "light"), alt: "", loading: "lazy", error: () => frame.classList.add("bare") });
  const dark = theme === "system" ? [h("source", { srcset: address("dark"), media: "(prefers-color-scheme: dark)" })] : [];
  const frame = h("picture", {}, ...dark, image);
  return frame;
}
