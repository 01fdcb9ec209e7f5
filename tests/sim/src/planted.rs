//! Bugs that a merchant server could have, to see that the look into the books
//! finds them. None is in its code: each is a trigger of its database, or a
//! carrier that does more than it was told.

use crate::net::Letter;

/// A bug, and what is said when it is found.
pub struct Planted {
    pub name: &'static str,
    /// For the database, once its tables are there.
    pub sql: &'static str,
    /// Letters to providers that go out twice.
    pub sent_twice: fn(&Letter) -> bool,
    /// Part of a violation that it leads to.
    pub found: &'static str,
}

const NONE: Planted = Planted {
    name: "",
    sql: "",
    sent_twice: |_| false,
    found: "",
};

pub static ALL: [Planted; 9] = [
    Planted {
        name: "nobody asks about a payment whose answer was lost",
        sql: "CREATE TRIGGER planted_1 AFTER INSERT ON payments BEGIN
                  UPDATE payments SET next_check_at = NULL WHERE id = NEW.id; END;
              CREATE TRIGGER planted_2 AFTER UPDATE OF next_check_at ON payments BEGIN
                  UPDATE payments SET next_check_at = NULL WHERE id = NEW.id; END;",
        found: "for ever",
        ..NONE
    },
    Planted {
        name: "what a provider refused is recorded paid",
        sql: "CREATE TRIGGER planted AFTER UPDATE OF status ON payments WHEN NEW.status = 'failed' BEGIN
                  UPDATE payments SET status = 'paid' WHERE id = NEW.id; END;",
        found: "recorded paid that the provider did not take",
        ..NONE
    },
    Planted {
        name: "what the shop is to be told is stored apart from what happened, and lost",
        sql: "CREATE TRIGGER planted AFTER INSERT ON events WHEN NEW.kind = 'order.paid' BEGIN
                  DELETE FROM events WHERE id = NEW.id; END;",
        found: "was not announced once",
        ..NONE
    },
    Planted {
        name: "the shop is told of one end as if it were two",
        sql: "CREATE TRIGGER planted AFTER INSERT ON events BEGIN
                  INSERT INTO events SELECT id || '-2', kind, body, attempts, next_attempt_at, delivered_at, created_at
                  FROM events WHERE id = NEW.id; END;",
        found: "announced once",
        ..NONE
    },
    Planted {
        name: "a refund goes out twice",
        sent_twice: |letter| letter.url.path().contains("refund"),
        found: "given back",
        ..NONE
    },
    Planted {
        name: "a refund is done before the provider has heard of it",
        sql: "CREATE TRIGGER planted AFTER INSERT ON refunds BEGIN
                  UPDATE refunds SET status = 'done', next_check_at = NULL WHERE id = NEW.id; END;",
        found: "given back is not what the books say",
        ..NONE
    },
    Planted {
        name: "an order forgets that it was paid",
        sql: "CREATE TRIGGER planted AFTER UPDATE OF paid_at ON orders BEGIN
                  UPDATE orders SET paid_at = NULL WHERE checkout = NEW.checkout; END;",
        found: "the order's status is not what its charges say",
        ..NONE
    },
    Planted {
        name: "a payment is stored under another key than the page's",
        sql: "CREATE TRIGGER planted AFTER INSERT ON payments BEGIN
                  UPDATE payments SET idempotency_key = id WHERE id = NEW.id; END;",
        found: "a key that no page paid with",
        ..NONE
    },
    Planted {
        name: "a card number is stored",
        sql: "CREATE TRIGGER planted AFTER INSERT ON payments BEGIN
                  UPDATE payments SET card_masked = '5141181677407907' WHERE id = NEW.id; END;",
        found: "a card number stands in the database",
        ..NONE
    },
];
