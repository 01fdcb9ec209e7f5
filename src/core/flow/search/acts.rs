//! What the shopper, the shop or the browser does to a page, as against what
//! answers it.

use super::super::*;
use super::Setting;
use super::net::numbered;
use super::server::Method;
use crate::core::flow::testing::code;
use crate::core::flow::{Event, How};
use crate::wire::merchant::{ApmKind, Instrument, Payer};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Act {
    Open,
    Pay,
    Tokenize,
    Cancel,
    Continue,
    Returned,
    FrameBlocked,
    LeaveFrame,
    LeaveBlocked,
    Restored,
    Code,
    Resend,
}

pub(super) const ACTS: [Act; 12] = [
    Act::Open,
    Act::Pay,
    Act::Tokenize,
    Act::Cancel,
    Act::Continue,
    Act::Returned,
    Act::FrameBlocked,
    Act::LeaveFrame,
    Act::LeaveBlocked,
    Act::Restored,
    Act::Code,
    Act::Resend,
];

impl Act {
    /// Brings a card or a key, of which there are only so many.
    pub(super) fn brings(self) -> bool {
        matches!(self, Act::Pay | Act::Tokenize)
    }

    /// Nothing for answers, and for what is asked beside the phases.
    pub(super) fn of(event: &Event) -> Option<Act> {
        Some(match event {
            Event::Open => Act::Open,
            Event::Pay { .. } => Act::Pay,
            Event::TokenizeCard { .. } => Act::Tokenize,
            Event::EnterCode { .. } => Act::Code,
            Event::ResendCode => Act::Resend,
            Event::Cancel => Act::Cancel,
            Event::ContinueChallenge => Act::Continue,
            Event::FrameReturned => Act::Returned,
            Event::FrameBlocked => Act::FrameBlocked,
            Event::LeaveFrame => Act::LeaveFrame,
            Event::LeaveBlocked => Act::LeaveBlocked,
            Event::PageRestored => Act::Restored,
            Event::BinTyped { .. }
            | Event::DeleteCard { .. }
            | Event::Checkout { .. }
            | Event::TempToken { .. }
            | Event::Tokenized { .. }
            | Event::Payment { .. }
            | Event::Bin { .. }
            | Event::Cards { .. }
            | Event::CardDeleted { .. }
            | Event::Elapsed { .. } => return None,
        })
    }

    /// The keys and cards that it brings have this number.
    pub(super) fn event(self, number: u8, setting: &Setting) -> Event {
        match self {
            Act::Open => Event::Open,
            Act::Pay => Event::Pay {
                how: setting.method.how(number),
                key: format!("key-{number}"),
            },
            Act::Tokenize => Event::TokenizeCard {
                card: numbered(number),
            },
            Act::Cancel => Event::Cancel,
            Act::Continue => Event::ContinueChallenge,
            Act::Returned => Event::FrameReturned,
            Act::FrameBlocked => Event::FrameBlocked,
            Act::LeaveFrame => Event::LeaveFrame,
            Act::LeaveBlocked => Event::LeaveBlocked,
            Act::Restored => Event::PageRestored,
            Act::Code => Event::EnterCode { code: code() },
            Act::Resend => Event::ResendCode,
        }
    }
}

impl Method {
    fn how(self, number: u8) -> How {
        let apm = |kind| Instrument::Apm {
            connection: "7".into(),
            kind,
            payer: Payer::default(),
        };
        How::With(match self {
            Method::Card => {
                let TempCardBody::Ecom(card) = numbered(number) else {
                    unreachable!("cards of a shop are this kind");
                };
                return How::Card {
                    card,
                    installments: 1,
                    save: false,
                };
            }
            Method::SavedCard => Instrument::SavedCard {
                card: "sc_1".into(),
                installments: 1,
            },
            Method::Hosted => Instrument::Hepsipay,
            Method::Code => apm(ApmKind::Otp),
            Method::Qr => apm(ApmKind::Qr),
            Method::Terminal => Instrument::Terminal { terminal: None },
        })
    }
}
