// What a call of this package rejects or throws with, and what it then says
// where the wasm does not say it. Knows nothing of what is called.

/** What an object says of this; what stands on `Object.prototype` was said by nobody. */
export const said = (object, name) => (name in Object.prototype && !Object.hasOwn(object, name) ? undefined : object[name]);

/** Whatever a call of this package rejects or throws with. */
export class KasaError extends Error {
  name = "KasaError";
  code;
  retryable = false;

  constructor(what, options) {
    super(what.message, options);
    this.code = what.code;
    this.retryable = said(what, "retryable") ?? false;
    const fields = said(what, "fields");
    if (fields) Object.defineProperty(this, "fields", { __proto__: null, value: fields, enumerable: true, configurable: true, writable: true });
  }
}

/** True for a `KasaError`, from another copy of this package too. */
export const isKasaError = (error) => error instanceof Error && error.name === "KasaError";

export const DESTROYED = { code: "destroyed", message: "This Kasa was destroyed; call init again." };
export const ABORTED = { code: "aborted", message: "Cancelled before anything was sent.", retryable: true };
export const NOT_DELETED = { code: "merchant_refused", message: "The card is still saved; the merchant server could not delete it.", retryable: true };
export const NO_TARGET = { code: "invalid_options", message: "`target` must be an Element, or a selector that finds one; this selector finds none." };
export const NO_CODE = { code: "invalid_options", message: "No one-time code is awaited now; wait for the action `otp`." };
export const TRAPPED = {
  code: "internal",
  message: "kasa-checkout failed inside. What became of the payment, the merchant server knows: call init again, and it is taken up.",
};

/** Whatever was thrown, as a KasaError. */
export const asKasaError = (error) =>
  isKasaError(error)
    ? error
    : typeof error?.code === "string" && !(error instanceof Error)
      ? new KasaError(error)
      : new KasaError(TRAPPED, { cause: error });

/** Why the WebAssembly could not be loaded. */
export function loadFailure(error) {
  if (typeof WebAssembly === "undefined") {
    return { code: "wasm_unsupported", message: "This browser has no WebAssembly, or it is switched off." };
  }
  if (error instanceof WebAssembly.CompileError && /content security policy|unsafe-eval|by CSP/i.test(error.message)) {
    return {
      code: "wasm_blocked",
      message: "The page's Content-Security-Policy blocks WebAssembly: add 'wasm-unsafe-eval' to script-src.",
    };
  }
  return {
    code: "wasm_unreachable",
    message:
      "The file kasa_checkout_bg.wasm could not be loaded. Check that it is served beside the script (esbuild and Rollup leave copying it there to you), and that connect-src allows it.",
    retryable: true,
  };
}
