-- The rules of ../sqlite/0003_rules.sql, for PostgreSQL.

CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0];
END $$;

-- A paid payment stays paid.
CREATE TRIGGER paid_is_final BEFORE UPDATE OF status ON payments
FOR EACH ROW WHEN (OLD.status = 'paid' AND NEW.status <> 'paid')
EXECUTE FUNCTION refuse('a paid payment never changes its status');

-- Nothing is pending again once it has ended.
CREATE TRIGGER ended_is_ended BEFORE UPDATE OF status ON payments
FOR EACH ROW WHEN (OLD.status <> 'pending' AND NEW.status = 'pending')
EXECUTE FUNCTION refuse('an ended payment never becomes pending again');

CREATE TRIGGER money_is_fixed BEFORE UPDATE OF amount, currency ON payments
FOR EACH ROW EXECUTE FUNCTION refuse('the amount of a payment never changes');

CREATE TRIGGER order_money_is_fixed BEFORE UPDATE OF amount, currency ON orders
FOR EACH ROW EXECUTE FUNCTION refuse('the amount of an order never changes');

-- Money on its way back is not called back.
CREATE TRIGGER refund_done_is_final BEFORE UPDATE OF status ON refunds
FOR EACH ROW WHEN (OLD.status <> 'pending' AND NEW.status <> OLD.status)
EXECUTE FUNCTION refuse('an ended refund never changes its status');

CREATE TRIGGER refund_money_is_fixed BEFORE UPDATE OF amount, payment ON refunds
FOR EACH ROW EXECUTE FUNCTION refuse('the amount of a refund never changes');

-- Never more than what was paid. The code asks first; this holds whatever it
-- does. The payment is locked, or two inserts at once would not see each other.
CREATE FUNCTION refunds_fit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    paid BIGINT;
    taken BIGINT;
BEGIN
    SELECT amount INTO paid FROM payments WHERE id = NEW.payment AND status = 'paid' FOR UPDATE;
    SELECT COALESCE(SUM(amount), 0) INTO taken FROM refunds WHERE payment = NEW.payment AND status <> 'failed';
    IF NEW.amount + taken > COALESCE(paid, 0) THEN
        RAISE EXCEPTION 'refunds never add up to more than was paid';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER refunds_fit_the_payment BEFORE INSERT ON refunds
FOR EACH ROW EXECUTE FUNCTION refunds_fit();

-- Nothing is pending again once it has ended. A paid one may still come back.
CREATE TRIGGER ended_payout_is_ended BEFORE UPDATE OF status ON payouts
FOR EACH ROW WHEN (OLD.status <> 'pending' AND NEW.status = 'pending')
EXECUTE FUNCTION refuse('an ended payout never becomes pending again');

CREATE TRIGGER payout_money_is_fixed BEFORE UPDATE OF amount, currency ON payouts
FOR EACH ROW EXECUTE FUNCTION refuse('the amount of a payout never changes');
