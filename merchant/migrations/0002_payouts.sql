-- Money that the shop sends to a bank account. Whose it is stands at the provider
-- and in the shop's books, not here.

CREATE TABLE payouts (
    id                 TEXT   NOT NULL PRIMARY KEY,
    -- The shop's.
    reference          TEXT   NOT NULL UNIQUE,
    -- Of the payout as it was asked for; keyed, for account and identity numbers are few.
    content_hash       TEXT   NOT NULL,
    amount             BIGINT NOT NULL CHECK (amount > 0),
    currency           TEXT   NOT NULL,
    status             TEXT   NOT NULL DEFAULT 'pending'
                       CHECK (status IN ('pending', 'paid', 'failed', 'canceled')),
    -- What the provider knows it by; stored before it is told.
    provider_reference TEXT   NOT NULL UNIQUE,
    provider_id        TEXT,
    provider_status    TEXT,
    error_code         TEXT,
    -- How often the provider was told to let the money go, and when last.
    starts             BIGINT NOT NULL DEFAULT 0,
    started_at         BIGINT,
    -- When the reconciler asks next; null: never again.
    next_check_at      BIGINT,
    checks             BIGINT NOT NULL DEFAULT 0,
    created_at         BIGINT NOT NULL,
    updated_at         BIGINT NOT NULL
);

CREATE INDEX payouts_due ON payouts (next_check_at) WHERE next_check_at IS NOT NULL;
