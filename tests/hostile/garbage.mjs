// Values that nobody would send: of every type that can be cloned, nested, and
// near to the one message that means something. From a seed, so that a run can
// be had again.

/** `KASA_SEED` replays a run; the long form takes a fresh one and prints it. */
export const startSeed = Number(process.env.KASA_SEED ?? (process.env.KASA_DEEP ? Date.now() % 1_000_000_007 : 20_260_101));

/** Numbers from 0 to 1 (mulberry32). Stands by itself: it is also sent into pages. */
export function seeded(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** One value. Stands by itself, too. */
export function garbage(random, depth = 0) {
  const whole = (most) => Math.floor(random() * most);
  const of = (list) => list[whole(list.length)];
  const text = () => of(["", "kasa:returned", "kasa:return", "Kasa:Returned", "kasa:returned ", "type", "__proto__", "constructor", "\0", "\u202e", "💳", "paid", "javascript:alert(1)", "<img src=x onerror=alert(1)>", "x".repeat(whole(5_000))]);
  const leaf = () =>
    of([
      () => undefined, () => null, () => random() < 0.5, () => whole(1e9), () => -0, () => NaN, () => Infinity, () => 2 ** 53 + 2, () => BigInt(whole(1e9)) ** 9n, text, text,
      () => new Date(whole(1e12)), () => new Date(NaN), () => /a+b/gi, () => new ArrayBuffer(whole(64)), () => new Uint8Array(whole(64)), () => new Float64Array(whole(8)), () => new DataView(new ArrayBuffer(8)),
      () => new Error(text()), () => new TypeError(text()), () => new Boolean(false), () => new Number(1), () => new String("kasa:returned"), () => Object(1n), () => new Blob([text()]),
      () => () => {}, () => Symbol("x"), () => globalThis.document?.body,
    ])();
  if (depth > 4 || random() < 0.4) return leaf();
  const inner = () => garbage(random, depth + 1);
  return of([
    () => Array.from({ length: whole(6) }, inner),
    () => new Map([[text(), inner()], ["type", inner()]]),
    () => new Set([inner(), "kasa:returned"]),
    () => ({ type: inner(), payment: inner() }),
    // Of the right name, where it is not looked for.
    () => ({ TYPE: "kasa:returned", payment: inner() }),
    () => ({ type: { type: "kasa:returned" }, data: inner() }),
    () => ({ type: "kasa:returned", payment: inner() }),
    () => Object.fromEntries(Array.from({ length: whole(8) }, () => [text(), inner()])),
    () => Object.assign(Object.create(null), { type: inner() }),
    () => {
      const cyclic = { type: inner() };
      cyclic.self = cyclic;
      return cyclic;
    },
  ])();
}
