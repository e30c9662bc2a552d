-- What the shop sells becomes opaque, what is asked for becomes columns, and each order says when and by which lane it is
-- looked at next.
DROP INDEX orders_to_check;

ALTER TABLE orders ADD COLUMN details        TEXT    NOT NULL DEFAULT '{}';
ALTER TABLE orders ADD COLUMN status         TEXT    NOT NULL DEFAULT 'open';
ALTER TABLE orders ADD COLUMN attempts       INTEGER NOT NULL DEFAULT 0;
ALTER TABLE orders ADD COLUMN expires_at_ms  INTEGER NOT NULL DEFAULT 0;
ALTER TABLE orders ADD COLUMN lane           TEXT;
ALTER TABLE orders ADD COLUMN look_at_ms     INTEGER;
ALTER TABLE orders ADD COLUMN looks          INTEGER NOT NULL DEFAULT 0;
ALTER TABLE orders ADD COLUMN looked_at_ms   INTEGER;
ALTER TABLE orders ADD COLUMN waits_since_ms INTEGER;

UPDATE orders SET
    details = json_object('cart', json(cart), 'customer', json(customer), 'lang', lang),
    attempts = (SELECT COUNT(*) FROM payment_claims WHERE payment_claims.order_id = orders.id),
    -- Orders of before could be paid for ever; 40 minutes are the default from now on.
    expires_at_ms = placed_at_ms + 2400000,
    looks = checks,
    state = CASE state ->> '$.status'
        WHEN 'confirming' THEN json_object('status', 'confirming', 'attempt', json(json_remove(state, '$.status')))
        WHEN 'unknown'    THEN json_object('status', 'in_doubt',   'attempt', json(json_remove(state, '$.status')))
        ELSE state END;

UPDATE orders SET
    status = state ->> '$.status',
    lane = CASE state ->> '$.status'
        WHEN 'open'             THEN 'expiry'
        WHEN 'declined'         THEN 'expiry'
        WHEN 'confirming'       THEN 'unheard'
        WHEN 'in_doubt'         THEN 'unheard'
        WHEN 'awaiting_deposit' THEN 'deposit' END,
    look_at_ms = CASE state ->> '$.status'
        WHEN 'open'     THEN expires_at_ms
        WHEN 'declined' THEN expires_at_ms
        WHEN 'paid'     THEN NULL
        ELSE COALESCE(check_at_ms, changed_at_ms) END,
    waits_since_ms = COALESCE(state ->> '$.attempt.claimed_at_ms', placed_at_ms);

-- Words of Toss's own paths were taken for paymentKeys. They are none, so nothing was ever charged with them; what names one
-- gets another name that can be read, and its order is payable again.
DROP TRIGGER order_events_are_never_changed;
UPDATE order_events SET event = json_replace(event, '$.payment_key', 'no-key-' || (event ->> '$.payment_key'))
WHERE event ->> '$.payment_key' IN ('confirm', 'key-in', 'orders');
CREATE TRIGGER order_events_are_never_changed BEFORE UPDATE ON order_events
BEGIN SELECT RAISE(ABORT, 'order_events is append-only'); END;
UPDATE payment_claims SET payment_key = 'no-key-' || payment_key WHERE payment_key IN ('confirm', 'key-in', 'orders');
UPDATE orders SET
    status = 'declined',
    lane = 'expiry',
    look_at_ms = expires_at_ms,
    state = json_object(
        'status', 'declined',
        'attempt', json_replace(state -> '$.attempt', '$.payment_key', 'no-key-' || (state ->> '$.attempt.payment_key')),
        'decline', json_object('code', 'NOT_FOUND_PAYMENT', 'message', '', 'status', 404))
WHERE state ->> '$.attempt.payment_key' IN ('confirm', 'key-in', 'orders');

ALTER TABLE orders DROP COLUMN cart;
ALTER TABLE orders DROP COLUMN customer;
ALTER TABLE orders DROP COLUMN lang;
ALTER TABLE orders DROP COLUMN check_at_ms;
ALTER TABLE orders DROP COLUMN checks;

-- Each lane reads its own part, soonest first. Paid and expired orders are not in it.
CREATE INDEX orders_to_look_at ON orders (lane, look_at_ms) WHERE lane IS NOT NULL;
-- What stops a browser from ordering, and what a newer order replaces: a few rows per browser.
CREATE INDEX orders_unpaid_of_owner ON orders (owner) WHERE status IN ('open', 'declined', 'confirming', 'in_doubt');
-- A payment that proves whose account a new key is.
CREATE INDEX orders_paid ON orders (changed_at_ms) WHERE status = 'paid';

-- Accounts at Toss, and the keys that have proved to be theirs. Of a key only a fingerprint is kept.
CREATE TABLE accounts (
    name TEXT NOT NULL PRIMARY KEY,
    mode TEXT NOT NULL
) STRICT;

CREATE TABLE account_keys (
    fingerprint TEXT NOT NULL PRIMARY KEY,
    account     TEXT NOT NULL REFERENCES accounts (name)
) STRICT, WITHOUT ROWID;

-- Until now a database knew its account by the client key alone: the first secret key that is used adopts it.
INSERT INTO accounts (name, mode)
SELECT 'account-1', CASE WHEN account = 'the sandbox' THEN 'sandbox' WHEN account LIKE '%live!_gck!_%' ESCAPE '!' THEN 'live' ELSE 'test' END
FROM toss_account;

DROP TABLE toss_account;

-- Written to prove that the database can be.
CREATE TABLE write_probe (
    only_row INTEGER NOT NULL PRIMARY KEY CHECK (only_row = 1),
    at_ms    INTEGER NOT NULL
) STRICT;
INSERT INTO write_probe (only_row, at_ms) VALUES (1, 0);
