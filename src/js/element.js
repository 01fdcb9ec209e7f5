// <kasa-checkout>: `init` and `mount` as an element of the page. Importing it
// registers the element in a browser and does nothing on a server. Knows the
// life of an element, and nothing of payments.

import { initIn } from "./index.js";

const NAME = "kasa-checkout";
const ATTRIBUTES = ["merchant", "checkout", "locale", "challenge"];
const EVENTS = ["change", "action", "result", "error", "trace"];

/** With this a Kasa has ended; a new one takes up its payment. */
const BROKEN = "internal";

/** What has to be said where the wasm is not there to say it. */
const WORDS = {
  ar: { failed: "تعذّر تحميل نموذج الدفع.", retry: "حاول مرة أخرى" },
  de: { failed: "Das Zahlungsformular konnte nicht geladen werden.", retry: "Erneut versuchen" },
  en: { failed: "The payment form could not be loaded.", retry: "Try again" },
  ru: { failed: "Не удалось загрузить форму оплаты.", retry: "Попробовать снова" },
  tr: { failed: "Ödeme formu yüklenemedi.", retry: "Yeniden dene" },
};

// The placeholder has the height and the bars of the drop-in's own `opening`, which takes its place.
const STYLE = `
:host { display: block; }
:host([hidden]), [hidden] { display: none !important; }
:host {
  --ink: var(--kasa-ink, light-dark(#1c1b22, #f2f1f6));
  --line: var(--kasa-line, light-dark(#8b8798, #8d899c));
  --paper: var(--kasa-paper, light-dark(#ffffff, #1d1c22));
  --faint: color-mix(in srgb, var(--line) 50%, transparent);
  --accent: var(--kasa-accent, light-dark(#0b5d4e, #57c9ac));
  --bad: var(--kasa-bad, light-dark(#b3261e, #ffb4ab));
  --radius: var(--kasa-radius, 10px);
}
section { color: var(--ink); font: 400 1rem/1.45 var(--kasa-font, system-ui, -apple-system, "Segoe UI", Roboto, sans-serif); text-align: start; }
[part="placeholder"] { padding-top: calc(4.2rem + 2px); }
[part="placeholder"]::after {
  content: ""; display: block; height: 17rem; border-radius: var(--radius); opacity: .5;
  background:
    linear-gradient(var(--faint), var(--faint)) 0 0 / 40% 1rem,
    linear-gradient(var(--faint), var(--faint)) 0 1.625rem / 100% 3rem,
    linear-gradient(var(--faint), var(--faint)) 0 6.125rem / calc(50% - .5rem) 3rem,
    linear-gradient(var(--faint), var(--faint)) 100% 6.125rem / calc(50% - .5rem) 3rem,
    linear-gradient(var(--faint), var(--faint)) 0 10.625rem / 100% 3rem;
  background-repeat: no-repeat;
}
p { margin: 0; padding: .875rem 1rem; border: 1px solid var(--bad); border-radius: var(--radius); background: var(--paper); color: var(--bad); font-weight: 550; }
button {
  box-sizing: border-box; width: 100%; min-height: 48px; margin-top: 1rem; padding: .75rem 1.25rem;
  border: 1px solid var(--line); border-radius: var(--radius);
  background: transparent; color: inherit; font: inherit; font-weight: 650; cursor: pointer;
}
button:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
button[aria-disabled="true"] { cursor: progress; opacity: .65; }
`;

let sheet;

function styled(root) {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
  }
  root.adoptedStyleSheets = [sheet];
  return root;
}

const make = (tag, attributes) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
};

export class KasaCheckoutElement extends (globalThis.HTMLElement ?? class {}) {
  static observedAttributes = ATTRIBUTES;

  #options = {};
  /** What is shown now: what it was made from, and its Kasa once there is one. */
  #run;
  #kasa = null;
  /** Why there is none. */
  #problem;
  #isDue = false;
  #slot = make("slot", {});
  #placeholder = make("section", { part: "placeholder" });
  #says = make("p", { part: "problem", role: "alert", dir: "auto" });
  #retry = make("button", { part: "retry", type: "button", dir: "auto" });

  constructor() {
    super();
    const below = make("section", {});
    below.append(this.#says, this.#retry);
    styled(this.attachShadow({ mode: "open" })).append(this.#slot, this.#placeholder, below);
    this.#slot.addEventListener("slotchange", () => this.#draw());
    this.#retry.addEventListener("click", () => this.#again());
    this.#draw();
  }

  /** The Kasa of `init`, once there is one. */
  get kasa() {
    return this.#kasa;
  }

  /** What attributes cannot say: `messages`, `redirectHosts`, `wasm`. */
  get options() {
    return this.#options;
  }
  set options(options) {
    this.#options = options ?? {};
    this.#isToSettle();
  }

  connectedCallback() {
    // Set before the element was known, they hide the ones of the class.
    for (const name of [...ATTRIBUTES, "options"]) {
      if (!Object.hasOwn(this, name)) continue;
      const value = this[name];
      delete this[name];
      this[name] = value;
    }
    this.#isToSettle();
  }
  disconnectedCallback() {
    this.#isToSettle();
  }
  /** By `moveBefore`; nothing has to be done. */
  connectedMoveCallback() {}
  attributeChangedCallback() {
    this.#isToSettle();
  }

  /** Once, however much is changed in one tick: whoever moves the element takes it out and puts it in again. */
  #isToSettle() {
    if (this.#isDue) return;
    this.#isDue = true;
    queueMicrotask(() => {
      this.#isDue = false;
      this.#settle();
    });
  }

  #settle() {
    const wanted = this.isConnected ? this.#wanted() : undefined;
    // Frameworks give a new object on every turn; only what it says counts.
    const key = wanted && JSON.stringify({ ...wanted, wasm: undefined });
    if (key === this.#run?.key) return;
    this.#stop();
    this.#isProblem(undefined);
    if (wanted) this.#start(wanted, key);
  }

  #wanted() {
    const said = ATTRIBUTES.filter((name) => this.hasAttribute(name)).map((name) => [name, this.getAttribute(name)]);
    return { ...this.#options, ...Object.fromEntries(said) };
  }

  async #start(wanted, key) {
    const run = (this.#run = { wanted, key });
    try {
      const { kasa, opened } = await initIn(this, wanted);
      if (run !== this.#run) return kasa.destroy();
      run.kasa = kasa;
      for (const type of EVENTS) kasa.on(type, (detail) => this.#tell(type, detail));
      kasa.on("error", (error) => error.code === BROKEN && this.#isProblem(error));
      await opened;
      if (run !== this.#run) return;
      this.#kasa = kasa;
      this.#isProblem(undefined);
      this.#tell("ready", kasa);
    } catch (error) {
      if (run !== this.#run) return;
      this.#isProblem(error);
      console.error(error);
      this.#tell("error", error);
    }
  }

  #stop() {
    const run = this.#run;
    this.#run = undefined;
    this.#kasa = null;
    run?.kasa?.destroy();
  }

  /** What is wrong is said, and the button keeps the focus, until there is something else to see. */
  #again() {
    if (this.#retry.getAttribute("aria-disabled") === "true") return;
    const { wanted, key } = this.#run;
    this.#retry.setAttribute("aria-disabled", "true");
    this.#stop();
    this.#start(wanted, key);
  }

  #isProblem(problem) {
    this.#problem = problem;
    if (problem) this.#kasa = null;
    this.#retry.setAttribute("aria-disabled", "false");
    this.#draw();
  }

  /** The drop-in says itself what is wrong, if it is there. */
  #draw() {
    const dropIn = this.querySelector(":scope > kasa-drop-in");
    const { failed, retry } = WORDS[this.#language()];
    const hadFocus = this.shadowRoot.activeElement === this.#retry;
    show(this.#placeholder, !dropIn && !this.#problem);
    show(this.#says, !dropIn && this.#problem);
    show(this.#retry, this.#problem?.retryable || this.#problem?.code === BROKEN);
    this.#says.textContent = this.#problem ? failed : "";
    this.#retry.textContent = retry;
    for (const each of [this.#says, this.#retry]) each.lang = this.#language();
    if (hadFocus && this.#retry.hidden) dropIn?.shadowRoot.querySelector("[part~=status]")?.focus();
  }

  #language() {
    const spoken = [this.getAttribute("locale"), document.documentElement.lang].map((tag) => tag?.split(/[-_]/)[0].toLowerCase());
    return spoken.find((name) => Object.hasOwn(WORDS, name ?? "")) ?? "tr";
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(`kasa-${type}`, { detail, bubbles: true }));
  }
}

const show = (element, shown) => (element.hidden = !shown);

// Each is a property too, and stands in the attribute.
for (const name of ATTRIBUTES) {
  Object.defineProperty(KasaCheckoutElement.prototype, name, {
    configurable: true,
    enumerable: true,
    get() {
      return this.getAttribute(name);
    },
    set(value) {
      if (value === undefined || value === null) this.removeAttribute(name);
      else this.setAttribute(name, value);
    },
  });
}

// Another copy of this package, on the same page, may have been first.
if (globalThis.customElements && !customElements.get(NAME)) customElements.define(NAME, KasaCheckoutElement);
