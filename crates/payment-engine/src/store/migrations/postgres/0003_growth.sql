-- What a list of one state, and what is over by now, are found by, however many orders there are.
CREATE INDEX orders_of_status ON orders (status, placed_at_ms DESC, id);
DROP INDEX orders_to_forget;
CREATE INDEX orders_to_forget ON orders (status, changed_at_ms) WHERE lane IS NULL AND forgotten_at_ms IS NULL;
-- The latest paid order is found by orders_with_money.
DROP INDEX orders_paid;

-- Histories of orders that nothing has happened to for long: the table that every payment writes to stays as small as a shop's last weeks.
-- A server of before, beside one of now, shows an operator less of the history of such an order; it decides nothing by it.
CREATE TABLE order_events_archive (
    order_id    TEXT COLLATE "C" NOT NULL REFERENCES orders (id),
    seq         BIGINT           NOT NULL,
    at_ms       BIGINT           NOT NULL,
    event       TEXT             NOT NULL,
    toss_answer TEXT,
    written_by  TEXT             NOT NULL,
    PRIMARY KEY (order_id, seq)
);
CREATE INDEX order_events_archive_bodies ON order_events_archive (at_ms) WHERE toss_answer IS NOT NULL;
ALTER TABLE orders ADD COLUMN archived_at_ms BIGINT;
CREATE INDEX orders_to_archive ON orders (changed_at_ms) WHERE lane IS NULL AND archived_at_ms IS NULL;
