//! What the shopper has in the pocket: cards, a meal card, a phone that scans,
//! and a hand for the terminal on the counter.

use std::sync::Arc;

use kasa_checkout::core::flow::How;
use kasa_checkout::wire::merchant::{Checkout, Instrument, Method, Payer, payer_field};
use kasa_checkout::wire::paywall::{CARD_TYPE_ECOM, TempCardRequest};

use crate::browse;
use crate::dice::Dice;
use crate::world::World;

/// Number, CVC: of PayWall's documentation (paywall.md §5.8). The first two pay.
const CARDS: [(&str, &str); 3] = [
    ("5141181677407907", "360"),
    ("5241185032382969", "077"),
    ("9792088780144513", "110"),
];

/// The first two pay, the third is refused, the fourth pays without a code.
const MEAL_CARDS: [&str; 4] = [
    "6375780000000001",
    "6375784471930518",
    "6375780000000002",
    "6375780000000003",
];

/// Numbers that must be found nowhere.
pub fn secrets() -> impl Iterator<Item = &'static str> {
    CARDS.iter().map(|(number, _)| *number).chain(MEAL_CARDS)
}

/// A way to pay this order: by `method`, where one is asked for.
pub fn choose(order: &Checkout, method: &str, dice: &mut Dice) -> Option<How> {
    let fitting: Vec<&Method> = order
        .methods
        .iter()
        .filter(|offer| method == "any" || offer.name() == method)
        .filter(|offer| !matches!(offer, Method::SavedCard | Method::Unknown(_)))
        .collect();
    if fitting.is_empty() {
        return None;
    }
    Some(match dice.among(&fitting) {
        Method::Card { .. } => card(dice),
        Method::Apm(offer) => How::With(Instrument::Apm {
            connection: offer.connection.clone(),
            kind: offer.kind,
            payer: payer(&offer.fields, dice),
        }),
        Method::Hepsipay => How::With(Instrument::Hepsipay),
        Method::Aspay { fields } => How::With(Instrument::Aspay {
            payer: payer(fields, dice),
        }),
        Method::Terminal { terminals } => How::With(Instrument::Terminal {
            terminal: terminals.first().map(|terminal| terminal.id.clone()),
        }),
        Method::SavedCard | Method::Unknown(_) => return None,
    })
}

fn card(dice: &mut Dice) -> How {
    let (number, cvc) = if dice.chance(85) {
        dice.among(&CARDS[..2])
    } else {
        CARDS[2]
    };
    How::Card {
        card: TempCardRequest {
            card_type: CARD_TYPE_ECOM,
            card_owner_name: "Elif Yılmaz".into(),
            card_number: number.into(),
            card_cvv: cvc.into(),
            card_expiry_month: if number.starts_with("97") { "10" } else { "09" }.into(),
            card_expiry_year: "28".into(),
            expiry_min: 0,
        },
        installments: 1,
        save: false,
    }
}

fn payer(fields: &[String], dice: &mut Dice) -> Payer {
    let mut payer = Payer::default();
    for field in fields {
        match field.as_str() {
            payer_field::FULL_NAME => payer.full_name = Some("Elif Yılmaz".into()),
            payer_field::PHONE => payer.phone = Some("5551112233".into()),
            payer_field::EMAIL => payer.email = Some("elif@example.com".into()),
            payer_field::IDENTITY_NUMBER => payer.identity_number = Some("10000000146".into()),
            payer_field::CARD_NUMBER => {
                let number = if dice.chance(80) {
                    dice.among(&MEAL_CARDS[..2])
                } else {
                    dice.among(&MEAL_CARDS[2..])
                };
                payer.card_number = Some(number.into());
            }
            _ => {}
        }
    }
    payer
}

/// The phone that scanned the picture on the page.
pub async fn scan(world: &Arc<World>, dice: &mut Dice) {
    let last = world.last_of("apm", "uniqueCode").await;
    if let Some(code) = last {
        browse::press(world, &format!("/apm/phone/{code}"), dice).await;
    }
}

/// A hand at the terminal.
pub async fn tap(world: &Arc<World>, dice: &mut Dice) {
    let last = world.last_of("pos", "terminalId").await;
    if let Some(terminal) = last {
        let path = format!("/pos/terminal/{terminal}");
        browse::press(world, &path, dice).await;
        browse::press(world, &path, dice).await;
    }
}
