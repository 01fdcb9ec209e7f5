-- Money rules live here, so that no code path and no second server can break
-- them. Times are Unix milliseconds; amounts are minor units.

CREATE TABLE orders (
    checkout        TEXT    NOT NULL PRIMARY KEY,
    reference       TEXT    NOT NULL UNIQUE,
    -- SHA-256 of the order as it was created: the same order twice, or another one?
    content_hash    BLOB    NOT NULL,
    amount          INTEGER NOT NULL CHECK (amount > 0),
    currency        TEXT    NOT NULL,
    description     TEXT    NOT NULL,
    locale          TEXT    NOT NULL,
    return_url      TEXT    NOT NULL,
    -- JSON, handed on to PayWall.
    customer        TEXT    NOT NULL,
    products        TEXT    NOT NULL,
    revision        INTEGER NOT NULL DEFAULT 1,
    temp_tokens     INTEGER NOT NULL DEFAULT 0,
    paid_at         INTEGER,
    created_at      INTEGER NOT NULL,
    expires_at      INTEGER NOT NULL
) STRICT;

CREATE TABLE payments (
    -- Also PayWall's MerchantUniqueCode.
    id                  TEXT    NOT NULL PRIMARY KEY,
    checkout            TEXT    NOT NULL REFERENCES orders (checkout),
    idempotency_key     TEXT    NOT NULL,
    request_hash        BLOB    NOT NULL,
    method              TEXT    NOT NULL,
    status              TEXT    NOT NULL DEFAULT 'pending'
                        CHECK (status IN ('pending', 'paid', 'failed', 'canceled')),
    challenge           TEXT    NOT NULL CHECK (challenge IN ('redirect', 'frame')),
    installments        INTEGER NOT NULL,
    amount              INTEGER NOT NULL CHECK (amount > 0),
    currency            TEXT    NOT NULL,
    -- What became of the call that starts the payment at PayWall.
    start               TEXT    NOT NULL DEFAULT 'under_way'
                        CHECK (start IN ('under_way', 'answered', 'lost')),
    redirect_url        TEXT,
    error_code          TEXT,
    error_message       TEXT,
    card_masked         TEXT,
    provider_payment_id INTEGER,
    provider_status_id  INTEGER,
    -- When the reconciler asks next; null: never again.
    next_check_at       INTEGER,
    checks              INTEGER NOT NULL DEFAULT 0,
    created_at          INTEGER NOT NULL,
    updated_at          INTEGER NOT NULL,
    UNIQUE (checkout, idempotency_key)
) STRICT;

-- Never two charges at once.
CREATE UNIQUE INDEX one_pending_payment ON payments (checkout) WHERE status = 'pending';

CREATE INDEX payments_due ON payments (next_check_at) WHERE next_check_at IS NOT NULL;

-- A paid payment stays paid.
CREATE TRIGGER paid_is_final BEFORE UPDATE OF status ON payments
WHEN OLD.status = 'paid' AND NEW.status <> 'paid'
BEGIN
    SELECT RAISE(ABORT, 'a paid payment never changes its status');
END;

-- Nothing is pending again once it has ended.
CREATE TRIGGER ended_is_ended BEFORE UPDATE OF status ON payments
WHEN OLD.status <> 'pending' AND NEW.status = 'pending'
BEGIN
    SELECT RAISE(ABORT, 'an ended payment never becomes pending again');
END;

CREATE TRIGGER money_is_fixed BEFORE UPDATE OF amount, currency ON payments
BEGIN
    SELECT RAISE(ABORT, 'the amount of a payment never changes');
END;

CREATE TRIGGER order_money_is_fixed BEFORE UPDATE OF amount, currency ON orders
BEGIN
    SELECT RAISE(ABORT, 'the amount of an order never changes');
END;
