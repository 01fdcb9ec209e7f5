//! The documented test cards (paywall.md §5.8), as a table. Knows nothing of
//! payments: only which card pays and what is printed on it.

use crate::card::{Brand, Family, Kind};

/// A card that the documentation names.
#[derive(Debug)]
pub(crate) struct TestCard {
    pub(crate) number: &'static str,
    /// As printed, mostly `MM/YY`; empty where none is printed. Never judged.
    pub(crate) expiry: &'static str,
    /// As printed, three or four digits; empty where none is printed.
    pub(crate) cvv: &'static str,
    pub(crate) brand: Brand,
    pub(crate) kind: Option<Kind>,
    /// The issuing bank of PayWall's own cards; the provider a sandbox card belongs to.
    pub(crate) issuer: &'static str,
    /// Whether the payment succeeds after the right 3-D Secure code.
    pub(crate) pays: bool,
}

/// The documented card with this number.
pub(crate) fn find(number: &str) -> Option<&'static TestCard> {
    PAYWALL
        .iter()
        .chain(PROVIDERS)
        .find(|card| card.number == number)
}

/// The documented cards whose numbers begin so.
pub(crate) fn beginning_with(bin: &str) -> impl Iterator<Item = &'static TestCard> {
    PAYWALL
        .iter()
        .chain(PROVIDERS)
        .filter(move |card| card.number.starts_with(bin))
}

impl TestCard {
    /// The documentation names none: credit cards get one each, so that every
    /// plan can be seen.
    pub(crate) fn family(&self) -> Option<Family> {
        match (self.kind, self.brand) {
            (Some(Kind::Credit), Brand::Mastercard) if self.issuer == "Vakıfbank" => {
                Some(Family::World)
            }
            (Some(Kind::Credit), Brand::Mastercard) => Some(Family::Bonus),
            (Some(Kind::Credit), Brand::Visa) => Some(Family::Maximum),
            (Some(Kind::Credit), _) => Some(Family::Axess),
            _ => None,
        }
    }
}

const fn card(
    number: &'static str,
    expiry: &'static str,
    cvv: &'static str,
    brand: Brand,
    kind: Option<Kind>,
    issuer: &'static str,
    pays: bool,
) -> TestCard {
    TestCard {
        number,
        expiry,
        cvv,
        brand,
        kind,
        issuer,
        pays,
    }
}

/// PayWall's own test cards.
#[rustfmt::skip]
pub(crate) const PAYWALL: &[TestCard] = &[
    card("5141181677407907", "09/28", "360", Brand::Mastercard, Some(Kind::Debit), "papara", true),
    card("5241185032382969", "09/28", "077", Brand::Mastercard, Some(Kind::Prepaid), "papara", true),
    card("5579200931751297", "06/26", "291", Brand::Mastercard, Some(Kind::Credit), "papara", true),
    card("5293601234567896", "12/29", "0000", Brand::Mastercard, Some(Kind::Credit), "Vakıfbank", true),
    card("4452530415730705", "04/27", "685", Brand::Visa, Some(Kind::Debit), "papara", true),
    card("4127483982956524", "08/26", "006", Brand::Visa, Some(Kind::Prepaid), "papara", true),
    card("4061297182997700", "05/27", "182", Brand::Visa, Some(Kind::Credit), "papara", true),
    card("375607798279765", "10/28", "468", Brand::Amex, Some(Kind::Debit), "papara", true),
    card("376464965990587", "08/27", "522", Brand::Amex, Some(Kind::Prepaid), "papara", true),
    card("341700202287408", "02/29", "389", Brand::Amex, Some(Kind::Credit), "papara", true),
    card("9792088780144513", "10/28", "110", Brand::Troy, Some(Kind::Debit), "akbank", false),
    card("9792081516769919", "08/27", "691", Brand::Troy, Some(Kind::Prepaid), "akbank", false),
    card("9792083114548091", "02/23", "752", Brand::Troy, Some(Kind::Credit), "akbank", false),
    card("5293602398764311", "12/29", "1111", Brand::Mastercard, Some(Kind::Credit), "Vakıfbank", false),
];

/// Sandbox cards of the providers behind PayWall. A number that several
/// providers share stands once.
#[rustfmt::skip]
pub(crate) const PROVIDERS: &[TestCard] = &[
    card("5528790000000008", "12/30", "123", Brand::Mastercard, None, "Iyzico", true),
    card("4546711234567894", "12/26", "000", Brand::Visa, None, "Param, Paratika, Vepara, United Payment, Parolapara", true),
    card("5401341234567891", "12/26", "000", Brand::Mastercard, None, "Param", true),
    card("4508034508034509", "12/26", "000", Brand::Visa, None, "Param, DenizPay (FastPay)", true),
    card("5406675406675403", "12/26", "000", Brand::Mastercard, None, "DenizPay (FastPay)", true),
    card("4048095010857528", "05/28", "000", Brand::Visa, None, "Sipay", true),
    card("5127541122223332", "12/25", "000", Brand::Mastercard, None, "Moka", true),
    card("4155650100416111", "01/2050", "715", Brand::Visa, None, "Ahl Pay, İşyerimPos, NomuPay", true),
    card("9792030394440796", "12/99", "000", Brand::Troy, None, "PayTR", true),
    card("4938460158754205", "11/2024", "715", Brand::Visa, None, "Rubikpara", true),
    card("4341792000000044", "01/30", "000", Brand::Visa, None, "Monri", true),
    card("5218487962459752", "12/25", "656", Brand::Mastercard, None, "Akbank, İşbank, Halkbank, Ziraatbank, Türkiye Finans", true),
    card("4446763125813623", "12/26", "658", Brand::Visa, None, "Akbank, İşbank, Halkbank, Ziraatbank, Türkiye Finans", true),
    card("5200190005138652", "", "", Brand::Mastercard, None, "Akbank, İşbank, Halkbank, Ziraatbank", true),
    card("5269737320050521", "", "", Brand::Mastercard, None, "Akbank, İşbank, Halkbank, Ziraatbank", true),
    card("4799150896081734", "", "", Brand::Visa, None, "Akbank, İşbank, Halkbank, Ziraatbank", true),
    card("5377193762823307", "", "", Brand::Mastercard, None, "Akbank, İşbank, Halkbank, Ziraatbank", true),
    card("5188961939192544", "06/25", "929", Brand::Mastercard, None, "Kuveyt Türk", true),
    card("4282405990002166", "12/25", "656", Brand::Visa, None, "QNB Finansbank", true),
    card("4506344103118942", "01/24", "000", Brand::Visa, None, "YapıKredi", true),
    card("4506347023253988", "12/25", "000", Brand::Visa, None, "YapıKredi", true),
    card("5400617004770430", "12/25", "000", Brand::Mastercard, None, "YapıKredi", true),
    card("4506347028991897", "12/25", "000", Brand::Visa, None, "YapıKredi", true),
    card("4506347026523718", "12/25", "000", Brand::Visa, None, "YapıKredi", true),
    card("5400617020092306", "12/25", "000", Brand::Mastercard, None, "YapıKredi", true),
    card("5400617030400291", "12/25", "000", Brand::Mastercard, None, "YapıKredi", true),
    card("4506347010299085", "09/26", "000", Brand::Visa, None, "YapıKredi", true),
    card("4506347001028691", "06/26", "000", Brand::Visa, None, "YapıKredi", true),
    card("5400617000004909", "09/26", "000", Brand::Mastercard, None, "YapıKredi", true),
    card("5406697543211173", "04/27", "423", Brand::Mastercard, None, "Garanti", true),
    card("4577270000134621", "12/26", "000", Brand::Visa, None, "Param (foreign currency)", true),
    card("5400010000000004", "", "", Brand::Mastercard, None, "Iyzico (foreign currency)", true),
];
