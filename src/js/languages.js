// What the drop-in says, and in which language. Turkish and English are in the
// wasm; the others are modules of their own, fetched when they are wanted. A
// language that cannot be had is English, with a warning in the console: words
// never stop a payment.

const MODULES = {
  __proto__: null,
  ar: () => import("./languages/ar.js"),
  de: () => import("./languages/de.js"),
  ru: () => import("./languages/ru.js"),
};
const BUILT_IN = ["en", "tr"];
const RIGHT_TO_LEFT = /^(ar|ckb|dv|fa|he|ps|sd|ug|ur|yi)\b|-(Arab|Hebr)\b/;

/** Texts that count: each may have a form for each plural category of its language. */
const COUNTING = ["code_attempts", "code_seconds", "plan", "resend_wait"];

/** Longer than this nobody waits for words. */
const PATIENCE_MS = 5_000;

/** Begins to fetch what will be wanted, while there is other work to do. */
export function fetchAhead(locale) {
  if (locale) MODULES[primary(canonical(locale))]?.().catch(() => {});
}

/** What to speak before the order has said so: the page's language, where it is one of ours. */
export function pageLanguage() {
  const name = primary(canonical(document.documentElement.lang));
  return MODULES[name] || BUILT_IN.includes(name) ? name : "tr";
}

/**
 * The language to show, as `Session.speak` takes it.
 * @param {string} locale
 * @param {object} messages the shop's own texts, by language
 * @param {string[]} keys of all texts, in the wasm's order
 */
export async function speech(locale, messages, keys) {
  const tag = canonical(locale);
  const name = primary(tag);
  const own = { __proto__: null, ...messages[name], ...messages[tag] };
  let texts = own;
  if (MODULES[name]) {
    try {
      texts = { __proto__: null, ...(await soon(MODULES[name]())).default, ...own };
    } catch (error) {
      console.warn(`kasa-checkout: the language "${name}" could not be loaded; English is shown.`, error);
      return speech("en", messages, keys);
    }
  } else if (!BUILT_IN.includes(name) && !messages[name] && !messages[tag]) {
    console.warn(`kasa-checkout: there are no texts in "${tag}"; English is shown. Give them as \`messages\`.`);
    return speech("en", messages, keys);
  }
  const dir = RIGHT_TO_LEFT.test(tag) ? "rtl" : "ltr";
  return [tag, dir, ...keys.map((key) => flat(texts[key]))].join("\0");
}

/** The shop's own texts, read once: what was judged is what is shown. And what is wrong with them, if anything is. */
export function readMessages(given, keys) {
  try {
    const messages = copied(given ?? {}, 3);
    return { messages, fault: faultOf(messages, keys) };
  } catch {
    return { fault: "messages: cannot be read: one of them throws." };
  }
}

/** By language, by key, by plural category: no deeper. */
const copied = (value, depth) =>
  depth && isObject(value) ? { __proto__: null, ...Object.fromEntries(Object.entries(value).map(([key, each]) => [key, copied(each, depth - 1)])) } : value;

function faultOf(messages, keys) {
  if (!isObject(messages)) return 'messages: must be texts by language, like { en: { paid_detail: "Thank you!" } }.';
  for (const [tag, texts] of Object.entries(messages)) {
    if (!isObject(texts)) return `messages.${tag}: must be an object, texts by key; the outer keys are languages.`;
    for (const [key, text] of Object.entries(texts)) {
      if (!keys.includes(key)) return `messages.${tag}.${key}: there is no such text; see MessageKey in the types.`;
      if (!isText(text) && !(COUNTING.includes(key) && isObject(text) && isText(text.other) && Object.values(text).every(isText))) {
        return `messages.${tag}.${key}: must be a text that is not empty${COUNTING.includes(key) ? ", or texts by plural category, with `other`" : ""}.`;
      }
    }
  }
  return undefined;
}

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const isText = (value) => typeof value === "string" && value.trim() !== "";

/** A line for each plural category, and the last for all others. */
function flat(text = "") {
  if (typeof text === "string") return text;
  const { other, ...forms } = text;
  return [...Object.entries(forms).map(([category, form]) => `${category}:${form}`), other].join("\n");
}

/** BCP 47 as `Intl` takes it; what is none is English. */
function canonical(locale) {
  try {
    return Intl.getCanonicalLocales(String(locale).replaceAll("_", "-"))[0] ?? "en";
  } catch {
    return "en";
  }
}

const primary = (tag) => tag.split("-")[0];

function soon(promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error("It took too long.")), PATIENCE_MS);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
