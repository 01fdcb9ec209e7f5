//! The pages of the agent and of the bank, in Turkish. Draw only: no inline
//! style, no inline script, usable without script and from 250 by 400 pixels up.

use maud::{DOCTYPE, Markup, html};
use uuid::Uuid;

use super::postback::PostBack;
use crate::currency;
use crate::payment::{CODE_ATTEMPTS, Payment, RIGHT_CODE};
use crate::text::page as say;

pub(super) fn bank_path(session: Uuid) -> String {
    format!("/bank/3d/{session}")
}

/// PayWall's agent page: on to the bank.
pub(super) fn forward(session: Uuid) -> Markup {
    layout(
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
    let left = payment.attempts_left();
    // After a wrong code the error itself tells how many are left.
    let (error, attempts) = match slip {
        None if left < CODE_ATTEMPTS => (Some(say::wrong_code(left)), None),
        slip => (slip.map(str::to_owned), Some(say::attempts_left(left))),
    };
    layout(
        say::CODE_TITLE,
        false,
        html! {
            h1 { (say::CODE_TITLE) }
            (summary(payment))
            form #challenge-form action=(bank_path(payment.session)) method="post"
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

fn summary(payment: &Payment) -> Markup {
    let order = &payment.order;
    let currency = match currency::code(order.currency_id) {
        "TRY" => "TL",
        other => other,
    };
    html! {
        dl.summary {
            div { dt { (say::MERCHANT) } dd { (say::SHOP) } }
            div { dt { (say::AMOUNT) } dd.amount { (order.amount.shown()) " " (currency) } }
            div { dt { (say::CARD) } dd.card { (payment.card.masked) } }
        }
    }
}

/// Hands the result back to the merchant through the browser.
pub(super) fn post_back(form: &PostBack, paid: bool) -> Markup {
    layout(
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
    notice(say::CLOSED_TITLE, say::CLOSED_TEXT)
}

pub(super) fn unknown() -> Markup {
    notice(say::UNKNOWN_TITLE, say::UNKNOWN_TEXT)
}

pub(super) fn bad_request() -> Markup {
    notice(say::BAD_REQUEST_TITLE, say::BAD_REQUEST_TEXT)
}

fn notice(title: &str, text: &str) -> Markup {
    layout(title, false, html! { h1 { (title) } p.lead { (text) } })
}

fn layout(title: &str, forwards: bool, content: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="tr" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                title { (title) " · " (say::BANK) }
                link rel="icon" href="/assets/kumbank.svg" type="image/svg+xml";
                link rel="stylesheet" href="/assets/bank.css";
                @if forwards {
                    script src="/assets/forward.js" defer {}
                }
            }
            body {
                main {
                    header {
                        img src="/assets/kumbank.svg" alt="" width="32" height="32";
                        span.bank { (say::BANK) }
                        span.secure { (say::SECURE) }
                    }
                    (content)
                }
            }
        }
    }
}
