// Draws the diagram: an ordered list, which says everything, with arrows between
// life lines by CSS. What there is to draw is decided in `model.js`.

import "../style/inspector.css";
import { h } from "../dom.js";
import { language } from "../text.js";
import { diagram } from "./model.js";
import { record } from "./recorder.js";
import { createStep } from "./step.js";
import { wordsIn } from "./words.js";

const OPEN_KEY = "dingin.inspector";

/** Nearer to the end than this, the view follows what is new; in pixels. */
const FOLLOWS_WITHIN = 24;

const words = wordsIn(language);
const panel = document.querySelector("[data-inspector]");
const view = panel.querySelector("[data-diagram]");
const heads = h("div", { class: "heads", "aria-hidden": "true" });
// Without its markers a list is none to some screen readers, unless it says so.
const list = h("ol", { class: "steps", role: "list", "data-steps": true });
/** The items drawn, by their row's id. */
const items = new Map();

let lines = [];
let frame = 0;
let stop = () => {};

for (const node of panel.querySelectorAll("[data-word]")) node.textContent = words[node.dataset.word];
view.append(heads, list);
openAsBefore();

/**
 * Draws this order's payment from now on.
 * @param {import("kasa-checkout").Kasa} kasa
 * @param {string} reference of the order
 */
export function inspect(kasa, reference) {
  stop();
  stop = record(kasa, reference, (all) => {
    lines = all;
    // Many lines come at once and are drawn once, not in the form's way.
    frame ||= requestAnimationFrame(draw);
  });
}

/** Beside the form it begins open, below it closed; then as the visitor left it. */
function openAsBefore() {
  const last = sessionStorage.getItem(OPEN_KEY);
  panel.open = last ? last === "open" : matchMedia("(min-width: 60rem)").matches;
  panel.querySelector("summary").addEventListener("click", () => {
    // The click is about to turn it.
    sessionStorage.setItem(OPEN_KEY, panel.open ? "closed" : "open");
  });
  panel.addEventListener("toggle", toEnd);
}

function draw() {
  frame = 0;
  const { lanes, rows } = diagram(lines);
  const follows = view.scrollHeight - view.scrollTop - view.clientHeight < FOLLOWS_WITHIN;
  view.dataset.lanes = lanes.length;
  heads.replaceChildren(...lanes.map((lane) => h("span", {}, words.lanesShort[lane] ?? words.lanes[lane])));
  const gone = new Set(items.keys());
  rows.forEach((row, place) => {
    gone.delete(row.id);
    const item = items.get(row.id) ?? createStep(row);
    items.set(row.id, item);
    item.show(row, lanes);
    if (list.children[place] !== item.node) list.insertBefore(item.node, list.children[place] ?? null);
  });
  for (const id of gone) {
    items.get(id).node.remove();
    items.delete(id);
  }
  if (follows) toEnd();
}

function toEnd() {
  view.scrollTop = view.scrollHeight;
}
