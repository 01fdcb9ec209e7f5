//! Cards of PayWall's documentation (paywall.md §5.8), and what the bank asks.

/// As a shopper types it.
#[derive(Clone, Copy, Debug)]
pub struct Card {
    pub number: &'static str,
    pub expiry: &'static str,
    pub cvc: &'static str,
    pub holder: &'static str,
    /// As PayWall masks the number.
    pub masked: &'static str,
}

/// Pays after the right code.
pub const GOOD: Card = Card {
    number: "5141181677407907",
    expiry: "0928",
    cvc: "360",
    holder: "Elif Yılmaz",
    masked: "514118******7907",
};

/// A credit card, which pays in installments too. PayWall prints another date,
/// which may be over.
pub const CREDIT: Card = Card {
    number: "5579200931751297",
    expiry: "1229",
    cvc: "291",
    holder: "Elif Yılmaz",
    masked: "557920******1297",
};

/// Pays too. No page of the shop prints it, so whoever finds its number
/// anywhere has found a leak.
pub const UNPRINTED: Card = Card {
    number: "5241185032382969",
    expiry: "0928",
    cvc: "077",
    holder: "Elif Yılmaz",
    masked: "524118******2969",
};

/// A Troy card that the bank declines after the right code.
pub const DECLINED: Card = Card {
    number: "9792088780144513",
    expiry: "1028",
    cvc: "110",
    holder: "Elif Yılmaz",
    masked: "979208******4513",
};

/// A meal card of the sandbox's; its last digits say what becomes of it.
#[derive(Clone, Copy, Debug)]
pub struct MealCard {
    pub number: &'static str,
    pub masked: &'static str,
}

pub mod meal {
    use super::MealCard;

    pub const GOOD: MealCard = MealCard {
        number: "6375780000000001",
        masked: "637578******0001",
    };

    /// Pays too, and stands on no page.
    pub const UNPRINTED: MealCard = MealCard {
        number: "6375784471930518",
        masked: "637578******0518",
    };

    /// Before any code is sent.
    pub const REFUSED: MealCard = MealCard {
        number: "6375780000000002",
        masked: "637578******0002",
    };

    pub const WITHOUT_CODE: MealCard = MealCard {
        number: "6375780000000003",
        masked: "637578******0003",
    };
}

pub const RIGHT_CODE: &str = "123456";
pub const WRONG_CODE: &str = "000000";
