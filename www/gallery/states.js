// Every state of the component that the gallery shows: by group, each with a
// name, what the merchant server answers in it, and what the shopper does to
// get there. The page plays it, the server answers it, the tests look at it.
//
//   answers   by operation of the merchant API; a list: one after the other, the last one from then on
//   play      what the shopper does, in the words of player.js
//   passes    milliseconds: what the component does after so long, it does at once
//   shows     what is to be seen once the state is reached: a selector inside the drop-in

import {
  ALL, ANOTHER, BIN, BROKEN, CARDS, CARD_REFUSED, METHODS, NEVER, NEXT, TEMP_CARD, TEMP_TOKEN, failed, order, payment, problem,
} from "./fixtures.js";

const { card, saved, wallet, meal, qr, hepsipay, aspay, terminal, terminals, later } = METHODS;

/** What every state's server answers unless the state says otherwise. */
const USUAL = {
  pollCheckout: NEVER,
  createTempToken: TEMP_TOKEN,
  tokenize: TEMP_CARD,
  readBin: BIN.nothing,
  listCards: CARDS.several,
};

const BUSY = '[part~="status"][data-tone="busy"]';
const BAD = '[part~="status"][data-tone="bad"]';
const GOOD = '[part~="status"][data-tone="good"]';
const ERROR = '[part~="error"]';
const QUIET = '[part~="status"][data-tone=""]:not(:empty)';

const fill = (number, { expiry = "09/28", cvc = "360", holder = "Elif Yılmaz" } = {}) => [
  ["type", "number", number],
  ["type", "expiry", expiry],
  ["type", "cvc", cvc],
  ["type", "holder", holder],
];
const MASTERCARD = "5141181677407907";
const payByCard = [...fill(MASTERCARD), ["press", "pay"]];
const pay = [["press", "pay"]];
const payByMeal = [["type", "cardNumber", "6375780000000001"], ["press", "pay"], ["see", '[part~="otp"]']];

const state = (name, title, methods, { answers, ...rest } = {}) => ({
  name,
  title: { tr: title[0], en: title[1] },
  answers: { ...USUAL, readCheckout: order(methods), ...answers },
  play: [],
  ...rest,
});

/** A refusal when the shopper pays makes the page read the order again; this is what it then learns. */
const readAgain = (answer) => ({
  answers: { readCheckout: [order([card]), answer], createTempToken: problem(409, "already_paid") },
  play: payByCard,
});

/** A payment by this method that the shopper starts and that then stands like this. */
const paying = (method, next, { play = pay, shows, ...answers } = {}) => ({
  answers: { createPayment: payment(method.type, "pending", next && { next }), ...answers },
  play,
  shows,
});

const opening = [
  state("opening", ["Sipariş okunuyor", "Reading the order"], [card], { ...readAgain(NEVER), shows: BUSY }),
  state("closed-expired", ["Siparişin süresi dolmuş", "The order has expired"], [card], { ...readAgain(problem(410, "checkout_expired")), shows: BAD }),
  state("closed-not-found", ["Böyle bir sipariş yok", "No such order"], [card], { ...readAgain(problem(404, "checkout_not_found")), shows: BAD }),
  state("closed-unreachable", ["Ödeme sunucusuna ulaşılamıyor", "The merchant server cannot be reached"], [card], { ...readAgain(BROKEN), shows: BAD }),
  state("too-many-attempts", ["Çok fazla deneme", "Too many attempts"], [card], {
    answers: { createTempToken: problem(429, "too_many_attempts") },
    play: payByCard,
    shows: BAD,
  }),
];

const methodList = [
  state("methods-all", ["Bütün yollar", "Every way to pay"], ALL, { shows: '[part~="choose"]' }),
  state("methods-all-card", ["Bütün yollar, kart açık", "Every way to pay, card open"], ALL, { play: [["choose", "card"]], shows: '[name="number"]' }),
  state("methods-none", ["Gösterilebilen yol yok", "None that this version knows"], [later], { shows: '[part~="about"]' }),
  state("hepsipay", ["Hepsipay sayfası", "Hepsipay’s page"], [hepsipay], { shows: '[part~="pay"]' }),
  state("aspay", ["Aspay, TCKN sorar", "Aspay asks for the identity number"], [aspay], { shows: '[name="identityNumber"]' }),
  state("aspay-error", ["Aspay, hatalı TCKN", "Aspay, wrong identity number"], [aspay], {
    play: [["type", "identityNumber", "10000000147"], ["press", "pay"]],
    shows: ERROR,
  }),
  state("wallet", ["Cüzdan, kendi sayfasında", "A wallet on its own page"], [wallet], { shows: '[part~="pay"]' }),
  state("meal-card", ["Yemek kartı", "Meal card"], [meal], { shows: '[name="cardNumber"]' }),
  state("meal-card-error", ["Yemek kartı, eksik numara", "Meal card, number missing"], [meal], { play: pay, shows: ERROR }),
  state("qr-method", ["Karekodla", "By QR code"], [qr], { shows: '[part~="pay"]' }),
  state("terminal", ["Kasadaki cihaz", "The terminal at the counter"], [terminal], { shows: '[part~="pay"]' }),
  state("terminals", ["Birkaç cihaz", "Several terminals"], [terminals], { shows: '[name="terminal"]' }),
];

const cardForm = [
  state("card", ["Boş form", "Empty form"], [card], { shows: '[name="number"]' }),
  state("card-troy", ["Troy yazılmış", "Troy, typed"], [card], { play: fill("9792088780144513"), shows: '[part~="brand"]' }),
  state("card-visa", ["Visa yazılmış", "Visa, typed"], [card], { play: fill("4242424242424242"), shows: '[part~="brand"]' }),
  state("card-mastercard", ["Mastercard yazılmış", "Mastercard, typed"], [card], { play: fill(MASTERCARD), shows: '[part~="brand"]' }),
  state("card-amex", ["American Express yazılmış", "American Express, typed"], [card], {
    play: fill("378282246310005", { cvc: "1234" }),
    shows: '[part~="brand"]',
  }),
  state("card-half", ["Numara yarım", "Half a number"], [card], { play: [["type", "number", "97920887"]], shows: '[part~="brand"]' }),
  state("card-missing", ["Boş ödenmiş", "Paid with nothing typed"], [card], { play: pay, shows: ERROR }),
  state("card-invalid", ["Her alan hatalı", "Every field wrong"], [card], {
    play: [...fill("5141 1816", { expiry: "13/28", cvc: "1", holder: "12345" }), ["press", "pay"]],
    shows: ERROR,
  }),
  state("card-past", ["Süresi dolmuş kart", "A card out of date"], [card], {
    play: [...fill(MASTERCARD, { expiry: "05/26" }), ["press", "pay"]],
    shows: ERROR,
  }),
  state("card-left", ["Alandan çıkınca", "On leaving a field"], [card], {
    play: [["type", "number", "5141 1816"], ["leave", "number"]],
    shows: ERROR,
  }),
  state("card-unlikely", ["Alışılmadık numara", "An unlikely number"], [card], {
    play: [["type", "number", "5141181677407900"], ["leave", "number"]],
    shows: '[part~="hint"]',
  }),
  state("installments", ["Taksit seçenekleri", "Installments"], [card], {
    answers: { readBin: BIN.credit },
    play: fill(MASTERCARD),
    shows: '[part~="plans"]',
  }),
  state("installments-chosen", ["Altı taksit seçilmiş", "Six installments chosen"], [card], {
    answers: { readBin: BIN.credit },
    play: [...fill(MASTERCARD), ["see", '[part~="plans"]'], ["pick", "installments", "6"]],
    shows: '[part~="plans"]',
  }),
  state("card-save", ["Kart saklanacak", "The card is to be kept"], [card], { play: [...fill(MASTERCARD), ["pick", "save"]], shows: '[name="save"]' }),
  state("card-refused", ["PayWall kartı almadı", "PayWall refused the card"], [card], { answers: { tokenize: CARD_REFUSED }, play: payByCard, shows: BAD }),
];

const savedCards = [
  state("saved-cards", ["Kayıtlı kartlar", "Saved cards"], [saved], { shows: '[part~="cards"]' }),
  state("saved-cards-plans", ["Kayıtlı kart, taksitli", "A saved card, in installments"], [saved], {
    answers: { listCards: CARDS.one, readBin: BIN.credit },
    shows: '[part~="plans"]',
  }),
  state("saved-card-long", ["Uzun adlı kart", "A card with a long name"], [saved], { answers: { listCards: CARDS.longName }, shows: '[part~="cards"]' }),
  state("saved-card-remove", ["Silinsin mi?", "Remove it?"], [saved], { play: [["see", '[part~="cards"]'], ["press", "remove"]], shows: '[data-sure="true"]' }),
  state("saved-card-removing", ["Siliniyor", "Removing"], [saved], {
    answers: { deleteCard: NEVER },
    play: [["see", '[part~="cards"]'], ["press", "remove"], ["press", "remove"]],
    shows: '[part~="remove"][aria-disabled="true"]',
  }),
  state("saved-cards-loading", ["Kartlar getiriliyor", "Fetching the cards"], [saved], { answers: { listCards: NEVER }, shows: '[part~="about"]' }),
  state("saved-cards-none", ["Kayıtlı kart yok", "No saved card"], [saved], { answers: { listCards: CARDS.none }, shows: '[part~="about"]' }),
];

const underWay = [
  state("tokenizing", ["Kart iletiliyor", "The card is sent"], [card], { answers: { tokenize: NEVER }, play: payByCard, shows: BUSY }),
  state("creating", ["Ödeme başlatılıyor", "The payment is started"], [card], { answers: { createPayment: NEVER }, play: payByCard, shows: BUSY }),
  state("checking", ["Yanıt kayboldu, soruluyor", "An answer was lost; asking"], [card], {
    answers: { createPayment: problem(500, "internal") },
    play: payByCard,
    shows: `${BUSY}:not([part~="methods"]:not([hidden]) ~ *)`,
  }),
  state("leaving", ["Bankaya gidiliyor", "On the way to the bank"], [card], paying(card, NEXT.bank, { play: payByCard, shows: BUSY })),
  state("bank-frame", ["Banka çerçevede", "The bank in a frame"], [card], {
    ...paying(card, NEXT.bankInFrame, { play: payByCard, shows: BUSY }),
    challenge: "frame",
    dialog: true,
  }),
  state("bank-frame-silent", ["Banka susuyor", "The bank stays silent"], [card], {
    ...paying(card, NEXT.bankInFrame, { play: payByCard, shows: BUSY }),
    challenge: "frame",
    dialog: true,
    passes: 30_000,
  }),
  state("still-busy", ["Her zamankinden uzun", "Longer than usual"], [card], {
    answers: { createPayment: NEVER },
    play: payByCard,
    shows: BUSY,
    passes: 12_000,
  }),
  state("held", ["Yarım kalan ödeme", "A payment left half-way"], [card], {
    answers: { readCheckout: order([card], { payment: payment("card", "pending", { next: NEXT.bank }) }) },
    shows: '[part~="continue"]',
  }),
  state("confirming", ["Sonuç bekleniyor", "Awaiting the result"], [hepsipay], paying(hepsipay, null, { shows: '[part~="cancel"]' })),
  state("canceling", ["Vazgeçiliyor", "Canceling"], [hepsipay], paying(hepsipay, null, { cancelPayment: NEVER, play: [...pay, ["press", "cancel"]], shows: BUSY })),
  state("not-canceled", ["Artık vazgeçilemez", "It cannot be canceled any more"], [hepsipay], {
    answers: {
      readCheckout: order([hepsipay], { payment: payment("hepsipay", "pending", { next: NEXT.bank }) }),
      cancelPayment: payment("hepsipay", "pending", { next: NEXT.bank }),
    },
    play: [["press", "cancel"]],
    shows: '[part~="note"]:not(:empty)',
  }),
];

const typed = [["type", "code", "123456"], ["press", "confirm"]];
const code = (next, rest) => paying(meal, NEXT.code(next), { play: payByMeal, shows: '[part~="otp"]', ...rest });
const judged = (next) => ({ play: [...payByMeal, ...typed], confirmCode: payment("apm", "pending", { next }) });

const codes = [
  state("code", ["Kod bekleniyor", "Awaiting the code"], [meal], code()),
  state("code-resend", ["Yeni kod istenebilir", "Another code may be had"], [meal], code({ resendAt: NEXT.code().now })),
  state("code-plain", ["Sağlayıcı az söylerse", "A provider that says little"], [meal], paying(meal, { type: "otp" }, { play: payByMeal, shows: '[part~="otp"]' })),
  state("code-incomplete", ["Kod eksik", "Code incomplete"], [meal], code({}, { play: [...payByMeal, ["type", "code", "123"], ["press", "confirm"]], shows: ERROR })),
  state("code-checking", ["Kod kontrol ediliyor", "The code is checked"], [meal], code({}, { confirmCode: NEVER, play: [...payByMeal, ...typed], shows: BUSY })),
  state("code-wrong", ["Kod yanlış", "Wrong code"], [meal], code({}, { ...judged(NEXT.code({ attemptsLeft: 2, error: "wrong" })), shows: ERROR })),
  state("code-last-attempt", ["Son deneme", "The last attempt"], [meal], code({}, { ...judged(NEXT.code({ attemptsLeft: 1, error: "wrong" })), shows: ERROR })),
  state("code-expired", ["Kodun süresi doldu", "The code has expired"], [meal], code({}, { ...judged(NEXT.codeExpired()), shows: BAD })),
  state("code-over", ["Süresi doldu, yenisi yok", "Expired, and no other"], [meal], code({}, { ...judged(NEXT.codeExpired({ resendAt: undefined })), shows: BAD })),
];

const elsewhere = [
  state("qr", ["Karekod", "QR code"], [qr], paying(qr, NEXT.qr, { shows: '[part~="qr"][width="33"]' })),
  state("qr-broken", ["Karekod bozuk", "A broken QR code"], [qr], paying(qr, NEXT.qrBroken, { shows: BAD })),
  state("terminal-sending", ["Cihaza gönderiliyor", "Sending it to the terminal"], [terminal], paying(terminal, NEXT.sending, { shows: '[part~="cancel"]' })),
  state("terminal-ready", ["Cihaz hazır", "The terminal is ready"], [terminal], paying(terminal, NEXT.onTerminal, { shows: '[part~="cancel"]' })),
  state("terminal-not-canceled", ["Cihaz vazgeçirmedi", "The terminal did not cancel"], [terminal], paying(terminal, NEXT.onTerminal, {
    cancelPayment: payment("terminal", "pending", { next: NEXT.onTerminal }),
    play: [...pay, ["press", "cancel"]],
    shows: '[part~="note"]:not(:empty)',
  })),
  state("elsewhere", ["Başkası iş başında", "Somebody else is at work"], [wallet], paying(wallet, NEXT.wait, { shows: BUSY })),
];

/** Why a payment failed, by the merchant API's codes. */
const REASONS = [
  ["declined", ["Reddedildi", "Declined"], hepsipay],
  ["card_expired", ["Kartın süresi dolmuş", "The card is out of date"], hepsipay],
  ["installments_refused", ["Taksit kabul edilmedi", "Installments refused"], hepsipay],
  ["code_wrong", ["Kod üç kez yanlış", "Three wrong codes"], wallet],
  ["terminal_unreachable", ["Cihaz yanıt vermedi", "The terminal is silent"], terminal],
  ["expired", ["Zamanında bitmedi", "Not finished in time"], wallet],
  ["provider_unavailable", ["Sağlayıcı sustu", "The provider is silent"], hepsipay],
];

const ends = [
  state("paid", ["Ödendi", "Paid"], [hepsipay], { answers: { createPayment: payment("hepsipay", "paid") }, play: pay, shows: GOOD }),
  state("pending", ["Sonuç henüz bilinmiyor", "Not known yet"], [hepsipay], {
    ...paying(hepsipay, null, { pollCheckout: order([hepsipay], { payment: ANOTHER }) }),
    shows: '[part~="result"][data-status="pending"]',
  }),
  state("canceled", ["Vazgeçildi", "Canceled"], [terminal], paying(terminal, NEXT.onTerminal, {
    cancelPayment: payment("terminal", "canceled", { error: { code: "canceled" } }),
    play: [...pay, ["press", "cancel"]],
    shows: QUIET,
  })),
  ...REASONS.map(([code, title, method]) =>
    state(`failed-${code.replaceAll("_", "-")}`, title, [method], { answers: { createPayment: failed(method.type, code) }, play: pay, shows: BAD }),
  ),
];

const group = (tr, en, states) => ({ title: { tr, en }, states });

export const GROUPS = [
  group("Yollar", "Ways to pay", methodList),
  group("Kart", "Card", cardForm),
  group("Kayıtlı kartlar", "Saved cards", savedCards),
  group("Yolda", "Under way", underWay),
  group("Tek kullanımlık kod", "One-time code", codes),
  group("Telefonda, cihazda", "On the phone, on the terminal", elsewhere),
  group("Son", "The end", ends),
  group("Açılış ve engeller", "Opening, and what stands in the way", opening),
];

export const STATES = GROUPS.flatMap(({ states }) => states);

export const stateOf = (name) => STATES.find((state) => state.name === name);
