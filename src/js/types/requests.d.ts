// What a shop hands over to pay, or to have a card tokenised. Card data go from here to PayWall and nowhere else.

/** A way to pay, with what it needs; `kasa.methods` says which the order allows. */
export type PayRequest = CardPayRequest | SavedCardPayRequest | ApmPayRequest | HepsipayPayRequest | AspayPayRequest | TerminalPayRequest;

/**
 * A new card, with 3-D Secure.
 *
 * @example
 * ```ts
 * const card = { number: "5141 1816 7740 7907", expiry: "09/28", cvc: "360", holder: "Elif Yılmaz" };
 * const request: CardPayRequest = { method: "card", card, installments: 3, save: true };
 * ```
 */
export interface CardPayRequest {
  method: "card";
  card: Card;
  /**
   * 1 to 36; 1 is a single payment. `kasa.installments` tells what the card can.
   *
   * @defaultValue 1
   */
  installments?: number | undefined;
  /**
   * Keep the card for the customer's next order, once it has paid; only where the order's `card` method has `save`.
   * Ask the shopper first.
   *
   * @defaultValue false
   */
  save?: boolean | undefined;
}

/**
 * A card kept before, with 3-D Secure.
 *
 * @example
 * ```ts
 * const request: SavedCardPayRequest = { method: "saved_card", card: "card_…" };
 * ```
 */
export interface SavedCardPayRequest {
  method: "saved_card";
  /** Id of `kasa.cards()`. */
  card: string;
  /**
   * 1 to 36; 1 is a single payment.
   *
   * @defaultValue 1
   */
  installments?: number | undefined;
}

/**
 * A wallet, a meal card and the like.
 *
 * @example
 * ```ts
 * const request: ApmPayRequest = { method: "apm", connection: "14", kind: "direct", payer: { phone: "555 111 22 33" } };
 * ```
 */
export interface ApmPayRequest {
  method: "apm";
  /** Of an `apm` in `kasa.methods`. */
  connection: string;
  /**
   * Needed where the connection is offered in more than one.
   *
   * @defaultValue the one it is offered in
   */
  kind?: ApmKind | undefined;
  /**
   * The `fields` of the method.
   *
   * @defaultValue nothing; enough where the method has no `fields`
   */
  payer?: Payer | undefined;
}

/** Hepsipay's own page. */
export interface HepsipayPayRequest {
  method: "hepsipay";
}

/** Aspay's own page. */
export interface AspayPayRequest {
  method: "aspay";
  /**
   * The `fields` of the method.
   *
   * @defaultValue nothing; enough where the method has no `fields`
   */
  payer?: Payer | undefined;
}

/** A POS terminal at the counter. */
export interface TerminalPayRequest {
  method: "terminal";
  /**
   * Id of one of the method's `terminals`; needed where the order offers more than one.
   *
   * @defaultValue the one that is offered
   */
  terminal?: string | undefined;
}

/** How an alternative method is paid: by a one-time code, on the provider's page, by a QR code, or at once. */
export type ApmKind = "otp" | "redirect" | "qr" | "direct";

/** What a method may ask its payer for. */
export type Payer = { [field in PayerField]?: string | undefined };

/**
 * `phone`: a Turkish mobile in any usual shape. `identityNumber`: TCKN or VKN, with its check digits.
 * `cardNumber`: of a meal card, 12 to 19 digits.
 */
export type PayerField = "fullName" | "phone" | "email" | "identityNumber" | "cardNumber";

/**
 * A card, its expiry in one piece or in two.
 *
 * @example
 * ```ts
 * const one: Card = { number: "5141181677407907", expiry: "09/28", cvc: "360", holder: "Elif Yılmaz" };
 * const two: Card = { number: "5141181677407907", expiryMonth: 9, expiryYear: 2028, cvc: "360", holder: "Elif Yılmaz" };
 * ```
 */
export type Card = CardBase &
  (
    | {
        /** 1 to 12. */
        expiryMonth: number | string;
        /** Two digits, or four. */
        expiryYear: number | string;
      }
    | {
        /** `MM/YY`; every usual shape is understood. */
        expiry: string;
      }
  );

/** What every card has. */
export interface CardBase {
  /** 12 to 19 digits; blanks, dots and dashes may stand between them. */
  number: string;
  /** 3 or 4 digits. */
  cvc: string;
  /** As printed on the card. */
  holder: string;
}

/** An insurance card, by its ends: its whole number is never asked for. */
export interface InsuranceCard {
  type: "insurance";
  /** The first eight digits. */
  firstDigits: string;
  /** The last four. */
  lastDigits: string;
  /** TCKN or VKN, with its check digits. */
  identityNumber: string;
  /** As printed on the card. */
  holder: string;
}
