-- What is still open is counted for the metrics, again and again: it must not
-- cost a walk over all that ever was.
CREATE INDEX refunds_pending ON refunds (created_at) WHERE status = 'pending';
CREATE INDEX payouts_pending ON payouts (created_at) WHERE status = 'pending';
CREATE INDEX events_open ON events (created_at) WHERE next_attempt_at IS NOT NULL;
