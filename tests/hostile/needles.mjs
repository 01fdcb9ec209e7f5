// All the ways in which a card number or a security code could be written down,
// and what counts as having written it: more than its first eight digits (which
// the merchant API asks for as `bin`) and its last four.

const WINDOW = 7;
const FIRST = 8;
const SEPARATORS = ["", " ", "-", ".", "\u00a0"];

/** Texts that no place may hold, each with what it is. */
export function needles({ number, cvc }) {
  const windows = [];
  for (let at = FIRST - WINDOW + 1; at + WINDOW <= number.length; at += 1) windows.push(part(number, at, at + WINDOW));
  const texts = windows.flatMap((digits) => [digits.plain, reversed(digits.plain), ...digits.grouped]);
  return { texts: [...new Set(texts)], code: cvc, encoded: base64s(number), spelt: [...number].join(",") };
}

/** Some of the digits, and the same as they stand in the number when it is grouped. */
function part(number, from, to) {
  const plain = number.slice(from, to);
  const grouped = SEPARATORS.flatMap((separator) =>
    [[4, 8, 12, 16], [4, 10]].map((gaps) => [...plain].map((digit, place) => (place > 0 && gaps.includes(from + place) ? separator + digit : digit)).join("")),
  );
  return { plain, grouped };
}

const reversed = (text) => [...text].reverse().join("");

/** Base64 of a text that may begin at any place of three: what is the same whatever stands beside it. */
function base64s(text) {
  return [0, 1, 2].map((before) => {
    const whole = Buffer.from("\0".repeat(before) + text).toString("base64");
    return whole.slice(Math.ceil((before * 8) / 6), Math.floor(((before + text.length) * 8) / 6));
  });
}

/** What of a card stands in a text: sentences, none where it is clean. `where` is told with each. */
export function found(text, card, where = "") {
  const { texts, code, encoded, spelt } = needles(card);
  const hits = [...texts, ...encoded, spelt].filter((needle) => text.includes(needle));
  if (new RegExp(`(?<![0-9A-Za-z])${code}(?![0-9A-Za-z])`).test(text)) hits.push(code);
  return hits.map((hit) => `${where}: ${JSON.stringify(hit)} in ${JSON.stringify(around(text, hit))}`);
}

function around(text, hit) {
  const at = text.indexOf(hit);
  return text.slice(Math.max(0, at - 40), at + hit.length + 20);
}

/** The same of raw bytes: as text, and in UTF-16 and UTF-32. */
export function foundInBytes(bytes, card) {
  const { texts, code, encoded, spelt } = needles(card);
  const hits = [];
  for (const needle of [...texts, ...encoded, spelt, code]) {
    for (const [how, width] of [["text", 1], ["UTF-16", 2], ["UTF-32", 4]]) {
      const wanted = Buffer.alloc(needle.length * width);
      Buffer.from(needle, "latin1").forEach((byte, place) => (wanted[place * width] = byte));
      for (let at = bytes.indexOf(wanted); at >= 0; at = bytes.indexOf(wanted, at + 1)) {
        // A few digits may stand in anything; a code stands by itself.
        if (needle === code && (isPart(bytes[at - width]) || isPart(bytes[at + wanted.length]))) continue;
        hits.push(`${JSON.stringify(needle)} as ${how} at ${at}`);
      }
    }
  }
  return hits;
}

const isPart = (byte) => /[0-9A-Za-z]/.test(String.fromCharCode(byte));
