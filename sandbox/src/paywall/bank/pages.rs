//! The pages of the agent and of the bank, in Turkish. Draw only: no inline
//! style, no inline script, usable without script and from 250 by 400 pixels up.

use maud::{Markup, html};
use uuid::Uuid;

use super::postback::PostBack;
use super::text as say;
use crate::page::{self, Brand};
use crate::paywall::currency;
use crate::paywall::payment::{CODE_ATTEMPTS, Payment, RIGHT_CODE};

const BANK: Brand = Brand {
    name: say::BANK,
    icon: "/assets/kumbank.svg",
    purpose: say::SECURE,
    style: None,
};

pub(super) const SPECIMEN_PATH: &str = "/bank/specimen";

pub(super) fn bank_path(session: Uuid) -> String {
    format!("/bank/3d/{session}")
}

/// PayWall's agent page: on to the bank.
pub(super) fn forward(session: Uuid) -> Markup {
    page::layout(
        &BANK,
        say::FORWARD_TITLE,
        true,
        html! {
            h1 { (say::FORWARD_TITLE) }
            p.lead { (say::FORWARD_TEXT) }
            .progress aria-hidden="true" {}
            form #agent-form data-auto-submit action=(bank_path(session)) method="get" {
                button.primary type="submit" { (say::CONTINUE) }
            }
        },
    )
}

/// The bank asks for the code. `slip` explains a text that is no code.
pub(super) fn code(payment: &Payment, slip: Option<&str>) -> Markup {
    let order = &payment.order;
    let currency = match currency::code(order.currency_id) {
        "TRY" => "TL",
        other => other,
    };
    let amount = format!("{} {currency}", order.amount.shown());
    let summary = summary(&amount, &payment.card.masked);
    let action = bank_path(payment.session);
    asking(&summary, &action, payment.attempts_left(), slip)
}

/// The same page of no payment, to be looked at.
pub(super) fn specimen() -> Markup {
    let summary = summary("1299,90 TL", "514118******7907");
    asking(&summary, SPECIMEN_PATH, CODE_ATTEMPTS, None)
}

fn asking(summary: &Markup, action: &str, left: u8, slip: Option<&str>) -> Markup {
    // After a wrong code the error itself tells how many are left.
    let (error, attempts) = match slip {
        None if left < CODE_ATTEMPTS => (Some(say::wrong_code(left)), None),
        slip => (slip.map(str::to_owned), Some(say::attempts_left(left))),
    };
    page::layout(
        &BANK,
        say::CODE_TITLE,
        false,
        html! {
            h1 { (say::CODE_TITLE) }
            (summary)
            form #challenge-form action=(action) method="post"
                autocomplete="off" data-attempts-left=(left) {
                label for="code" { (say::CODE_LABEL) }
                p.hint #code-hint { (say::CODE_TEXT) }
                input #code type="text" name="code" autocomplete="one-time-code" inputmode="numeric"
                    pattern="[0-9 ]*" maxlength="8" required
                    aria-describedby=(if error.is_some() { "code-error code-hint" } else { "code-hint" })
                    aria-invalid=[error.is_some().then_some("true")];
                @if let Some(error) = &error {
                    p.error #code-error role="alert" { (error) }
                }
                @if let Some(attempts) = &attempts {
                    p.attempts { (attempts) }
                }
                button.primary type="submit" name="action" value="confirm" { (say::CONFIRM) }
                button.quiet type="submit" name="action" value="cancel" formnovalidate { (say::CANCEL) }
            }
            p.note { (say::test_note(RIGHT_CODE)) }
        },
    )
}

fn summary(amount: &str, card: &str) -> Markup {
    html! {
        dl.summary {
            div { dt { (say::MERCHANT) } dd { (say::SHOP) } }
            div { dt { (say::AMOUNT) } dd.amount { (amount) } }
            div { dt { (say::CARD) } dd.card { (card) } }
        }
    }
}

/// Hands the result back to the merchant through the browser.
pub(super) fn post_back(form: &PostBack, paid: bool) -> Markup {
    page::layout(
        &BANK,
        say::RESULT_TITLE,
        true,
        html! {
            h1 { (say::RESULT_TITLE) }
            p.lead { (if paid { say::RESULT_PAID } else { say::RESULT_ENDED }) }
            .progress aria-hidden="true" {}
            form #paywall-callback-form data-auto-submit action=(form.url) method="post" {
                @for (name, value) in &form.fields {
                    input type="hidden" name=(name) value=(value);
                }
                button.primary type="submit" { (say::CONTINUE) }
            }
        },
    )
}

pub(super) fn closed() -> Markup {
    page::notice(&BANK, say::CLOSED_TITLE, say::CLOSED_TEXT)
}

pub(super) fn unknown() -> Markup {
    page::notice(&BANK, say::UNKNOWN_TITLE, say::UNKNOWN_TEXT)
}

pub(super) fn bad_request() -> Markup {
    page::notice(&BANK, say::BAD_REQUEST_TITLE, say::BAD_REQUEST_TEXT)
}
