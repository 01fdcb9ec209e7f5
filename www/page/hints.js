// What to type where, so that each method can be seen to pay, to fail and to be
// cancelled at the sandbox. Without a sandbox there is nothing to say.

import { h } from "./dom.js";
import { text } from "./text.js";

const CODE = "123456";
const PHONE = "555 111 22 33";

/**
 * @param {import("kasa-checkout").Method[]} methods what the order offers
 * @param {string | null} sandbox its origin
 */
export function showHints(methods, sandbox) {
  const hints = sandbox ? methods.flatMap((method) => HINTS[kindOf(method)]?.(method, sandbox) ?? []) : [];
  document.querySelector("[data-hints]").replaceChildren(...hints.map(panel));
}

/** Alternative methods differ by how they are paid. */
const kindOf = ({ type, kind }) => (type === "apm" ? `apm_${kind}` : type);

const HINTS = {
  card: () => ({
    title: text.byCard,
    rows: [
      [text.pays, "5141 1816 7740 7907", "09/28", "CVC 360"],
      [text.inInstallments, "5579 2009 3175 1297", "12/29", "CVC 291"],
      [text.declined, "9792 0887 8014 4513", "10/28", "CVC 110"],
      [text.bankCode, CODE],
    ],
  }),
  saved_card: () => ({ title: text.bySavedCard, note: text.savedCardHint, rows: [[text.bankCode, CODE]] }),
  apm_otp: ({ name, fields = [] }) => ({
    title: name,
    rows: [
      [text.pays, "6375 7800 0000 0001"],
      [text.withoutCode, "6375 7800 0000 0003"],
      [text.declined, "6375 7800 0000 0002"],
      ...(fields.includes("phone") ? [[text.phone, PHONE]] : []),
      [text.oneTimeCode, CODE],
    ],
  }),
  apm_direct: ({ name, fields = [] }) => ({
    title: name,
    note: text.atOnce,
    rows: fields.includes("phone")
      ? [
          [text.pays, PHONE],
          [text.declined, "555 111 22 00"],
        ]
      : [],
  }),
  apm_redirect: ({ name }) => ({ title: text.onPageOf(name), note: text.pageHint }),
  apm_qr: ({ name }, sandbox) => ({ title: text.byPhone(name), note: text.phoneHint, links: [[text.openPhone, `${sandbox}/#apm`]] }),
  hepsipay: () => ({ title: text.onPageOf("Hepsipay"), note: text.pageHint }),
  aspay: ({ fields = [] }) => ({
    title: text.onPageOf("Aspay"),
    note: text.pageHint,
    rows: fields.includes("identityNumber") ? [["TCKN", "10000000146"]] : [],
  }),
  terminal: ({ terminals = [] }, sandbox) => ({
    title: text.atTerminal,
    note: text.terminalHint,
    links: terminals.map(({ id, name }) => [text.openTerminal(name), `${sandbox}/pos/terminal/${id}`]),
  }),
};

function panel({ title, note, rows = [], links = [] }) {
  return h(
    "details",
    { name: "hints" },
    h("summary", {}, title),
    ...(note ? [h("p", {}, note)] : []),
    ...(rows.length ? [h("dl", {}, ...rows.map(row))] : []),
    ...links.map(([words, href]) => h("p", {}, h("a", { href, target: "_blank", rel: "noopener" }, words))),
  );
}

const row = ([label, ...values]) => h("div", {}, h("dt", {}, label), ...values.map((value) => h("dd", {}, value)));
