// Plays the shopper: types, presses and chooses in the drop-in as a person
// would, by the DOM's own events. Knows the drop-in by its parts and names.

const PATIENCE_MS = 10_000;
const LOOK_EVERY_MS = 20;

/** Nothing has moved for so long: longer than the drop-in itself ever hesitates. */
const QUIET_MS = 350;

const pause = (milliseconds) => new Promise((settle) => setTimeout(settle, milliseconds));

/** @param {ShadowRoot} root the drop-in's */
export function shopperIn(root) {
  const find = (selector) => [...root.querySelectorAll(selector)].find((node) => node.checkVisibility());

  async function see(selector) {
    const until = performance.now() + PATIENCE_MS;
    for (;;) {
      const node = find(selector);
      if (node) return node;
      if (performance.now() > until) throw new Error(`This state never shows ${selector}.`);
      await pause(LOOK_EVERY_MS);
    }
  }

  const named = (name) => see(`input[name="${name}"]`);

  const verbs = {
    see,
    press: async (part) => (await see(`[part~="${part}"]`)).click(),
    choose: async (method) => (await see(`[data-method="${method}"] [part~="choose"]`)).click(),
    pick: async (name, value) => (await see(`input[name="${name}"]${value ? `[value="${value}"]` : ""}`)).click(),
    leave: async (name) => (await named(name)).blur(),
    type: async (name, text) => {
      (await named(name)).focus();
      // The one way to type as a keyboard does, with all its events and the field's own limits.
      for (const letter of text) document.execCommand("insertText", false, letter);
    },
  };

  return {
    see,
    async play(steps) {
      for (const [verb, ...what] of steps) await verbs[verb](...what);
    },
    /** Settles when everything has come to rest. */
    rest: () => resting(root),
  };
}

async function resting(root) {
  await new Promise((settle) => {
    let timer;
    const moved = () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        observer.disconnect();
        settle();
      }, QUIET_MS);
    };
    const observer = new MutationObserver(moved);
    observer.observe(root, { subtree: true, childList: true, attributes: true, characterData: true });
    moved();
  });
  await document.fonts.ready;
}
