//! In how many installments a card may pay an order (paywall.md §5.1, §5.2), for
//! a card that is being typed and for one that was saved.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Extension, State};
use kasa_checkout::wire::merchant::{BinInfo, BinRequest, CardKind, PaidBy, Plan};

use super::card::Card;
use crate::address::ClientAddress;
use crate::app::App;
use crate::checkouts::open_order;
use crate::extract::{CheckoutPath, JsonBody};
use crate::limits;
use crate::paywall::amount::Currency;
use crate::paywall::bin::{self, Bin};
use crate::paywall::{self, PayWall};
use crate::problem::{Error, Result};
use crate::store::{Order, Question};

/// Digits that installment takes.
const BIN_DIGITS: usize = 6;

/// `POST …/bin`. A card of which PayWall knows nothing can pay at once.
pub(super) async fn bin(
    Extension(card): Extension<Arc<Card>>,
    State(app): State<Arc<App>>,
    CheckoutPath(id): CheckoutPath,
    from: ClientAddress,
    JsonBody(BinRequest { bin }): JsonBody<BinRequest>,
) -> Result<Json<BinInfo>> {
    let digits = digits(&bin).ok_or_else(|| Error::unfit("bin: 6 to 8 digits"))?;
    let order = open_order(&app, &id).await?;
    let currency = Currency::of(&order.currency).ok_or(Error::MethodNotOffered)?;
    limits::ask(&app, &id, Question::Lookup, from).await?;
    let (told, plans) = tokio::join!(
        card.paywall.bin(digits),
        card.paywall
            .installments(&digits[..BIN_DIGITS], currency, order.amount),
    );
    let (told, plans) = match (told, plans) {
        (Err(paywall::Error::Lost(loss)), Err(paywall::Error::Lost(_))) => {
            return Err(Error::ProviderUnavailable(loss.into()));
        }
        (told, plans) => (told.unwrap_or_default(), plans.unwrap_or_default()),
    };
    Ok(Json(info(told, shown(plans, order.amount))))
}

/// Whether a card of this BIN may pay the order in `count` parts. For one, any
/// may; for more, PayWall has to say so.
pub(super) async fn grants(
    paywall: &PayWall,
    order: &Order,
    bin: &str,
    count: u8,
) -> std::result::Result<bool, paywall::Error> {
    if count == 1 {
        return Ok(true);
    }
    let (Some(digits), Some(currency)) = (digits(bin), Currency::of(&order.currency)) else {
        return Ok(false);
    };
    let digits = &digits[..BIN_DIGITS];
    let plans = paywall.installments(digits, currency, order.amount).await?;
    Ok(plans.iter().any(|plan| plan.count == count))
}

/// The six or eight digits that PayWall takes, out of six to eight.
fn digits(bin: &str) -> Option<&str> {
    let fits = (BIN_DIGITS..=8).contains(&bin.len()) && bin.bytes().all(|it| it.is_ascii_digit());
    let length = if bin.len() == 8 { 8 } else { BIN_DIGITS };
    bin.get(..length).filter(|_| fits)
}

/// As the shopper may see them; the single payment is always among them.
fn shown(mut plans: Vec<bin::Plan>, amount: i64) -> Vec<Plan> {
    if plans.first().is_none_or(|plan| plan.count != 1) {
        plans.insert(0, bin::Plan::even(1, amount));
    }
    let of = |plan: bin::Plan| {
        let interest = plan.total - amount;
        Plan {
            installments: plan.count,
            each: plan.each,
            total: plan.total,
            interest,
            paid_by: if interest > 0 {
                PaidBy::Shopper
            } else {
                PaidBy::Shop
            },
        }
    };
    plans.into_iter().map(of).collect()
}

fn info(bin: Bin, plans: Vec<Plan>) -> BinInfo {
    let filled = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
    BinInfo {
        kind: bin.card_type.as_deref().and_then(kind),
        brand: filled(bin.card_brand),
        bank: filled(bin.card_bank),
        family: filled(bin.card_family),
        plans,
    }
}

/// PayWall says it in Turkish, its clients in English.
fn kind(text: &str) -> Option<CardKind> {
    let text = text.to_lowercase();
    let says = |words: [&str; 2]| words.iter().any(|word| text.contains(word));
    if says(["kredi", "credit"]) {
        Some(CardKind::Credit)
    } else if says(["ön ödemeli", "prepaid"]) {
        Some(CardKind::Prepaid)
    } else if says(["banka", "debit"]) {
        Some(CardKind::Debit)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_six_to_eight_digits_paywall_gets_six_or_eight() {
        let cases = [
            ("557920", Some("557920")),
            ("5579200", Some("557920")),
            ("55792009", Some("55792009")),
            ("55792", None),
            ("557920093", None),
            ("55792o", None),
            ("５５７９２０", None),
        ];
        for (given, sent) in cases {
            assert_eq!(digits(given), sent, "{given}");
        }
    }

    #[test]
    fn a_kind_is_read_in_both_languages() {
        let cases = [
            ("Kredi", Some(CardKind::Credit)),
            ("CREDIT", Some(CardKind::Credit)),
            ("Banka Kartı", Some(CardKind::Debit)),
            ("Debit", Some(CardKind::Debit)),
            ("Ön Ödemeli", Some(CardKind::Prepaid)),
            ("", None),
        ];
        for (text, told) in cases {
            assert_eq!(kind(text), told, "{text}");
        }
    }

    #[test]
    fn the_single_payment_is_always_shown_first() {
        let of = |count, total| bin::Plan {
            total,
            ..bin::Plan::even(count, total)
        };
        let counts = |plans: Vec<Plan>| -> Vec<(u8, PaidBy)> {
            plans
                .iter()
                .map(|plan| (plan.installments, plan.paid_by))
                .collect()
        };
        assert_eq!(
            counts(shown(vec![of(2, 1000), of(3, 1050)], 1000)),
            [(1, PaidBy::Shop), (2, PaidBy::Shop), (3, PaidBy::Shopper)]
        );
        assert_eq!(counts(shown(vec![of(1, 1000)], 1000)), [(1, PaidBy::Shop)]);
        assert_eq!(shown(Vec::new(), 1000).len(), 1);
    }
}
