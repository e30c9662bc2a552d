-- Whose payments these are, in one row: a paymentKey means nothing at another account of Toss, or in the sandbox.
CREATE TABLE toss_account (
    only_row INTEGER NOT NULL PRIMARY KEY CHECK (only_row = 1),
    account  TEXT    NOT NULL
) STRICT;

-- One row per order: what was sold to whom, and where it stands now.
CREATE TABLE orders (
    id            TEXT    NOT NULL PRIMARY KEY,
    owner         TEXT    NOT NULL,
    name          TEXT    NOT NULL,
    cart          TEXT    NOT NULL,
    customer      TEXT    NOT NULL,
    lang          TEXT    NOT NULL,
    total_krw     INTEGER NOT NULL CHECK (total_krw >= 100),
    state         TEXT    NOT NULL,
    version       INTEGER NOT NULL,
    toss_answer   TEXT,
    check_at_ms   INTEGER,
    checks        INTEGER NOT NULL DEFAULT 0,
    placed_at_ms  INTEGER NOT NULL,
    changed_at_ms INTEGER NOT NULL
) STRICT;

-- Only orders in doubt have a check, so this stays tiny however many orders there are.
CREATE INDEX orders_to_check ON orders (check_at_ms) WHERE check_at_ms IS NOT NULL;

-- Everything that ever happened to an order. Rows are added, never changed.
CREATE TABLE order_events (
    order_id    TEXT    NOT NULL REFERENCES orders (id),
    seq         INTEGER NOT NULL,
    at_ms       INTEGER NOT NULL,
    event       TEXT    NOT NULL,
    toss_answer TEXT,
    PRIMARY KEY (order_id, seq)
) STRICT;

CREATE TRIGGER order_events_are_never_changed BEFORE UPDATE ON order_events
BEGIN SELECT RAISE(ABORT, 'order_events is append-only'); END;

CREATE TRIGGER order_events_are_never_deleted BEFORE DELETE ON order_events
BEGIN SELECT RAISE(ABORT, 'order_events is append-only'); END;

-- A payment belongs to the order that claimed it first. The primary key is what keeps one payment from paying twice.
CREATE TABLE payment_claims (
    payment_key TEXT NOT NULL PRIMARY KEY,
    order_id    TEXT NOT NULL REFERENCES orders (id)
) STRICT, WITHOUT ROWID;
