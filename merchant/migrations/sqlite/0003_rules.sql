-- The rules of ../postgres/0003_rules.sql, for SQLite.

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

-- Money on its way back is not called back.
CREATE TRIGGER refund_done_is_final BEFORE UPDATE OF status ON refunds
WHEN OLD.status <> 'pending' AND NEW.status <> OLD.status
BEGIN
    SELECT RAISE(ABORT, 'an ended refund never changes its status');
END;

-- Never more than what was paid. The code asks first; this holds whatever it does.
CREATE TRIGGER refunds_fit_the_payment BEFORE INSERT ON refunds
WHEN NEW.amount + (SELECT COALESCE(SUM(amount), 0) FROM refunds WHERE payment = NEW.payment AND status <> 'failed')
     > COALESCE((SELECT amount FROM payments WHERE id = NEW.payment AND status = 'paid'), 0)
BEGIN
    SELECT RAISE(ABORT, 'refunds never add up to more than was paid');
END;

CREATE TRIGGER refund_money_is_fixed BEFORE UPDATE OF amount, payment ON refunds
BEGIN
    SELECT RAISE(ABORT, 'the amount of a refund never changes');
END;

-- Nothing is pending again once it has ended. A paid one may still come back.
CREATE TRIGGER ended_payout_is_ended BEFORE UPDATE OF status ON payouts
WHEN OLD.status <> 'pending' AND NEW.status = 'pending'
BEGIN
    SELECT RAISE(ABORT, 'an ended payout never becomes pending again');
END;

CREATE TRIGGER payout_money_is_fixed BEFORE UPDATE OF amount, currency ON payouts
BEGIN
    SELECT RAISE(ABORT, 'the amount of a payout never changes');
END;
