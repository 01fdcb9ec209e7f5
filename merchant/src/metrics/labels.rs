//! The labels of the metrics. Each is one of a few words that stand in the code,
//! so that no request can make a new one.

use prometheus_client::encoding::EncodeLabelSet;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Route {
    method: &'static str,
    route: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Routed {
    method: &'static str,
    route: String,
    status: u16,
}

impl Route {
    /// `route`: as it was registered, or `-`. Shown as `/v1/orders/:reference`:
    /// braces would have to be escaped in every query.
    pub(super) fn new(method: &str, route: &str) -> Self {
        const METHODS: [&str; 5] = ["GET", "POST", "DELETE", "OPTIONS", "HEAD"];
        let known = METHODS.into_iter().find(|known| *known == method);
        Route {
            method: known.unwrap_or("other"),
            route: route.replace('{', ":").replace('}', ""),
        }
    }

    pub(super) fn answered(self, status: u16) -> Routed {
        let Route { method, route } = self;
        Routed {
            method,
            route,
            status,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Moved {
    pub(super) method: String,
    pub(super) status: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct MethodOf {
    pub(super) method: String,
}

impl MethodOf {
    pub(super) fn new(method: &str) -> Self {
        MethodOf {
            method: method.to_owned(),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct StatusOf {
    pub(super) status: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct State {
    pub(super) state: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Ended {
    pub(super) outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Reason {
    pub(super) reason: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Limited {
    pub(super) limit: &'static str,
}

/// Of which there were too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Limit {
    CheckoutPayments,
    CheckoutTokens,
    CheckoutLookups,
    CheckoutPolls,
    CustomerPayments,
    AddressPayments,
    AddressQuestions,
    Connections,
}

impl Limit {
    pub(super) const ALL: [Limit; 8] = [
        Limit::CheckoutPayments,
        Limit::CheckoutTokens,
        Limit::CheckoutLookups,
        Limit::CheckoutPolls,
        Limit::CustomerPayments,
        Limit::AddressPayments,
        Limit::AddressQuestions,
        Limit::Connections,
    ];

    pub(super) fn word(self) -> &'static str {
        match self {
            Limit::CheckoutPayments => "checkout_payments",
            Limit::CheckoutTokens => "checkout_tokens",
            Limit::CheckoutLookups => "checkout_lookups",
            Limit::CheckoutPolls => "checkout_polls",
            Limit::CustomerPayments => "customer_payments",
            Limit::AddressPayments => "address_payments",
            Limit::AddressQuestions => "address_questions",
            Limit::Connections => "connections",
        }
    }
}

/// How an attempt to tell the shop's back end ended.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Delivery {
    Accepted,
    Refused,
    Unanswered,
}

impl Delivery {
    pub(super) const ALL: [Delivery; 3] =
        [Delivery::Accepted, Delivery::Refused, Delivery::Unanswered];

    pub(super) fn word(self) -> &'static str {
        match self {
            Delivery::Accepted => "accepted",
            Delivery::Refused => "refused",
            Delivery::Unanswered => "unanswered",
        }
    }
}

/// What a person must look at. Each stands beside an error in the log, which
/// says of what.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Attention {
    /// A second payment of one order is paid; it is given back.
    PaidTwice,
    /// A payment that was failed or canceled is paid after all.
    PaidLate,
    /// The provider says paid, but another sum, currency or reference.
    PaidOtherwise,
    /// An invoice at Corefy asks for another sum, or is in another mode.
    InvoiceDiffers,
    /// A payment was given back at its provider, not through this server.
    GivenBackElsewhere,
    /// What became of a refund is not known after a week.
    RefundOpen,
    /// A payout does not start, however often it is let go.
    PayoutStuck,
    /// A payout at Corefy has another sum, or is in another mode.
    PayoutDiffers,
    /// A part of a payout is paid.
    PayoutInParts,
    /// A payout that had ended has ended otherwise.
    PayoutChanged,
    /// An event was told to the shop for the last time, in vain.
    WebhookGivenUp,
    /// Of a payment that is there, the provider is not set up any more.
    ProviderMissing,
}

impl Attention {
    pub(super) const ALL: [Attention; 12] = [
        Attention::PaidTwice,
        Attention::PaidLate,
        Attention::PaidOtherwise,
        Attention::InvoiceDiffers,
        Attention::GivenBackElsewhere,
        Attention::RefundOpen,
        Attention::PayoutStuck,
        Attention::PayoutDiffers,
        Attention::PayoutInParts,
        Attention::PayoutChanged,
        Attention::WebhookGivenUp,
        Attention::ProviderMissing,
    ];

    pub(super) fn word(self) -> &'static str {
        match self {
            Attention::PaidTwice => "paid_twice",
            Attention::PaidLate => "paid_late",
            Attention::PaidOtherwise => "paid_otherwise",
            Attention::InvoiceDiffers => "invoice_differs",
            Attention::GivenBackElsewhere => "given_back_elsewhere",
            Attention::RefundOpen => "refund_open",
            Attention::PayoutStuck => "payout_stuck",
            Attention::PayoutDiffers => "payout_differs",
            Attention::PayoutInParts => "payout_in_parts",
            Attention::PayoutChanged => "payout_changed",
            Attention::WebhookGivenUp => "webhook_given_up",
            Attention::ProviderMissing => "provider_missing",
        }
    }
}
