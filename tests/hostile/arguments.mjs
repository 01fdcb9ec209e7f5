// Arguments that do all that an argument can do.

/** By name; made in the page, where this is sent: it stands by itself. */
export function hostile(card) {
  const throws = () => {
    throw new Error(`hostile ${card.number}`);
  };
  const traps = Object.fromEntries(Reflect.ownKeys(Reflect).filter((name) => typeof name === "string").map((name) => [name, throws]));
  const cyclic = { method: "card" };
  cyclic.card = cyclic.number = cyclic.merchant = cyclic.en = cyclic;
  let turn = 0;
  const names = ["merchant", "checkout", "locale", "messages", "challenge", "redirectHosts", "wasm", "signal", "method", "card", "number", "cvc", "expiry", "holder", "installments", "save", "payer", "type", "en"];
  const getters = (make) => Object.defineProperties({}, Object.fromEntries(names.map((name) => [name, { enumerable: true, get: () => make(name) }])));
  class Instance {
    method = "card";
    card = card;
  }
  return {
    "getters that throw": getters(throws),
    "getters that change their answer": getters(() => [card.number, 7, {}, null, undefined, [], "card", Symbol("x")][turn++ % 8]),
    "getters that call back": getters((name) => {
      for (const call of ["mount", "unmount", "cancel", "continue", "resume", "pay", "tokenize", "destroy"]) {
        if (call === "destroy" && name !== "holder") continue;
        try {
          Promise.resolve(globalThis.kasa?.[call]?.({ method: "hepsipay" })).catch(() => {});
        } catch {
          // Its own affair.
        }
      }
      return { method: "card", number: card.number }[name];
    }),
    "getters that answer megabytes": getters(() => "9".repeat(4_000_000)),
    "a proxy with every trap": new Proxy({}, traps),
    "a list with every trap": new Proxy([], traps),
    "a list whose entries throw": new Proxy(["a", "b"], { get: (list, name) => (name === "length" ? 2 : throws()) }),
    "a list without an end": Object.assign(["a"], {
      *[Symbol.iterator]() {
        for (;;) yield "a";
      },
    }),
    "a list of holes": new Array(2 ** 32 - 1),
    "a revoked proxy": ((made) => (made.revoke(), made.proxy))(Proxy.revocable({}, {})),
    "a proxy that has everything": new Proxy({}, { get: () => card.number, has: () => true }),
    cyclic,
    frozen: Object.freeze({ method: "card", card: Object.freeze({ ...card, number: "1" }) }),
    "a class's": new Instance(),
    "without a prototype": Object.assign(Object.create(null), { method: "hepsipay" }),
    "a toString bomb": { method: { toString: throws, [Symbol.toPrimitive]: throws }, card: { number: { toString: () => card.number } } },
    "objects of texts": { method: new String("card"), card: { number: new String(card.number) } },
    "an array": [["method", "card"]],
    "a Map": new Map([["method", "card"]]),
    "a function": Object.assign(() => {}, { method: "card" }),
    "a Date": new Date(),
    "an element": document.createElement("p"),
    "a proxy of an element": new Proxy(document.createElement("p"), {}),
    "what inherits from an element": Object.create(document.createElement("p")),
    "the window": window,
    "a promise": ((made) => (made.catch(() => {}), made))(Promise.reject(new Error(card.number))),
    "a deep one": (() => {
      let deep = {};
      for (let depth = 0; depth < 10_000; depth += 1) deep = { card: deep, messages: deep, en: deep, method: "card" };
      return deep;
    })(),
    "a text with the card": card.number,
    "a number": Number(card.number),
    "a bigint": BigInt(card.number),
    "a symbol": Symbol(card.number),
    "half a pair": { method: "\ud800", card: { number: "\ud800\udc00\ud800", expiry: "\udfff", cvc: "\ud800", holder: "\udc00" } },
    "with NUL": { method: "card\0", card: { number: "\0".repeat(1000), holder: "\u202e", cvc: "\u0000", expiry: "\u2028" } },
    null: null,
    undefined: undefined,
    NaN: NaN,
    true: true,
  };
}
