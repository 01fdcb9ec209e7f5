//! The ways to pay that are tried, each from the order to what pays it.

use kasa_checkout::core::flow::How;
use kasa_checkout::core::flow::checkout::Checkout;
use kasa_checkout::wire::merchant::{ApmKind, Challenge, Instrument, Method, Payer};
use kasa_checkout::wire::paywall::{CARD_TYPE_ECOM, TempCardRequest};
use kasa_e2e::cards::{GOOD, meal};
use kasa_e2e::till::SHOP;
use serde_json::{Value, json};

pub const AMOUNT: i64 = 48_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Way {
    pub name: &'static str,
    /// `type` of the [`Method`].
    pub method: &'static str,
    apm: Option<(&'static str, ApmKind)>,
    pub challenge: Challenge,
    /// Its shopper cancels the first payment, then pays by a second.
    pub cancels_first: bool,
}

impl Way {
    const fn of(name: &'static str, method: &'static str) -> Way {
        Way {
            name,
            method,
            apm: None,
            challenge: Challenge::Redirect,
            cancels_first: false,
        }
    }

    const fn apm(name: &'static str, connection: &'static str, kind: ApmKind) -> Way {
        let apm = Some((connection, kind));
        Way {
            apm,
            ..Way::of(name, Method::APM)
        }
    }

    pub const CARD: Way = Way::of("card", Method::CARD);
    pub const CARD_IN_FRAME: Way = Way {
        challenge: Challenge::Frame,
        ..Way::of("card in a frame", Method::CARD)
    };
    pub const CARD_CANCELED: Way = Way {
        challenge: Challenge::Frame,
        cancels_first: true,
        ..Way::of("card, canceled once", Method::CARD)
    };
    pub const SAVED_CARD: Way = Way::of("saved card", Method::SAVED_CARD);
    pub const APM_CODE: Way = Way::apm("apm by code", "12", ApmKind::Otp);
    pub const APM_PAGE: Way = Way::apm("apm by page", "11", ApmKind::Redirect);
    pub const APM_PICTURE: Way = Way::apm("apm by picture", "11", ApmKind::Qr);
    pub const APM_AT_ONCE: Way = Way::apm("apm at once", "14", ApmKind::Direct);
    pub const HEPSIPAY: Way = Way::of("hepsipay", Method::HEPSIPAY);
    pub const ASPAY: Way = Way::of("aspay", Method::ASPAY);
    pub const TERMINAL: Way = Way::of("terminal", Method::TERMINAL);
    pub const TERMINAL_CANCELED: Way = Way {
        cancels_first: true,
        ..Way::of("terminal, canceled once", Method::TERMINAL)
    };

    pub const ALL: [Way; 12] = [
        Way::CARD,
        Way::CARD_IN_FRAME,
        Way::CARD_CANCELED,
        Way::SAVED_CARD,
        Way::APM_CODE,
        Way::APM_PAGE,
        Way::APM_PICTURE,
        Way::APM_AT_ONCE,
        Way::HEPSIPAY,
        Way::ASPAY,
        Way::TERMINAL,
        Way::TERMINAL_CANCELED,
    ];

    /// Body of `POST /v1/orders`.
    pub fn order(&self, reference: &str) -> Value {
        let mut order = json!({
            "reference": reference, "amount": AMOUNT, "currency": "TRY", "description": "Bir kâse",
            "returnUrl": format!("{SHOP}/odeme"), "methods": [self.method],
            "customer": { "id": "elif", "fullName": "Elif Yılmaz", "phone": "5551112233",
                "email": "elif@example.com", "country": "Türkiye", "city": "İstanbul",
                "address": "Moda Caddesi 12/3", "identityNumber": "10000000146" },
            "expiresInSeconds": 30 * 24 * 3600,
        });
        if self.method == Method::TERMINAL {
            order["terminal"] = json!({});
        }
        order
    }

    /// What is paid with, once the page knows enough.
    pub fn how(&self, page: &Checkout) -> Option<How> {
        let instrument = match self.method {
            Method::CARD => return Some(card(false)),
            Method::SAVED_CARD => Instrument::SavedCard {
                card: page.lookup().cards()?.first()?.id.clone(),
                installments: 1,
            },
            Method::HEPSIPAY => Instrument::Hepsipay,
            Method::ASPAY => Instrument::Aspay {
                payer: Payer::default(),
            },
            Method::TERMINAL => Instrument::Terminal {
                terminal: first_terminal(page),
            },
            _ => {
                let (connection, kind) = self.apm?;
                let number = (kind == ApmKind::Otp).then_some(meal::GOOD.number);
                let payer = Payer {
                    full_name: None,
                    phone: None,
                    email: None,
                    identity_number: None,
                    card_number: number.map(str::to_owned),
                };
                Instrument::Apm {
                    connection: connection.to_owned(),
                    kind,
                    payer,
                }
            }
        };
        Some(How::With(instrument))
    }
}

/// The one that is online; it is the first in the list.
fn first_terminal(page: &Checkout) -> Option<String> {
    page.order()?
        .methods
        .iter()
        .find_map(|method| match method {
            Method::Terminal { terminals } => Some(terminals.first()?.id.clone()),
            _ => None,
        })
}

/// A card that pays; to `save` it is another way to pay later.
pub fn card(save: bool) -> How {
    let (month, year) = GOOD.expiry.split_at(2);
    How::Card {
        card: TempCardRequest {
            card_type: CARD_TYPE_ECOM,
            card_owner_name: GOOD.holder.to_owned(),
            card_number: GOOD.number.to_owned(),
            card_cvv: GOOD.cvc.to_owned(),
            card_expiry_month: month.to_owned(),
            card_expiry_year: year.to_owned(),
            expiry_min: 15,
        },
        installments: 1,
        save,
    }
}
