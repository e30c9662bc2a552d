-- What a list of one state, and what is over by now, are found by, however many orders there are.
CREATE INDEX orders_of_status ON orders (status, placed_at_ms DESC, id);
DROP INDEX orders_to_forget;
CREATE INDEX orders_to_forget ON orders (status, changed_at_ms) WHERE lane IS NULL AND forgotten_at_ms IS NULL;
-- The latest paid order is found by orders_with_money.
DROP INDEX orders_paid;

-- Histories of orders that nothing has happened to for long: the table that every payment writes to stays as small as a shop's last weeks.
CREATE TABLE order_events_archive (
    order_id    TEXT    NOT NULL REFERENCES orders (id),
    seq         INTEGER NOT NULL,
    at_ms       INTEGER NOT NULL,
    event       TEXT    NOT NULL,
    toss_answer TEXT,
    PRIMARY KEY (order_id, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX order_events_archive_bodies ON order_events_archive (at_ms) WHERE toss_answer IS NOT NULL;
ALTER TABLE orders ADD COLUMN archived_at_ms INTEGER;
CREATE INDEX orders_to_archive ON orders (changed_at_ms) WHERE lane IS NULL AND archived_at_ms IS NULL;

-- An event leaves the one table for the other and nothing else.
DROP TRIGGER order_events_are_never_deleted;
CREATE TRIGGER order_events_are_never_deleted BEFORE DELETE ON order_events
WHEN NOT EXISTS (
    SELECT 1 FROM order_events_archive AS kept
    WHERE kept.order_id = OLD.order_id AND kept.seq = OLD.seq AND kept.at_ms = OLD.at_ms AND kept.event = OLD.event
        AND kept.toss_answer IS OLD.toss_answer
)
BEGIN SELECT RAISE(ABORT, 'order_events is append-only'); END;
CREATE TRIGGER order_events_archive_is_never_deleted BEFORE DELETE ON order_events_archive
BEGIN SELECT RAISE(ABORT, 'order_events_archive is append-only'); END;
CREATE TRIGGER order_events_archive_is_never_changed BEFORE UPDATE ON order_events_archive
WHEN NEW.order_id IS NOT OLD.order_id OR NEW.seq IS NOT OLD.seq OR NEW.at_ms IS NOT OLD.at_ms
    OR (NEW.event IS NOT OLD.event AND NEW.event IS NOT json_remove(OLD.event, '$.outcome.holder', '$.outcome.account_number',
        '$.outcome.secret', '$.outcome.account.holder', '$.outcome.account.account_number', '$.outcome.account.secret'))
    OR (NEW.toss_answer IS NOT NULL AND NEW.toss_answer IS NOT OLD.toss_answer)
BEGIN SELECT RAISE(ABORT, 'order_events_archive is append-only'); END;
