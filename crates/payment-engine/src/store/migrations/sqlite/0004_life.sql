-- What was given back of an order, as the state is kept: JSON that the engine alone reads.
ALTER TABLE orders ADD COLUMN refunds TEXT NOT NULL DEFAULT '[]';

-- For lists, newest first.
CREATE INDEX orders_by_time ON orders (placed_at_ms DESC, id);

-- Webhooks about orders of this store, until and after they have been looked into. Nothing else of their bodies is kept.
CREATE TABLE inbox (
    id             TEXT    NOT NULL PRIMARY KEY,
    order_id       TEXT    NOT NULL REFERENCES orders (id),
    payment_key    TEXT    NOT NULL,
    claim          TEXT    NOT NULL,
    vouched_for    INTEGER NOT NULL,
    received_at_ms INTEGER NOT NULL,
    due_at_ms      INTEGER,
    -- Whether somebody looks into it until then.
    is_taken       INTEGER NOT NULL DEFAULT 0,
    handled_at_ms  INTEGER,
    came_of_it     TEXT
) STRICT;
CREATE INDEX inbox_due ON inbox (due_at_ms) WHERE due_at_ms IS NOT NULL;
CREATE INDEX inbox_of_payment ON inbox (payment_key, received_at_ms);
CREATE INDEX inbox_of_order ON inbox (order_id, received_at_ms);

-- What merchants and shoppers are told: written with the event that it tells, a row per way of telling it.
CREATE TABLE outbox (
    id              TEXT    NOT NULL,
    channel         TEXT    NOT NULL,
    order_id        TEXT    NOT NULL REFERENCES orders (id),
    seq             INTEGER NOT NULL,
    part            INTEGER NOT NULL,
    kind            TEXT    NOT NULL,
    body            TEXT    NOT NULL,
    at_ms           INTEGER NOT NULL,
    tries           INTEGER NOT NULL DEFAULT 0,
    -- Until it has been delivered or is dead.
    due_at_ms       INTEGER,
    -- Whether somebody delivers it until then.
    is_taken        INTEGER NOT NULL DEFAULT 0,
    delivered_at_ms INTEGER,
    dead_at_ms      INTEGER,
    last_error      TEXT,
    PRIMARY KEY (id, channel)
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_due ON outbox (channel, due_at_ms) WHERE due_at_ms IS NOT NULL;
CREATE INDEX outbox_of_order ON outbox (order_id, channel, seq, part) WHERE due_at_ms IS NOT NULL;
CREATE INDEX outbox_dead ON outbox (dead_at_ms) WHERE dead_at_ms IS NOT NULL;

-- What an order takes of things of which there are so many and no more, and how much of each is taken. No total is no limit.
ALTER TABLE orders ADD COLUMN reserves TEXT NOT NULL DEFAULT '[]';
CREATE TABLE stock (
    sku   TEXT    NOT NULL PRIMARY KEY,
    total INTEGER CHECK (total >= 0),
    taken INTEGER NOT NULL CHECK (taken >= 0)
) STRICT, WITHOUT ROWID;

-- Whose details are forgotten, and when.
ALTER TABLE orders ADD COLUMN forgotten_at_ms INTEGER;
CREATE INDEX orders_to_forget ON orders (changed_at_ms) WHERE forgotten_at_ms IS NULL;

-- Events stay; the bodies that Toss sent with them go when their time is over, and so do the accounts that money was to come to. They are
-- read by nobody then, and hold names and numbers.
DROP TRIGGER order_events_are_never_changed;
CREATE TRIGGER order_events_are_never_changed BEFORE UPDATE ON order_events
WHEN NEW.order_id IS NOT OLD.order_id OR NEW.seq IS NOT OLD.seq OR NEW.at_ms IS NOT OLD.at_ms
    OR (NEW.event IS NOT OLD.event AND NEW.event IS NOT json_remove(OLD.event, '$.outcome.holder', '$.outcome.account_number',
        '$.outcome.secret', '$.outcome.account.holder', '$.outcome.account.account_number', '$.outcome.account.secret'))
    OR (NEW.toss_answer IS NOT NULL AND NEW.toss_answer IS NOT OLD.toss_answer)
BEGIN SELECT RAISE(ABORT, 'order_events is append-only'); END;
CREATE INDEX order_events_bodies ON order_events (at_ms) WHERE toss_answer IS NOT NULL;

-- How far Toss's transactions of an account have been compared with the orders, and who is at it.
CREATE TABLE books (
    account        TEXT    NOT NULL PRIMARY KEY REFERENCES accounts (name),
    begin_ms       INTEGER NOT NULL,
    agreed_ms      INTEGER NOT NULL,
    span_from_ms   INTEGER,
    span_to_ms     INTEGER,
    after_key      TEXT,
    ran_at_ms      INTEGER,
    settled_day    TEXT,
    holder         TEXT,
    lease_until_ms INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- What Toss has listed, once it has been compared: what is read again costs nothing, and what is missing can be told.
CREATE TABLE books_listed (
    payment_key     TEXT    NOT NULL,
    transaction_key TEXT    NOT NULL,
    status          TEXT    NOT NULL,
    is_cancel       INTEGER NOT NULL,
    order_id        TEXT,
    at_ms           INTEGER,
    PRIMARY KEY (payment_key, transaction_key, status)
) STRICT, WITHOUT ROWID;

-- Where Toss and the orders did not agree, until it is mended or a person has looked. A mark stands for one thing, however often it
-- is found.
CREATE TABLE books_findings (
    id            TEXT    NOT NULL PRIMARY KEY,
    mark          TEXT    NOT NULL UNIQUE,
    kind          TEXT    NOT NULL,
    order_id      TEXT,
    payment_key   TEXT,
    amount        TEXT,
    currency      TEXT,
    what          TEXT    NOT NULL,
    found_at_ms   INTEGER NOT NULL,
    checked_at_ms INTEGER NOT NULL,
    closed_at_ms  INTEGER,
    closed_how    TEXT,
    note          TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX books_findings_open ON books_findings (checked_at_ms) WHERE closed_at_ms IS NULL;
CREATE INDEX books_findings_by_time ON books_findings (found_at_ms);

-- Orders of which Toss has to list something.
CREATE INDEX orders_with_money ON orders (changed_at_ms, id) WHERE status = 'paid' OR refunds <> '[]';

-- What Toss pays out for each approval and cancel, as it writes it.
CREATE TABLE settlements (
    payment_key     TEXT NOT NULL,
    transaction_key TEXT NOT NULL,
    order_id        TEXT NOT NULL REFERENCES orders (id),
    currency        TEXT NOT NULL,
    amount          TEXT,
    fee             TEXT,
    vat             TEXT,
    pay_out         TEXT,
    sold_day        TEXT,
    paid_out_day    TEXT,
    PRIMARY KEY (payment_key, transaction_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX settlements_of_order ON settlements (order_id);
CREATE INDEX settlements_by_day ON settlements (paid_out_day);

-- The latest body stands with its event, once.
ALTER TABLE orders DROP COLUMN toss_answer;

-- What is over goes when its time is.
CREATE INDEX outbox_delivered ON outbox (delivered_at_ms) WHERE delivered_at_ms IS NOT NULL;
CREATE INDEX inbox_handled ON inbox (handled_at_ms) WHERE due_at_ms IS NULL;
