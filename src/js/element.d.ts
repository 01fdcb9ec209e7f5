/**
 * `<kasa-checkout>`: `init` and `mount` as an element of your page. Importing this entry registers it.
 *
 * ```html
 * <script type="module">import "kasa-checkout/element";</script>
 * <kasa-checkout merchant="https://pay.shop.example" checkout="co_…" locale="tr"></kasa-checkout>
 * ```
 *
 * @packageDocumentation
 */

import type { InitOptions, Kasa, KasaEvents } from "./index.js";

/** What the element is told; each is an attribute and a property. See `InitOptions`. */
export interface KasaCheckoutProps {
  /** Base address of your merchant server. */
  merchant: string;
  /** The id that `POST /v1/orders` answered. Left out: taken from the page's address, as after a return from the bank. */
  checkout?: string | null | undefined;
  /** BCP 47. Left out: the order's. */
  locale?: string | null | undefined;
  /** The bank's page takes the whole page (`redirect`, the default), or stands in a frame of it. */
  challenge?: "redirect" | "frame" | null | undefined;
  /** What attributes cannot say. A property only. */
  options?: KasaCheckoutOptions | undefined;
}

export type KasaCheckoutOptions = Pick<InitOptions, "messages" | "redirectHosts" | "wasm">;

/** What the element tells. Events bubble, and stay in the shadow tree that the element stands in. */
export type KasaCheckoutEventMap = {
  /** The order was read; the same `kasa` as the property's. */
  "kasa-ready": CustomEvent<Kasa>;
} & {
  /** As `kasa.on` tells it. `kasa-error` is also told where the order cannot be read. */
  [type in keyof KasaEvents as `kasa-${type}`]: CustomEvent<KasaEvents[type]>;
};

/**
 * The drop-in of one order. A change of an attribute starts it anew, once however much changes in one tick; taken out of
 * the page it ends, and put in again it takes up a payment that is under way. Moving it within one tick changes nothing.
 */
export class KasaCheckoutElement extends HTMLElement {
  /** Base address of your merchant server; the attribute, as the next three are. */
  merchant: string | null;
  /** The id that `POST /v1/orders` answered; null: taken from the page's address, as after a return from the bank. */
  checkout: string | null;
  /** BCP 47; null: the order's. */
  locale: string | null;
  /** Where the bank's page stands; null: `redirect`. */
  challenge: "redirect" | "frame" | null;
  /** What attributes cannot say. A new object that says the same starts nothing anew. */
  get options(): KasaCheckoutOptions;
  set options(options: KasaCheckoutOptions | null | undefined);
  /** What `init` answers; null until the order was read, and once the element is out of the page. */
  readonly kasa: Kasa | null;

  addEventListener<T extends keyof KasaCheckoutEventMap>(
    type: T,
    listener: (this: KasaCheckoutElement, event: KasaCheckoutEventMap[T]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener<T extends keyof HTMLElementEventMap>(
    type: T,
    listener: (this: KasaCheckoutElement, event: HTMLElementEventMap[T]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
  removeEventListener<T extends keyof KasaCheckoutEventMap>(
    type: T,
    listener: (this: KasaCheckoutElement, event: KasaCheckoutEventMap[T]) => void,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener<T extends keyof HTMLElementEventMap>(
    type: T,
    listener: (this: KasaCheckoutElement, event: HTMLElementEventMap[T]) => void,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | EventListenerOptions): void;
}

/** The events as React, Preact and Solid take them at a custom element: `onkasa-result={…}` or `on:kasa-result={…}`. */
type Heard<Prefix extends string> = {
  [type in keyof KasaCheckoutEventMap as `${Prefix}${type}`]?: (event: KasaCheckoutEventMap[type]) => void;
};

/** The same as Vue's compiler names them: `@kasa-result="…"`. */
type HeardInTemplates = {
  [type in keyof KasaCheckoutEventMap as type extends `kasa-${infer name}` ? `onKasa${Capitalize<name>}` : never]?: (event: KasaCheckoutEventMap[type]) => void;
};

declare global {
  interface HTMLElementTagNameMap {
    "kasa-checkout": KasaCheckoutElement;
  }
}

// Each of these is for whoever has that framework. Where it is not installed there is nothing to add to, and without
// `@ts-ignore` the compiler would complain of that.

// @ts-ignore
declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      // @ts-ignore
      "kasa-checkout": KasaCheckoutProps & Heard<"on"> & import("react").HTMLAttributes<KasaCheckoutElement> & import("react").RefAttributes<KasaCheckoutElement>;
    }
  }
}

// @ts-ignore
declare module "preact" {
  namespace JSX {
    interface IntrinsicElements {
      // @ts-ignore
      "kasa-checkout": KasaCheckoutProps & Heard<"on"> & import("preact").HTMLAttributes<KasaCheckoutElement>;
    }
  }
}

// @ts-ignore
declare module "solid-js/jsx-runtime" {
  namespace JSX {
    interface IntrinsicElements {
      // @ts-ignore
      "kasa-checkout": KasaCheckoutProps & Heard<"on:"> & import("solid-js").JSX.HTMLAttributes<KasaCheckoutElement>;
    }
  }
}

// @ts-ignore
declare module "vue" {
  interface GlobalComponents {
    // @ts-ignore
    "kasa-checkout": new () => { $props: KasaCheckoutProps & HeardInTemplates & import("vue").HTMLAttributes & import("vue").ReservedProps };
  }
}
