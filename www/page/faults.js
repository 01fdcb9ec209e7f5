// Faults of the sandbox that a visitor can order, by buttons: each spoils the
// next call of its name once. The shop's own server passes the order on.

import FAULTS from "../faults.json";
import { h } from "./dom.js";
import { text } from "./text.js";

/** One fault may have a button with several methods. */
const buttons = Object.entries(FAULTS).map(([name, fault]) => ({ ...fault, name, nodes: [] }));
const names = h("span", {});
const clear = h("button", { class: "plain", type: "button", click: () => change("DELETE") }, text.faultsClear);
const waiting = document.querySelector("[data-armed]");
let armed = [];

/** Shows what waits already, and looks again whenever a call may have been the one. Comes before {@link faultsOf}. */
export function watchFaults(kasa) {
  for (const each of buttons) each.nodes = [];
  waiting.replaceChildren(names, " ", clear);
  change("GET");
  kasa.on("trace", ({ ended }) => ended && armed.length && change("GET"));
}

/** Buttons for the faults that a method can meet; null where there are none. */
export function faultsOf(method) {
  const own = buttons.filter((each) => each.for.includes(method));
  if (!own.length) return null;
  return h("div", { class: "faults" }, h("p", {}, text.faultsHint), h("ul", {}, ...own.map((fault) => h("li", {}, button(fault)))));
}

function button(known) {
  const { name, call, fault } = known;
  const node = h(
    "button",
    { type: "button", "aria-pressed": "false", "data-fault": name, click: () => change("POST", { fault: name }) },
    h("span", {}, text.faults[name]),
    h("code", {}, `${call} · ${fault}`),
    h("span", { class: "armed", "aria-hidden": "true" }, text.faultArmed),
  );
  known.nodes.push(node);
  return node;
}

async function change(method, body) {
  try {
    armed = await ask(method, body);
  } catch (error) {
    console.error(error);
    return;
  }
  for (const { name, nodes } of buttons) {
    for (const node of nodes) node.setAttribute("aria-pressed", String(armed.includes(name)));
  }
  waiting.hidden = !armed.length;
  names.textContent = text.faultsWait(armed.map((name) => text.faults[name]));
}

/** @returns {Promise<string[]>} the faults that wait */
async function ask(method, body) {
  const headers = body && { "content-type": "application/json" };
  const answer = await fetch("/api/trials/faults", { method, headers, body: body && JSON.stringify(body) });
  if (!answer.ok) throw new Error(`the shop answered ${answer.status}`);
  return (await answer.json()).armed;
}
