// What the gallery's merchant server answers with, in the shapes of
// merchant/openapi.yaml: a test holds every answer of the gallery against it.

/** The gallery's clock stands here, so that no picture ever changes by itself. */
export const NOW = "2026-11-01T10:00:00Z";

const after = (seconds) => new Date(Date.parse(NOW) + seconds * 1_000).toISOString().replace(".000Z", "Z");

/** An answer that never comes. */
export const NEVER = { never: true };
/** A connection that breaks. */
export const BROKEN = { broken: true };
/** A refusal. */
export const problem = (status, code) => ({ status, body: { title: `Refused by the gallery: ${code}.`, status, code } });

const PAYMENT_ID = "pay_9d1c0b7e5a3f4d2c8b6e1f0a9c8d7e6f";

/** A state's order; `methods` as the merchant API has them. */
export const order = (methods, rest = {}) => ({
  id: "co_5f0c1d3e7a9b4c2d8e6f0a1b2c3d4e5f",
  revision: 3,
  amount: 129_990,
  currency: "TRY",
  description: "Demlik, iki fincan",
  methods,
  expiresAt: after(3_600),
  locale: "tr",
  ...rest,
});

export const payment = (method, status, rest = {}) => ({ id: PAYMENT_ID, method, status, ...rest });
export const failed = (method, code) => payment(method, "failed", { error: { code } });
/** A payment that this page knows nothing of. */
export const ANOTHER = payment("card", "failed", { id: "pay_00000000000000000000000000000001", error: { code: "declined" } });

export const METHODS = {
  card: { type: "card", save: true },
  saved: { type: "saved_card" },
  wallet: { type: "apm", connection: "11", kind: "redirect", name: "Cep Cüzdan", category: "Cüzdan" },
  meal: { type: "apm", connection: "12", kind: "otp", name: "Sofra Kart", category: "Yemek Kartı", fields: ["cardNumber"] },
  qr: { type: "apm", connection: "13", kind: "qr", name: "Karekod Öde", category: "Cüzdan" },
  hepsipay: { type: "hepsipay" },
  aspay: { type: "aspay", fields: ["identityNumber"] },
  terminal: { type: "terminal", terminals: [{ id: "38e895c3-1a9a-4b73-8816-8557d1d031d6", name: "Kasa 1" }] },
  terminals: {
    type: "terminal",
    terminals: [
      { id: "38e895c3-1a9a-4b73-8816-8557d1d031d6", name: "Kasa 1, giriş" },
      { id: "5b1f0d77-7c7e-4b0e-9a44-0e9f3a1c2d10", name: "Kasa 2, üst kat" },
    ],
  },
  /** Of a merchant server that is newer than the page. */
  later: { type: "crypto" },
};

export const ALL = [METHODS.saved, METHODS.card, METHODS.wallet, METHODS.meal, METHODS.qr, METHODS.hepsipay, METHODS.aspay, METHODS.terminal];

const plan = (installments, percent) => {
  const total = Math.round(129_990 * (1 + percent / 100));
  const paidBy = percent ? "shopper" : "shop";
  return { installments, each: Math.round(total / installments), total, interest: total - 129_990, paidBy };
};

export const BIN = {
  nothing: { plans: [plan(1, 0)] },
  credit: {
    brand: "MASTERCARD",
    bank: "Kum Bankası",
    family: "Bonus",
    kind: "credit",
    plans: [plan(1, 0), plan(2, 0), plan(3, 0), plan(6, 7.9), plan(9, 12.4), plan(12, 17.2)],
  },
};

const savedCard = (id, masked, rest) => ({ id: id.repeat(32), masked, expiryMonth: 9, expiryYear: 2028, expired: false, ...rest });

export const CARDS = {
  none: { cards: [] },
  one: { cards: [savedCard("a", "557920******1297", { brand: "MASTERCARD", bank: "Kum Bankası", name: "Maaş kartım" })] },
  several: {
    cards: [
      savedCard("a", "557920******1297", { brand: "MASTERCARD", bank: "Kum Bankası", name: "Maaş kartım" }),
      savedCard("b", "979208******4513", { brand: "TROY", bank: "Çınar Katılım" }),
      savedCard("c", "427707******0018", { brand: "VISA", bank: "Deniz Feneri", expiryMonth: 5, expiryYear: 2026, expired: true }),
    ],
  },
  longName: {
    cards: [savedCard("d", "514118******7907", { brand: "MASTERCARD", name: "Annemin ortak hesabının market alışverişi için ayırdığı ek kart" })],
  },
};

/** Where the bank's page stands in a frame; the gallery's server puts its sandbox before it. */
export const BANK_IN_FRAME = "sandbox:/bank/specimen";
/** Where the whole page is sent; it stays where it is. */
export const BANK_OF_PAGE = "gallery:/bank";

export const NEXT = {
  bankInFrame: { type: "redirect", url: BANK_IN_FRAME, method: "GET" },
  bank: { type: "redirect", url: BANK_OF_PAGE, method: "GET" },
  code: (rest) => ({
    type: "otp",
    length: 6,
    now: NOW,
    expiresAt: after(120),
    attemptsLeft: 3,
    resendAt: after(30),
    resendFields: ["cardNumber"],
    ...rest,
  }),
  codeExpired: (rest) => ({ type: "otp", length: 6, now: NOW, expiresAt: NOW, resendAt: NOW, resendFields: ["cardNumber"], error: "expired", ...rest }),
  qr: { type: "qr", image: "iVBORw0KGgoAAAANSUhEUgAAACEAAAAhAQMAAABtKlAsAAAABlBMVEX///8AAABVwtN+AAAACXBIWXMAAAsSAAALEgHS3X78AAAAq0lEQVQI12NgQAL266/9Y2BQWG/QxMCgN01nF5BcdQNETlkCJBVm1wDF7VetAqph0KkCErpHw6YxMGjHXnvEwCC22oCHgUGtSgvItr11RYKBgbtoWx8Dg9X9fD8GBuaa1SpAEyYdL2FgkItbFQNkL32lwcDA5r83g4FBfO7uH0DjjLTsgOavWLYFKLv1lBHQ3jnVb4DkihgQe5OKF1B8FtcXoJqNfS3I7mYAAIKqM4dgIjTNAAAAAElFTkSuQmCC" },
  qrBroken: { type: "qr", image: "iVBORw0KGgo=" },
  sending: { type: "wait", cancellable: true, stage: "sending" },
  onTerminal: { type: "wait", cancellable: true, stage: "on_terminal" },
  wait: { type: "wait", cancellable: false },
};

export const TEMP_TOKEN = { token: "gallery", expiresAt: after(900), scope: "card", paymentApi: "gallery:" };

/** PayWall's, not the merchant server's: tempcard (paywall.md §1.4). */
export const TEMP_CARD = { ErrorCode: 0, Result: true, Message: "", Body: { CardToken: "2c0a3a39-1d8f-4b1a-8b0e-2f3c7b1a9d55", ExpiryDateTime: after(900) } };
export const CARD_REFUSED = { ErrorCode: 2003, Result: false, Message: "Geçersiz kart", Body: null };
