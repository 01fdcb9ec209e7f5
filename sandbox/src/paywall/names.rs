//! Ids and names of brands, kinds and families (paywall.md §5.5). An id that is
//! not documented is 0.

use crate::card::{Brand, Family, Kind};

pub(super) fn brand(brand: Brand) -> (u8, &'static str) {
    match brand {
        Brand::Mastercard => (1, "Master Card"),
        Brand::Visa => (2, "Visa"),
        Brand::Troy => (0, "Troy"),
        Brand::Amex => (0, "American Express"),
        Brand::Other => (0, ""),
    }
}

pub(super) fn kind(kind: Option<Kind>) -> (u8, &'static str) {
    match kind {
        Some(Kind::Credit) => (1, "Kredi"),
        Some(Kind::Debit) => (2, "Banka"),
        Some(Kind::Prepaid) => (0, "Ön Ödemeli"),
        None => (0, ""),
    }
}

pub(super) fn family(family: Option<Family>) -> (u8, &'static str) {
    match family {
        Some(Family::World) => (1, "World"),
        Some(Family::Bonus) => (2, "Bonus"),
        Some(Family::Maximum) => (3, "Maximum"),
        Some(Family::Axess) => (4, "Axess"),
        None => (0, ""),
    }
}

/// `CardTypeId` of CardWall's top level, which there means the scheme. Only 0
/// and 1 are documented.
pub(super) fn scheme(brand: Brand) -> (u8, &'static str) {
    match brand {
        Brand::Visa => (0, "Visa"),
        Brand::Mastercard => (1, "MasterCard"),
        Brand::Amex => (2, "Amex"),
        Brand::Troy => (3, "Troy"),
        Brand::Other => (4, ""),
    }
}

/// `CardKind` 1; the test cards are nobody's company cards.
pub(super) const PERSONAL: &str = "Bireysel";
