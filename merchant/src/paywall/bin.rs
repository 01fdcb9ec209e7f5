//! What a card's first digits say of it, and in how many installments it may
//! pay (paywall.md §5.1, §5.2): PaymentAPI, public keys.

use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::Value;

use super::amount::Currency;
use super::call::read;
use super::types::Envelope;
use super::{Error, PayWall, lenient};

/// `Body` of bin/inquiry. Names as PayWall's people wrote them; the ids beside
/// them contradict each other between calls (§8), so they are not read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Bin {
    #[serde(default)]
    pub card_bank: Option<String>,
    /// `Master Card`, `Visa`.
    #[serde(default)]
    pub card_brand: Option<String>,
    /// `Bonus`, `World`.
    #[serde(default)]
    pub card_family: Option<String>,
    /// `Bireysel`: personal or commercial.
    #[serde(default)]
    pub card_kind: Option<String>,
    /// `Kredi`: credit or debit.
    #[serde(default)]
    pub card_type: Option<String>,
}

/// `Body` of installment for one card.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Offer {
    /// `Option` in the answers by family.
    #[serde(default, alias = "Option")]
    pub options: Vec<Value>,
}

/// One entry of an [`Offer`].
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Choice {
    installment: u8,
    /// A rate.
    #[serde(default, deserialize_with = "lenient::decimal")]
    interest: Option<Decimal>,
    #[serde(default, deserialize_with = "lenient::decimal")]
    raw_amount: Option<Decimal>,
    #[serde(default, deserialize_with = "lenient::decimal")]
    interest_amount: Option<Decimal>,
}

/// A number of installments that the bank grants, with its price. Minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    pub count: u8,
    /// What the shopper pays in the end.
    pub total: i64,
    /// One installment, rounded: `total` is what counts.
    pub each: i64,
}

impl Plan {
    /// `amount`, shared out without interest.
    pub fn even(count: u8, amount: i64) -> Self {
        let parts = i64::from(count.max(1));
        Plan {
            count,
            total: amount,
            each: amount / parts + i64::from(amount % parts * 2 >= parts),
        }
    }
}

impl Offer {
    /// The plans for `amount` minor units, by count. A choice whose price cannot
    /// be told exactly is left out rather than shown with a wrong one; of several
    /// for one count the dearest is kept, for PayWall chooses among them later.
    pub fn plans(self, currency: Currency, amount: i64) -> Vec<Plan> {
        let mut plans: Vec<Plan> = self
            .options
            .into_iter()
            .filter_map(|choice| serde_json::from_value::<Choice>(choice).ok())
            .filter_map(|choice| choice.plan(currency, amount))
            .collect();
        plans.sort_by_key(|plan| (plan.count, -plan.total));
        plans.dedup_by_key(|plan| plan.count);
        plans
    }
}

impl Choice {
    /// Interest above zero is the shopper's to bear, else it is the shop's.
    fn plan(&self, currency: Currency, amount: i64) -> Option<Plan> {
        let raw = match self.raw_amount {
            Some(raw) => currency.minor(raw)?,
            None => amount,
        };
        let added = match self.interest_amount {
            Some(added) => currency.minor(added)?,
            None if self.interest.unwrap_or_default() > Decimal::ZERO => return None,
            None => 0,
        };
        let total = raw.checked_add(added.max(0))?;
        (self.installment > 0 && raw == amount).then(|| Plan::even(self.installment, total))
    }
}

impl PayWall {
    /// bin/inquiry (§5.1) for the first 6 or 8 digits.
    pub async fn bin(&self, digits: &str) -> Result<Bin, Error> {
        let request = self
            .payments
            .get("/api/paywall/bin/inquiry")
            .header("binnumber", digits);
        read(
            self.payments
                .send::<Envelope>("bin/inquiry", request)
                .await?,
        )
    }

    /// installment (§5.2) for the first 6 digits and `amount` minor units.
    pub async fn installments(
        &self,
        digits: &str,
        currency: Currency,
        amount: i64,
    ) -> Result<Vec<Plan>, Error> {
        let request = self
            .payments
            .get("/api/paywall/installment")
            .header("currencyid", currency.id)
            .header("amount", currency.decimal(amount).to_string())
            .header("binnumber", digits)
            .header("distinctduplicates", "true");
        let offer: Offer = read(
            self.payments
                .send::<Envelope>("installment", request)
                .await?,
        )?;
        Ok(offer.plans(currency, amount))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn plans(options: Value) -> Vec<(u8, i64, i64)> {
        let offer: Offer = serde_json::from_value(json!({ "Options": options })).unwrap();
        let currency = Currency::of("TRY").unwrap();
        let plans = offer.plans(currency, 10_000);
        plans
            .iter()
            .map(|plan| (plan.count, plan.total, plan.each))
            .collect()
    }

    fn choice(count: u8, interest: Value, added: Value) -> Value {
        json!({ "PaymentGatewayId": 1, "PaymentGatewayName": "-", "Installment": count, "Commission": 1.5,
                "Interest": interest, "RawAmount": 100.0, "InterestAmount": added })
    }

    #[test]
    fn interest_is_the_shoppers_only_above_zero_and_the_total_is_exact() {
        let given = json!([
            choice(6, json!(5), json!("5.00")),
            choice(1, json!(0), json!(0)),
            choice(3, json!(0), json!(null)),
            choice(9, json!(7.77), json!(7.77)),
        ]);
        assert_eq!(
            plans(given),
            [
                (1, 10_000, 10_000),
                (3, 10_000, 3_333),
                (6, 10_500, 1_750),
                (9, 10_777, 1_197),
            ]
        );
    }

    #[test]
    fn a_choice_without_an_exact_price_is_left_out() {
        let mut other_amount = choice(2, json!(0), json!(0));
        other_amount["RawAmount"] = json!(99.99);
        let given = json!([
            choice(3, json!(5), json!(null)),
            choice(4, json!(5), json!(5.005)),
            choice(0, json!(0), json!(0)),
            other_amount,
            "no choice",
            { "Installment": 6 },
        ]);
        assert_eq!(plans(given), [(6, 10_000, 1_667)]);
    }

    #[test]
    fn of_two_for_one_count_the_dearest_is_shown() {
        let given = json!([
            choice(3, json!(0), json!(0)),
            choice(3, json!(2), json!(2)),
            choice(3, json!(1), json!(1)),
        ]);
        assert_eq!(plans(given), [(3, 10_200, 3_400)]);
    }

    #[test]
    fn the_largest_total_is_parted_as_well() {
        let given = json!([choice(3, json!(1), json!("92233720368547658.07"))]);
        assert_eq!(plans(given), [(3, i64::MAX, i64::MAX / 3)]);
    }

    #[test]
    fn both_spellings_of_the_list_are_read() {
        let offer: Offer = serde_json::from_value(
            json!({ "CardFamilyId": 2, "CardFamily": "Bonus", "Option": [choice(2, json!(0), json!(0))] }),
        )
        .unwrap();
        assert_eq!(offer.plans(Currency::of("TRY").unwrap(), 10_000).len(), 1);
    }
}
