-- What was given back of an order, as the state is kept: JSON that the engine alone reads.
ALTER TABLE orders ADD COLUMN refunds TEXT NOT NULL DEFAULT '[]';

-- For lists, newest first.
CREATE INDEX orders_by_time ON orders (placed_at_ms);

-- Webhooks about orders of this store, until and after they have been looked into. Nothing else of their bodies is kept.
CREATE TABLE inbox (
    id             TEXT    NOT NULL PRIMARY KEY,
    order_id       TEXT    NOT NULL REFERENCES orders (id),
    payment_key    TEXT    NOT NULL,
    claim          TEXT    NOT NULL,
    vouched_for    INTEGER NOT NULL,
    received_at_ms INTEGER NOT NULL,
    due_at_ms      INTEGER,
    handled_at_ms  INTEGER,
    came_of_it     TEXT
) STRICT;
CREATE INDEX inbox_due ON inbox (due_at_ms) WHERE due_at_ms IS NOT NULL;
CREATE INDEX inbox_of_payment ON inbox (payment_key, received_at_ms);

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
    delivered_at_ms INTEGER,
    dead_at_ms      INTEGER,
    last_error      TEXT,
    PRIMARY KEY (id, channel)
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_due ON outbox (channel, due_at_ms) WHERE due_at_ms IS NOT NULL;
CREATE INDEX outbox_of_order ON outbox (order_id, channel, seq, part) WHERE due_at_ms IS NOT NULL;
CREATE INDEX outbox_dead ON outbox (dead_at_ms) WHERE dead_at_ms IS NOT NULL;
