//! Reads what a merchant asks for: payment invoices (corefy.md §3) and payout
//! invoices (§10), in the maximum and the minimum set of data.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};

use super::check::{is_iban, is_tckn};
use super::fields::{Fields, Problems};
use super::invoice::{Kind, Order, Returns, What};
use super::problem::Refusal;

/// Lifetime of a payment that brings no `expires`.
const LIFETIME: SignedDuration = SignedDuration::from_hours(24);

/// A beneficiary with these letters in the name is refused by the bank.
pub(super) const REFUSED_NAME: &str = "RED";

/// Which of the two APIs was called (corefy.md §1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// The merchant's own.
    Private,
    /// The organisation's, which has to name the account.
    Commerce,
}

pub(super) fn order(
    kind: Kind,
    form: Form,
    attributes: &Map<String, Value>,
    now: Timestamp,
) -> Result<Order, Refusal> {
    let problems = Problems::default();
    let fields = problems.fields(attributes);
    if form == Form::Commerce {
        fields.required("commerce_account");
    }
    let what = match kind {
        Kind::Payment => payment(&fields, now),
        Kind::Payout => payout(&fields),
    };
    let order = Order {
        reference_id: fields.required("reference_id"),
        amount: fields.amount("amount"),
        currency: fields.fitting("currency", |code| code == "TRY", "This must be TRY."),
        description: fields.text("description"),
        test_mode: fields.flag("test_mode"),
        metadata: fields.map("metadata").cloned().unwrap_or_default(),
        callback_url: fields.address("callback_url"),
        what,
    };
    problems.none_or_refused()?;
    Ok(order)
}

fn payment(fields: &Fields<'_>, now: Timestamp) -> What {
    if let Some(service) = fields.text("service")
        && service != service_of(Kind::Payment)
    {
        fields.problem("service", "This must be payment_card_try_hpp.");
    }
    if fields.text("flow").is_some_and(|flow| flow != "charge") {
        fields.problem("flow", "This must be charge.");
    }
    let customer = customer(fields);
    let is_email = |text: &str| {
        let halves = text.split_once('@');
        halves.is_some_and(|(name, host)| !name.is_empty() && host.contains('.'))
            && !text.contains(char::is_whitespace)
    };
    customer.fitting("email", is_email, "This must be an e-mail address.");
    customer.text("name");

    let options = fields.object("options");
    options.flag("allow_partially");
    let urls = fields.object("return_urls");
    What::Payment {
        returns: Returns {
            success: urls.address("success"),
            pending: urls.address("pending"),
            fail: urls.address("fail"),
            any: fields.address("return_url"),
            with_context: options.flag("send_operation_context_on_return"),
        },
        bypass_hpp: options.flag("bypass_hpp"),
        expires: expires(fields, now),
    }
}

fn expires(fields: &Fields<'_>, now: Timestamp) -> Timestamp {
    let Some(seconds) = fields.whole("expires") else {
        return now + LIFETIME;
    };
    let expires = Timestamp::from_second(seconds).ok();
    expires.filter(|at| *at > now).unwrap_or_else(|| {
        fields.problem("expires", "This must be a time to come, in Unix seconds.");
        now
    })
}

fn payout(fields: &Fields<'_>) -> What {
    fields.fitting(
        "service",
        |service| service == service_of(Kind::Payout),
        "This must be bank_transfer_try.",
    );
    customer(fields);
    let account = fields.object("fields");
    account.fitting("account_number", is_iban, "This must be a Turkish IBAN.");
    let name = account.required("beneficiary_full_name");
    let options = fields.object("options");
    options.whole("attempts_limit");
    options.flag("split_mode");
    options.flag("allow_partially");
    What::Payout {
        auto_process: options.flag("auto_process"),
        refused: name.contains(REFUSED_NAME),
    }
}

/// What Aspay wants of every customer.
fn customer<'a>(fields: &Fields<'a>) -> Fields<'a> {
    let customer = fields.object("customer");
    customer.required("reference_id");
    customer.text("phone");
    customer.fitting(
        "individual_tax_id",
        is_tckn,
        "This must be an identity number of 11 digits with right check digits.",
    );
    customer
}

/// The service that takes every invoice of this kind.
pub(super) fn service_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Payment => "payment_card_try_hpp",
        Kind::Payout => "bank_transfer_try",
    }
}
