// One step of the diagram as an item of its list: in words for everybody, with
// an arrow for those who see it, and what to know about it on demand.

import { h } from "../dom.js";
import { language } from "../text.js";
import { STEPS } from "./steps.js";
import { duration, wordsIn } from "./words.js";

const words = wordsIn(language);

/**
 * @param {import("./model.js").Row} row
 * @returns {{ node: HTMLLIElement, show(row: import("./model.js").Row, lanes: string[]): void }}
 */
export const createStep = (row) => (row.answer ? answer() : call(row));

function call({ id }) {
  const say = h("span", { class: "say" });
  const wire = h("code", { class: "wire" });
  const aside = h("span", { class: "visually-hidden" });
  const more = h("div", { class: "more", id: `step-${id.replaceAll(".", "-")}`, hidden: true });
  const button = h(
    "button",
    { type: "button", "aria-expanded": "false", "aria-controls": more.id, click: () => unfold(button, more) },
    h("span", { class: "words" }, say, " ", wire, aside),
    h("span", { class: "arrow", "aria-hidden": "true" }),
  );
  const node = h("li", {}, button, more);
  return {
    node,
    show(row, lanes) {
      place(node, row, lanes);
      write(say, row.step === "settle" && row.status ? `${said(row)}: ${words.status[row.status]}` : said(row));
      write(wire, row.code ?? STEPS[row.step].call ?? "");
      write(aside, `. ${[between(row), row.behind && words.behind, STATES[row.state]].filter(Boolean).join(", ")}`);
      fill(more, row);
    },
  };
}

function answer() {
  const say = h("span", { class: "say" });
  const time = h("span", { class: "time" });
  const aside = h("span", { class: "visually-hidden" });
  const line = h("p", { class: "words" }, say, " ", time, aside);
  const node = h("li", {}, line, h("span", { class: "arrow", "aria-hidden": "true" }));
  return {
    node,
    show(row, lanes) {
      place(node, row, lanes);
      write(say, [outcome(row), row.code].filter(Boolean).join(" · "));
      write(time, duration(language, row.ms));
      write(aside, `. ${between(row)}`);
    },
  };
}

const STATES = { running: words.running, lost: words.lost, refused: words.refused, dropped: words.dropped };

const said = ({ step }) => words.steps[step][0];

function outcome({ state, status, next }) {
  if (state !== "ok") return STATES[state];
  return [status && words.status[status], next && words.next[next]].filter(Boolean).join(", ") || words.answered;
}

const between = ({ from, to }) => (from === to ? words.lanes[from] : words.arrow(words.lanes[from], words.lanes[to]));

/** Where it stands, for the style sheet: places of life lines, counted from 0. */
function place(node, { step, state, from, to, answer = false, behind = false }, lanes) {
  const [start, end] = [lanes.indexOf(from), lanes.indexOf(to)];
  const left = Math.min(start, end);
  Object.assign(node.dataset, {
    step,
    state,
    kind: start === end ? "note" : answer ? "answer" : "call",
    behind,
    left,
    span: Math.abs(start - end),
    toward: start <= end ? "right" : "left",
    side: left * 2 < lanes.length ? "left" : "right",
  });
}

function unfold(button, more) {
  more.hidden = !more.hidden;
  button.setAttribute("aria-expanded", String(!more.hidden));
  if (!more.hidden) more.scrollIntoView({ block: "nearest" });
}

function fill(more, { step, at }) {
  if (more.dataset.step === step) return;
  more.dataset.step = step;
  const files = STEPS[step].see.flatMap((file) => [h("li", {}, h("code", {}, file))]);
  more.replaceChildren(
    h("p", {}, words.steps[step][1]),
    h("div", { class: "see" }, h("span", {}, words.see), h("ul", {}, ...files)),
    ...(at === undefined ? [] : [h("p", { class: "time" }, words.since(duration(language, at)))]),
  );
}

function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
