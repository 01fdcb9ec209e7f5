//! Every sentence that the component shows to a shopper. Turkish and English
//! are built in; what else is spoken comes from outside, read by the same list
//! of keys. Which language that is, is not known here.

mod en;
mod say;
mod tr;

use std::cell::RefCell;

pub use en::TEXTS as ENGLISH;
pub use tr::TEXTS as TURKISH;

/// One list for the struct, the names that others know the texts by, and the
/// order in which a language is read: no key can be forgotten in one of them.
macro_rules! texts {
    ($($(#[$doc:meta])* $key:ident,)+) => {
        /// One language. `{}` stands for the one value of a sentence. Where the
        /// value counts something, there may be a line for each plural category
        /// that wants words of its own, `one:{} try left.`; the last line is
        /// for all others.
        #[derive(Clone, Copy)]
        pub struct Texts {
            /// BCP 47.
            pub tag: &'static str,
            /// `ltr` or `rtl`.
            pub dir: &'static str,
            $($(#[$doc])* pub $key: &'static str,)+
        }

        /// The keys, in the order in which [`keep`] takes their texts.
        pub const KEYS: &str = concat!($(stringify!($key), " "),+);

        const COUNT: usize = ["tag", "dir", $(stringify!($key)),+].len();

        impl Texts {
            fn slots(&mut self) -> [&mut &'static str; COUNT] {
                [&mut self.tag, &mut self.dir, $(&mut self.$key),+]
            }
        }
    };
}

texts! {
    number,
    expiry,
    expiry_hint,
    cvc,
    cvc_hint,
    /// American Express has its code elsewhere.
    cvc_hint_amex,
    holder,
    number_missing,
    number_invalid,
    number_unlikely,
    expiry_missing,
    expiry_invalid,
    expiry_past,
    cvc_missing,
    cvc_invalid,
    holder_missing,
    holder_invalid,
    /// Before the names of the fields; with how many there are.
    check_fields,
    /// With the amount: `129,90 ₺ öde`.
    pay,
    secure,
    opening,
    tokenizing,
    creating,
    checking,
    leaving,
    at_bank,
    held,
    confirming,
    canceling,
    /// Added to what the servers are busy with, when it takes longer than usual.
    still_busy,
    continue_at_bank,
    cancel,
    challenge_title,
    challenge_close,
    /// Beside the bank's page, when it was silent for a while.
    challenge_slow,
    challenge_leave,
    paid,
    paid_detail,
    /// Of a payment that failed for a reason that has no sentence of its own.
    failed,
    failed_declined,
    /// The card cannot pay, whatever is typed.
    failed_card,
    failed_card_expired,
    failed_installments,
    /// The card has to be typed once more.
    failed_card_token,
    failed_code,
    failed_terminal,
    failed_expired,
    canceled,
    pending,
    pending_detail,
    error_connection,
    /// The provider is silent, or does not take what the servers send.
    error_provider,
    error_card,
    error_expired,
    error_not_found,
    error_attempts,
    error_later,
    error_method,
    error_busy,
    error_paid,
    error_other,
    methods_title,
    method_card,
    method_saved_card,
    method_hepsipay,
    method_aspay,
    method_terminal,
    /// Beside an APM's name.
    apm_otp,
    apm_redirect,
    apm_qr,
    /// With the method's name.
    leaves_note,
    /// With the method's name.
    qr_note,
    otp_note,
    terminal_note,
    /// Label of the choice.
    terminal,
    save_card,
    installments,
    single_payment,
    /// With the count.
    plan,
    /// With a month's amount.
    plan_each,
    /// With the total.
    plan_total,
    plan_free,
    /// With the interest.
    plan_interest,
    cards_loading,
    cards_none,
    /// With the month.
    card_expires,
    card_expired,
    /// With the card's last digits.
    card_delete,
    /// On the button.
    remove,
    /// On it, once it was pressed.
    remove_sure,
    /// With the card's last digits.
    remove_again,
    retry,
    full_name,
    phone,
    phone_hint,
    email,
    identity_number,
    /// Of a meal card.
    card_number,
    full_name_missing,
    full_name_invalid,
    phone_missing,
    phone_invalid,
    email_missing,
    email_invalid,
    identity_number_missing,
    identity_number_invalid,
    card_number_missing,
    card_number_invalid,
    code,
    code_sent,
    code_missing,
    code_invalid,
    code_wrong,
    code_expired,
    /// Where no other code will be sent.
    code_over,
    /// With the count.
    code_attempts,
    /// With the seconds.
    code_seconds,
    /// With minutes and seconds.
    code_left,
    code_checking,
    confirm_code,
    resend_code,
    /// With the seconds.
    resend_wait,
    scan,
    /// Alternative text of the picture.
    scan_title,
    scan_failed,
    terminal_sending,
    terminal_ready,
    /// The stages by name, as steps of a way.
    /// The steps of a payment's way.
    step_started,
    step_bank,
    step_page,
    step_code,
    step_scan,
    step_result,
    stage_sending,
    stage_on_terminal,
    elsewhere,
    not_canceled,
    error_card_gone,
    error_payer,
}

impl Texts {
    /// What `source` leaves empty stays as it is built in: in Turkish for
    /// Turkish, in English for all others.
    fn read(source: &'static str) -> Texts {
        let mut texts = match source.split(['-', '\0']).next() {
            Some("tr") => TURKISH,
            _ => ENGLISH,
        };
        for (slot, text) in texts.slots().into_iter().zip(source.split('\0')) {
            if !text.is_empty() {
                *slot = text;
            }
        }
        texts
    }
}

/// A language from outside: tag, direction, and a text for each of [`KEYS`],
/// with NUL between them. Texts live as long as the page, but the same ones
/// only once, however often a component is made.
pub fn keep(source: String) -> &'static Texts {
    thread_local!(static KEPT: RefCell<Vec<(&'static str, &'static Texts)>> = const { RefCell::new(Vec::new()) });
    KEPT.with_borrow_mut(|kept| {
        if let Some((_, texts)) = kept.iter().find(|(known, _)| *known == source) {
            return *texts;
        }
        let source: &'static str = source.leak();
        let texts: &'static Texts = Box::leak(Box::new(Texts::read(source)));
        kept.push((source, texts));
        texts
    })
}

/// A text with its value in place, if it has one: a pair is said without "2".
pub fn fill(text: &str, value: &str) -> String {
    let Some((before, after)) = text.split_once("{}") else {
        return text.to_owned();
    };
    let mut filled = String::with_capacity(text.len() + value.len());
    for part in [before, value, after] {
        filled.push_str(part);
    }
    filled
}

/// The line of a counting text for this plural category.
pub fn form<'a>(text: &'a str, category: &str) -> &'a str {
    let mut others = text;
    for line in text.split('\n') {
        match line
            .strip_prefix(category)
            .and_then(|rest| rest.strip_prefix(':'))
        {
            Some(form) => return form,
            None => others = line,
        }
    }
    others
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_stands_where_the_text_wants_it() {
        assert_eq!(fill("{} öde", "5 ₺"), "5 ₺ öde");
        assert_eq!(fill("Pay {}", "{}"), "Pay {}");
        assert_eq!(fill("Pay", "5 ₺"), "Pay");
    }

    #[test]
    fn a_counting_text_has_its_form_for_each_category() {
        let text = "one:{} code\nfew:{} codes\nno code";
        assert_eq!(form(text, "one"), "{} code");
        assert_eq!(form(text, "few"), "{} codes");
        assert_eq!(form(text, "many"), "no code");
        assert_eq!(form("{} taksit", "one"), "{} taksit");
    }

    /// As a page hands a language over: these texts, and nothing for the rest.
    fn source(tag: &str, dir: &str, given: &[(&str, &str)]) -> String {
        let texts = KEYS.split_whitespace().map(|key| {
            let found = given.iter().find(|(named, _)| *named == key);
            found.map_or("", |(_, text)| *text)
        });
        [tag, dir]
            .into_iter()
            .chain(texts)
            .collect::<Vec<_>>()
            .join("\0")
    }

    #[test]
    fn a_language_from_outside_lies_over_the_one_built_in() {
        let arabic = keep(source(
            "ar",
            "rtl",
            &[("pay", "ادفع {}"), ("error_payer", "خطأ")],
        ));
        assert_eq!((arabic.tag, arabic.dir), ("ar", "rtl"));
        assert_eq!((arabic.pay, arabic.error_payer), ("ادفع {}", "خطأ"));
        assert_eq!(arabic.cancel, ENGLISH.cancel);
        let turkish = keep(source("tr-TR", "", &[("pay", "{} ver")]));
        assert_eq!((turkish.tag, turkish.dir), ("tr-TR", "ltr"));
        assert_eq!((turkish.pay, turkish.cancel), ("{} ver", TURKISH.cancel));
    }

    #[test]
    fn the_same_language_is_kept_once() {
        let [first, second] =
            [(), ()].map(|()| keep(source("de", "ltr", &[("cancel", "Abbrechen")])));
        assert!(std::ptr::eq(first, second));
        assert!(!std::ptr::eq(
            first,
            keep(source("de", "ltr", &[("cancel", "Zurück")]))
        ));
    }
}
