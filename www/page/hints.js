// What to type where, so that each method can be seen to pay, to fail and to be
// cancelled at the sandbox, and buttons that start just that. Without a sandbox
// there is nothing to say.

import { h } from "./dom.js";
import { faultsOf, watchFaults } from "./faults.js";
import { text } from "./text.js";

const CODE = "123456";
const PHONE = "555 111 22 33";
const IDENTITY_NUMBER = "10000000146";

/**
 * @param {import("kasa-checkout").Kasa} kasa
 * @param {string | null} sandbox its origin
 */
export function showHints(kasa, sandbox) {
  const hints = sandbox ? kasa.methods.flatMap((method) => hintOf(method, sandbox)) : [];
  if (sandbox) watchFaults(kasa);
  const pay = (request) => {
    // What becomes of it the component says by itself, further up.
    document.querySelector("#checkout").scrollIntoView();
    kasa.pay(request).catch(console.error);
  };
  document.querySelector("[data-hints]").replaceChildren(...hints.map((hint) => panel(hint, pay)));
}

/** Alternative methods differ by how they are paid. */
const kindOf = ({ type, kind }) => (type === "apm" ? `apm_${kind}` : type);

function hintOf(method, sandbox) {
  const hint = HINTS[kindOf(method)];
  return hint ? [{ ...hint(method, sandbox), method: method.type }] : [];
}

/** A row: what comes of it, what to type for that, and the same as a request. */
const card = (outcome, number, expiry, cvc, installments = 1) => ({
  outcome,
  values: [number, expiry, `CVC ${cvc}`],
  request: { method: "card", card: { number, expiry, cvc, holder: "Elif Yılmaz" }, installments },
});

const apm = ({ connection, kind, fields = [] }, outcome, payer, values = Object.values(payer)) => ({
  outcome,
  values,
  request: { method: "apm", connection, kind, payer: Object.fromEntries(fields.map((field) => [field, payer[field] ?? PHONE])) },
});

const only = (request, outcome = text.opensIt) => ({ outcome, values: [], request });

const HINTS = {
  card: () => ({
    title: text.byCard,
    rows: [
      card(text.pays, "5141 1816 7740 7907", "09/28", "360"),
      card(text.inInstallments, "5579 2009 3175 1297", "12/29", "291", 3),
      card(text.declined, "9792 0887 8014 4513", "10/28", "110"),
      { outcome: text.bankCode, values: [CODE] },
    ],
  }),
  saved_card: () => ({ title: text.bySavedCard, note: text.savedCardHint, rows: [{ outcome: text.bankCode, values: [CODE] }] }),
  apm_otp: (method) => ({
    title: method.name,
    rows: [
      apm(method, text.pays, { cardNumber: "6375 7800 0000 0001" }),
      apm(method, text.withoutCode, { cardNumber: "6375 7800 0000 0003" }),
      apm(method, text.declined, { cardNumber: "6375 7800 0000 0002" }),
      ...(method.fields?.includes("phone") ? [{ outcome: text.phone, values: [PHONE] }] : []),
      { outcome: text.oneTimeCode, values: [CODE] },
    ],
  }),
  apm_direct: (method) => ({
    title: method.name,
    note: text.atOnce,
    rows: method.fields?.includes("phone")
      ? [apm(method, text.pays, { phone: PHONE }), apm(method, text.declined, { phone: "555 111 22 00" })]
      : [apm(method, text.pays, {})],
  }),
  apm_redirect: (method) => ({ title: text.onPageOf(method.name), note: text.pageHint, rows: [apm(method, text.opensIt, {})] }),
  apm_qr: (method, sandbox) => ({
    title: text.byPhone(method.name),
    note: text.phoneHint,
    rows: [apm(method, text.showsIt, {})],
    links: [[text.openPhone, `${sandbox}/#apm`]],
  }),
  hepsipay: () => ({ title: text.onPageOf("Hepsipay"), note: text.pageHint, rows: [only({ method: "hepsipay" })] }),
  aspay: ({ fields = [] }) => ({
    title: text.onPageOf("Aspay"),
    note: text.pageHint,
    rows: fields.includes("identityNumber")
      ? [{ outcome: "TCKN", values: [IDENTITY_NUMBER], request: { method: "aspay", payer: { identityNumber: IDENTITY_NUMBER } } }]
      : [only({ method: "aspay" })],
  }),
  terminal: ({ terminals = [] }, sandbox) => ({
    title: text.atTerminal,
    note: text.terminalHint,
    rows: terminals.map(({ id, name }) => only({ method: "terminal", terminal: id }, text.rings(name))),
    links: terminals.map(({ id, name }) => [text.openTerminal(name), `${sandbox}/pos/terminal/${id}`]),
  }),
};

function panel({ title, note, rows = [], links = [], method }, pay) {
  const faults = faultsOf(method);
  return h(
    "details",
    { name: "hints", "data-method": method },
    h("summary", {}, title),
    ...(note ? [h("p", {}, note)] : []),
    ...(rows.length ? [h("ul", { class: "outcomes" }, ...rows.map((row) => item(row, title, pay)))] : []),
    ...links.map(([words, href]) => h("p", {}, h("a", { href, target: "_blank", rel: "noopener" }, words))),
    ...(faults ? [faults] : []),
  );
}

const item = ({ outcome, values, request }, title, pay) =>
  h(
    "li",
    {},
    h("span", { class: "outcome" }, outcome),
    h("span", { class: "values" }, ...values.map((value) => h("span", {}, value))),
    ...(request ? [h("button", { class: "try", type: "button", "aria-label": text.tryThis(outcome, title), click: () => pay(request) }, text.tryIt)] : []),
  );
