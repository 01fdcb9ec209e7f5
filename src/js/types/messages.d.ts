// What the drop-in says: the texts and their keys.

/** Your own words, by language (BCP 47): any of a known one, or a whole language of your own, which English fills up. */
export type Messages = { readonly [language: string]: Partial<Language> };

/** The texts of one language. `{}` stands for the one value of a text: an amount, a count, a name. */
export type Language = { readonly [key in Exclude<MessageKey, CountingKey>]: string } & {
  readonly [key in CountingKey]: string | PluralForms;
};

/** A text for each plural category of the language that wants its own, and `other`. */
export type PluralForms = { readonly other: string } & { readonly [category in Intl.LDMLPluralRule]?: string };

/** Texts that count something. */
export type CountingKey = "code_attempts" | "code_seconds" | "plan" | "resend_wait";

/** What the drop-in says. A key may go away with a new major version only. */
export type MessageKey =
  | CountingKey
  | "number" | "expiry" | "expiry_hint" | "cvc" | "cvc_hint" | "cvc_hint_amex" | "holder" | "number_missing" | "number_invalid"
  | "number_unlikely" | "expiry_missing" | "expiry_invalid" | "expiry_past" | "cvc_missing" | "cvc_invalid"
  | "holder_missing" | "holder_invalid" | "check_fields" | "pay" | "secure" | "opening" | "tokenizing" | "creating" | "checking"
  | "leaving" | "at_bank" | "held" | "confirming" | "canceling" | "still_busy" | "continue_at_bank" | "cancel" | "challenge_title"
  | "challenge_close" | "challenge_slow" | "challenge_leave" | "paid" | "paid_detail" | "failed" | "failed_declined" | "failed_card" | "failed_card_expired"
  | "failed_installments" | "failed_card_token" | "failed_code" | "failed_terminal" | "failed_expired" | "canceled"
  | "pending" | "pending_detail" | "error_connection" | "error_provider" | "error_card" | "error_expired"
  | "error_not_found" | "error_attempts" | "error_later" | "error_method" | "error_busy" | "error_paid" | "error_other"
  | "methods_title" | "method_card" | "method_saved_card" | "method_hepsipay" | "method_aspay" | "method_terminal"
  | "apm_otp" | "apm_redirect" | "apm_qr" | "leaves_note" | "qr_note" | "otp_note" | "terminal_note" | "terminal"
  | "save_card" | "installments" | "single_payment" | "plan_each" | "plan_total" | "plan_free" | "plan_interest"
  | "cards_loading" | "cards_none" | "card_expires" | "card_expired" | "card_delete" | "remove" | "remove_sure"
  | "remove_again" | "retry" | "full_name" | "phone" | "phone_hint" | "email" | "identity_number" | "card_number"
  | "full_name_missing" | "full_name_invalid" | "phone_missing" | "phone_invalid" | "email_missing" | "email_invalid"
  | "identity_number_missing" | "identity_number_invalid" | "card_number_missing" | "card_number_invalid" | "code"
  | "code_sent" | "code_missing" | "code_invalid" | "code_wrong" | "code_expired" | "code_over" | "code_left"
  | "code_checking" | "confirm_code" | "resend_code" | "scan" | "scan_title" | "scan_failed" | "terminal_sending"
  | "terminal_ready" | "step_started" | "step_bank" | "step_page" | "step_code" | "step_scan" | "step_result" | "stage_sending" | "stage_on_terminal" | "elsewhere" | "not_canceled" | "error_card_gone"
  | "error_payer";
