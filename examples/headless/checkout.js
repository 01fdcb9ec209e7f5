// A checkout of the shop's own: its fields, its one-time code, its words. The
// bank's page stands in the component's dialog.

import { init, isKasaError } from "./node_modules/kasa-checkout/index.js";

const find = (selector) => document.querySelector(selector);
const [card, meal, code, held, status] = ["#card", "#meal", "#code", "#held", "#status"].map(find);

const FAULTS = { missing: "Bu alan gerekli.", invalid: "Bu bilgiyi kontrol edin.", expired: "Bu kartın süresi dolmuş." };
const CODE_FAULTS = { wrong: "Kod yanlış.", expired: "Kodun süresi dolmuş." };
const RESULTS = {
  paid: "Ödemeniz alındı.",
  failed: "Ödeme yapılamadı; sizden para alınmadı.",
  canceled: "Ödemeden vazgeçildi.",
  // Never "try again": it may have been paid.
  pending: "Ödemenizin sonucu henüz bilinmiyor. Öğrendiğimizde size yazacağız.",
};

say("Ödeme hazırlanıyor…");
const kasa = await init({ merchant: "http://localhost:8401", challenge: "frame" }).catch((error) => {
  say("Ödeme açılamadı. Sayfayı yenileyin.");
  throw error;
});
say("");

const mealCard = kasa.methods.find(({ type, kind, fields }) => type === "apm" && kind === "otp" && fields?.includes("cardNumber"));
if (mealCard) find("#meal h2").textContent = mealCard.name;

// Told first of how it stands: ready, or with a payment under way.
kasa.on("change", ({ phase }) => offer(phase));
kasa.on("action", ({ type }) => (held.hidden = type !== "held"));
// Whether it was paid just now, or taken up after a reload.
kasa.on("result", (result) => {
  for (const form of [card, meal]) if (result.status === "paid") form.reset();
  code.hidden = held.hidden = true;
  say(RESULTS[result.status]);
  status.focus();
});

card.addEventListener("submit", (event) => {
  event.preventDefault();
  pay(card, { method: "card", card: Object.fromEntries(new FormData(card)) });
});
meal.addEventListener("submit", (event) => {
  event.preventDefault();
  pay(meal, { method: "apm", connection: mealCard.connection, kind: "otp", payer: Object.fromEntries(new FormData(meal)) });
});
held.querySelector("[name=continue]").addEventListener("click", () => kasa.continue());
for (const button of document.querySelectorAll("[name=cancel]")) button.addEventListener("click", () => kasa.cancel());

async function pay(form, request) {
  tell(form, {});
  say("Ödeme yapılıyor…");
  try {
    await kasa.pay(request, { onOtp: askForCode });
  } catch (error) {
    // Nothing was sent: what is wrong stands in `fields`, or is not the shopper's to mend.
    if (!isKasaError(error)) throw error;
    tell(form, error.fields ?? {});
    say(error.fields ? "" : "Ödeme başlatılamadı. Biraz sonra yeniden deneyin.");
  }
}

/** Answers with the code that is typed; called again where it was wrong. */
function askForCode({ error, attemptsLeft }) {
  say("");
  code.reset();
  code.hidden = false;
  mark(code.elements.otp, error ? `${CODE_FAULTS[error]} Kalan deneme: ${attemptsLeft}` : "");
  code.elements.otp.focus();
  return new Promise((settle) => {
    code.onsubmit = (event) => {
      event.preventDefault();
      settle(code.elements.otp.value);
    };
  });
}

/** What can be chosen now. */
function offer(phase) {
  card.hidden = phase !== "ready";
  meal.hidden = phase !== "ready" || !mealCard;
}

/** Says what is wrong at each field, and leads to the first. */
function tell(form, fields) {
  const inputs = [...form.querySelectorAll("input")];
  for (const input of inputs) mark(input, FAULTS[fields[input.name]] ?? "");
  inputs.find(({ name }) => fields[name])?.focus();
}

function mark(input, fault) {
  input.setAttribute("aria-invalid", String(fault !== ""));
  find(`#${input.id}-error`).textContent = fault;
}

function say(text) {
  status.textContent = text;
}
