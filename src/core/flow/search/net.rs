//! What a page asks, what it may be answered, and the events that answers are.
//! Knows neither side.

use super::super::*;
use super::server::{Method, Refusal, Stand, Told, Way};
use crate::core::flow::testing::{
    BANK, ELSEWHERE, awaiting_code, checkout, ecom, holder, payment, pending_at, pending_with,
    refused, temp_token,
};
use crate::core::flow::{Attempt, Call, Effect, Event, TOKENIZE_DEADLINE_MS, Tokenized};
use crate::wire::merchant::{
    self, Next, Payment as Record, Qr, RedirectMethod, Status, Wait, problem,
};

/// A question, in short. Payments, keys and cards are named by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Ask {
    Read,
    Fetch,
    Tokenize(u8),
    Create(u8),
    Cancel(u8),
    Confirm(u8),
    Resend(u8),
    Wait,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Reply {
    /// The latest payment of the order, and the order's revision.
    Order(Option<Told>, u8),
    NoOrder(Refusal),
    TempToken,
    NoTempToken(Refusal),
    Payment(Told),
    NoPayment(Refusal),
}

/// Of `pay_2` the 2; of `key-2` and `Ada 2` too.
pub(super) fn number(name: &str) -> Option<u8> {
    name.rsplit(['_', '-', ' ']).next()?.parse().ok()
}

impl Ask {
    /// What this effect asks for, and how long it may take, in milliseconds.
    pub(super) fn of(effect: &Effect) -> Option<(Ask, u32)> {
        let of = |name: &str| number(name).expect("a number in each name");
        Some(match effect {
            Effect::Ask { call, .. } => {
                let ask = match call {
                    Call::ReadCheckout { .. } => Ask::Read,
                    Call::FetchTempToken => Ask::Fetch,
                    Call::CreatePayment { key, .. } => Ask::Create(of(key)),
                    Call::CancelPayment { payment } => Ask::Cancel(of(payment)),
                    Call::ConfirmCode { payment, .. } => Ask::Confirm(of(payment)),
                    Call::ResendCode { payment, .. } => Ask::Resend(of(payment)),
                    // Beside the phases; see `lookup_tests.rs`.
                    Call::ReadBin { .. } | Call::ListCards | Call::DeleteCard { .. } => {
                        return None;
                    }
                };
                (ask, call.deadline_ms())
            }
            Effect::Tokenize { card, .. } => {
                (Ask::Tokenize(of(holder(card))), TOKENIZE_DEADLINE_MS)
            }
            Effect::Wait { milliseconds, .. } => (Ask::Wait, *milliseconds),
            Effect::Leave(_) | Effect::Settle(_) | Effect::Warn(_) => return None,
        })
    }

    /// No answer comes, or none that can be read.
    pub(super) fn lost(self, attempt: Attempt, lost: Lost) -> Event {
        match self {
            Ask::Read => Event::Checkout {
                attempt,
                answer: Answer::Lost(lost),
            },
            Ask::Fetch => Event::TempToken {
                attempt,
                answer: Answer::Lost(lost),
            },
            Ask::Tokenize(card) => Event::Tokenized {
                attempt,
                answer: Tokenized::Lost(lost, numbered(card)),
            },
            Ask::Wait => Event::Elapsed { attempt },
            Ask::Create(_) | Ask::Cancel(_) | Ask::Confirm(_) | Ask::Resend(_) => Event::Payment {
                attempt,
                answer: Answer::Lost(lost),
            },
        }
    }

    /// As the merchant server refuses it; PayWall and clocks do not.
    pub(super) fn refused(self, refusal: Refusal) -> Option<Reply> {
        match self {
            Ask::Read => Some(Reply::NoOrder(refusal)),
            Ask::Fetch => Some(Reply::NoTempToken(refusal)),
            Ask::Tokenize(_) | Ask::Wait => None,
            Ask::Create(_) | Ask::Cancel(_) | Ask::Confirm(_) | Ask::Resend(_) => {
                Some(Reply::NoPayment(refusal))
            }
        }
    }
}

/// A card is told from another by the name on it.
pub(super) fn numbered(card: u8) -> TempCardBody {
    ecom(&format!("Ada {card}"))
}

/// How many ways there are for PayWall to answer a tempcard.
pub(super) const TOKENS: u8 = 3;

pub(super) fn tokenized(attempt: Attempt, card: u8, way: u8) -> Event {
    let answer = match way {
        0 => Tokenized::CardToken(format!("tok-{card}")),
        1 => Tokenized::TokenRefused(numbered(card)),
        _ => Tokenized::CardRefused(14),
    };
    Event::Tokenized { attempt, answer }
}

impl Refusal {
    fn answer<T>(self) -> Answer<T> {
        match self {
            Refusal::Pending => refused(409, problem::PAYMENT_PENDING),
            Refusal::AlreadyPaid => refused(409, problem::ALREADY_PAID),
            Refusal::Expired => refused(410, problem::CHECKOUT_EXPIRED),
            Refusal::Unfit => refused(422, problem::INVALID_REQUEST),
            Refusal::Trouble => refused(500, problem::INTERNAL),
        }
    }
}

impl Told {
    /// As the merchant API says it.
    pub(super) fn record(self, method: Method) -> Record {
        let id = format!("pay_{}", self.number);
        let status = self.stand.status();
        let page = if self.way == Way::Foreign {
            ELSEWHERE
        } else {
            BANK
        };
        let record = match method {
            _ if status != Status::Pending || self.way == Way::Unknown => payment(&id, status),
            Method::Card | Method::SavedCard => pending_at(&id, page, RedirectMethod::Get),
            Method::Hosted => pending_at(&id, page, RedirectMethod::Post),
            Method::Code => awaiting_code(&id),
            Method::Qr => pending_with(
                &id,
                Next::Qr(Qr {
                    image: String::new(),
                }),
            ),
            Method::Terminal => pending_with(
                &id,
                Next::Wait(Wait {
                    cancellable: self.way == Way::Known,
                    stage: None,
                }),
            ),
        };
        let name = match method {
            Method::Card => merchant::Method::CARD,
            Method::SavedCard => merchant::Method::SAVED_CARD,
            Method::Hosted => merchant::Method::HEPSIPAY,
            Method::Code | Method::Qr => merchant::Method::APM,
            Method::Terminal => merchant::Method::TERMINAL,
        };
        Record {
            method: name.into(),
            ..record
        }
    }
}

impl Reply {
    pub(super) fn event(self, attempt: Attempt, method: Method) -> Event {
        match self {
            Reply::Order(told, revision) => Event::Checkout {
                attempt,
                answer: Answer::Ok(merchant::Checkout {
                    revision: revision.into(),
                    ..checkout(told.map(|told| told.record(method)))
                }),
            },
            Reply::NoOrder(refusal) => Event::Checkout {
                attempt,
                answer: refusal.answer(),
            },
            Reply::TempToken => Event::TempToken {
                attempt,
                answer: Answer::Ok(temp_token()),
            },
            Reply::NoTempToken(refusal) => Event::TempToken {
                attempt,
                answer: refusal.answer(),
            },
            Reply::Payment(told) => Event::Payment {
                attempt,
                answer: Answer::Ok(told.record(method)),
            },
            Reply::NoPayment(refusal) => Event::Payment {
                attempt,
                answer: refusal.answer(),
            },
        }
    }

    /// The payment that it tells of.
    pub(super) fn told(self) -> Option<Told> {
        match self {
            Reply::Order(told, _) => told,
            Reply::Payment(told) => Some(told),
            _ => None,
        }
    }

    pub(super) fn refusal(self) -> Option<Refusal> {
        match self {
            Reply::NoOrder(refusal) | Reply::NoTempToken(refusal) | Reply::NoPayment(refusal) => {
                Some(refusal)
            }
            Reply::Order(..) | Reply::TempToken | Reply::Payment(_) => None,
        }
    }
}

/// Whatever a server may say that knows no rules: of two payments, at random.
pub(super) fn anything(ask: Ask) -> Vec<Reply> {
    let mut payments = vec![];
    for number in 1..=2 {
        for stand in [Stand::Paid, Stand::Failed, Stand::Canceled] {
            let way = Way::Unknown;
            payments.push(Told { number, stand, way });
        }
        for way in [Way::Unknown, Way::Known, Way::Foreign] {
            let stand = Stand::Pending;
            payments.push(Told { number, stand, way });
        }
    }
    let refusals: &[Refusal] = match ask {
        Ask::Read => &[Refusal::Expired, Refusal::Trouble],
        _ => &[
            Refusal::Pending,
            Refusal::AlreadyPaid,
            Refusal::Expired,
            Refusal::Unfit,
            Refusal::Trouble,
        ],
    };
    let well: Vec<Reply> = match ask {
        Ask::Read => {
            let orders = payments.into_iter().map(Some).chain([None]);
            orders.map(|told| Reply::Order(told, 1)).collect()
        }
        Ask::Fetch => vec![Reply::TempToken],
        _ => payments.into_iter().map(Reply::Payment).collect(),
    };
    let refusals = refusals.iter().filter_map(|refusal| ask.refused(*refusal));
    well.into_iter().chain(refusals).collect()
}
