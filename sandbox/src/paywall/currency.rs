//! PayWall's own currency numbers (paywall.md §5.4); they are not ISO numbers.

/// In the order of their ids, from 1.
const CODES: [&str; 33] = [
    "TRY", "USD", "EUR", "BAM", "MKD", "ALL", "GBP", "AUD", "CHF", "BRL", "PLN", "MXN", "PEN",
    "BGN", "CZK", "DKK", "HRK", "HUF", "ISK", "NOK", "RON", "SEK", "PHP", "SGD", "NZD", "ARS",
    "CLP", "COP", "CRC", "UYU", "VES", "CNY", "THB",
];

/// The id, when PayWall has a currency for it.
pub(crate) fn known(id: i64) -> Option<u8> {
    u8::try_from(id).ok().filter(|id| !code(*id).is_empty())
}

/// ISO 4217 letters; empty for an id that PayWall does not have.
pub(crate) fn code(id: u8) -> &'static str {
    usize::from(id)
        .checked_sub(1)
        .and_then(|index| CODES.get(index))
        .copied()
        .unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_paywalls_own() {
        let documented = [
            (1, "TRY"),
            (4, "BAM"),
            (7, "GBP"),
            (20, "NOK"),
            (32, "CNY"),
            (33, "THB"),
        ];
        for (id, letters) in documented {
            assert_eq!(code(id), letters);
        }
        for id in [-1, 0, 34, 949] {
            assert_eq!(known(id), None);
        }
    }
}
