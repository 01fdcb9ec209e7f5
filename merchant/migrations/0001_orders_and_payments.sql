-- Money rules live here, so that no code path and no second server can break
-- them; those that need triggers stand in the folder of each kind of database.
-- This file is read by both. Times are Unix milliseconds; amounts are minor
-- units; hashes are hex; flags are 0 and 1.

CREATE TABLE orders (
    checkout        TEXT   NOT NULL PRIMARY KEY,
    reference       TEXT   NOT NULL UNIQUE,
    -- SHA-256 of the order as it was created: the same order twice, or another one?
    content_hash    TEXT   NOT NULL,
    amount          BIGINT NOT NULL CHECK (amount > 0),
    currency        TEXT   NOT NULL,
    description     TEXT   NOT NULL,
    locale          TEXT   NOT NULL,
    return_url      TEXT   NOT NULL,
    -- JSON, handed on to providers.
    customer        TEXT   NOT NULL,
    -- The shop's own name for the customer: whose saved cards may be offered.
    customer_id     TEXT,
    products        TEXT   NOT NULL,
    -- JSON; which terminal may be rung, for an order that is paid at a counter.
    terminal        TEXT,
    -- JSON: what the order may be paid with, as it was offered at its creation.
    methods         TEXT   NOT NULL,
    revision        BIGINT NOT NULL DEFAULT 1,
    temp_tokens     BIGINT NOT NULL DEFAULT 0,
    -- Questions that its shopper made the server ask about cards.
    lookups         BIGINT NOT NULL DEFAULT 0,
    paid_at         BIGINT,
    created_at      BIGINT NOT NULL,
    expires_at      BIGINT NOT NULL
);

CREATE TABLE payments (
    id                TEXT   NOT NULL PRIMARY KEY,
    checkout          TEXT   NOT NULL REFERENCES orders (checkout),
    -- Counts the payments of one checkout, from 1.
    number            BIGINT NOT NULL,
    idempotency_key   TEXT   NOT NULL,
    -- Keyed: what was hashed may hold card data.
    request_hash      TEXT   NOT NULL,
    method            TEXT   NOT NULL,
    provider          TEXT   NOT NULL,
    status            TEXT   NOT NULL DEFAULT 'pending'
                      CHECK (status IN ('pending', 'paid', 'failed', 'canceled')),
    challenge         TEXT   NOT NULL CHECK (challenge IN ('redirect', 'frame')),
    installments      BIGINT NOT NULL,
    amount            BIGINT NOT NULL CHECK (amount > 0),
    currency          TEXT   NOT NULL,
    -- What the provider knows the payment by; stored before it is told. Changes
    -- with `restarts`, where a new one-time code needs a new payment there.
    reference         TEXT   NOT NULL UNIQUE,
    restarts          BIGINT NOT NULL DEFAULT 0,
    -- What became of the call that (re)starts the payment at its provider.
    start_call        TEXT   NOT NULL DEFAULT 'under_way'
                      CHECK (start_call IN ('under_way', 'answered', 'lost')),
    started_at        BIGINT NOT NULL,
    -- JSON: what the shopper has to do now.
    next              TEXT,
    -- JSON that the provider's code alone reads; never card data.
    state             TEXT,
    provider_id       TEXT,
    provider_status   TEXT,
    error_code        TEXT,
    error_message     TEXT,
    card_masked       TEXT,
    otp_attempts      BIGINT NOT NULL DEFAULT 0,
    -- Until then a one-time code is on its way to the provider, or was lost there.
    confirming_until  BIGINT,
    -- The shopper asked to cancel, and it could not be granted.
    cancel_wish       BIGINT NOT NULL DEFAULT 0 CHECK (cancel_wish IN (0, 1)),
    -- When the reconciler asks next; null: never again.
    next_check_at     BIGINT,
    checks            BIGINT NOT NULL DEFAULT 0,
    created_at        BIGINT NOT NULL,
    updated_at        BIGINT NOT NULL,
    UNIQUE (checkout, idempotency_key),
    UNIQUE (checkout, number)
);

-- Never two charges at once.
CREATE UNIQUE INDEX one_pending_payment ON payments (checkout) WHERE status = 'pending';

CREATE INDEX payments_due ON payments (method, next_check_at) WHERE next_check_at IS NOT NULL;

CREATE TABLE refunds (
    id                TEXT   NOT NULL PRIMARY KEY,
    checkout          TEXT   NOT NULL REFERENCES orders (checkout),
    payment           TEXT   NOT NULL REFERENCES payments (id),
    -- Counts the refunds of one checkout, from 1.
    number            BIGINT NOT NULL,
    idempotency_key   TEXT   NOT NULL,
    request_hash      TEXT   NOT NULL,
    amount            BIGINT NOT NULL CHECK (amount > 0),
    reason            TEXT,
    status            TEXT   NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'done', 'failed')),
    -- When the provider was told; null: it was not yet. Never told twice.
    sent_at           BIGINT,
    provider_id       TEXT,
    error_code        TEXT,
    error_message     TEXT,
    next_check_at     BIGINT,
    checks            BIGINT NOT NULL DEFAULT 0,
    created_at        BIGINT NOT NULL,
    updated_at        BIGINT NOT NULL,
    UNIQUE (checkout, idempotency_key),
    UNIQUE (checkout, number)
);

CREATE INDEX refunds_due ON refunds (next_check_at) WHERE next_check_at IS NOT NULL;
CREATE INDEX refunds_of_payment ON refunds (payment);

-- What the shop's back end is yet to be told, or was.
CREATE TABLE events (
    id                TEXT   NOT NULL PRIMARY KEY,
    kind              TEXT   NOT NULL,
    -- JSON, sent as it stands here.
    body              TEXT   NOT NULL,
    attempts          BIGINT NOT NULL DEFAULT 0,
    -- Null: delivered, or given up.
    next_attempt_at   BIGINT,
    delivered_at      BIGINT,
    created_at        BIGINT NOT NULL
);

CREATE INDEX events_due ON events (next_attempt_at) WHERE next_attempt_at IS NOT NULL;
