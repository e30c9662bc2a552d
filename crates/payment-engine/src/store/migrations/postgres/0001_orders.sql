-- Names and keys are compared byte by byte (COLLATE "C"): where the words of a language decide, an upgrade of the system can change their
-- order, and an index that was made in another order finds no duplicates. What has a serde form is opaque text that the engine alone
-- reads. Times are ms since 1970 UTC.

-- Accounts at Toss, and the keys that have proved to be theirs. Of a key only a fingerprint is kept.
CREATE TABLE accounts (
    name   TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    mode   TEXT             NOT NULL,
    -- The how-many-eth it is.
    number BIGINT           NOT NULL
);

CREATE TABLE account_keys (
    fingerprint TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    account     TEXT COLLATE "C" NOT NULL REFERENCES accounts (name)
);

-- Who has ordered: a row to lock, so that of two orders that one owner places at once the second meets the first.
CREATE TABLE owners (
    owner        TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    placed_at_ms BIGINT           NOT NULL
);

-- One row per order: what was sold to whom, and where it stands now.
CREATE TABLE orders (
    id              TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    owner           TEXT COLLATE "C" NOT NULL REFERENCES owners (owner),
    name            TEXT             NOT NULL,
    details         TEXT             NOT NULL,
    reserves        TEXT             NOT NULL,
    amount          NUMERIC          NOT NULL CHECK (amount > 0),
    currency        TEXT             NOT NULL,
    state           TEXT             NOT NULL,
    refunds         TEXT             NOT NULL,
    status          TEXT             NOT NULL,
    -- Whose payment its attempt is.
    account         TEXT COLLATE "C",
    -- How many events it has had. Who changes an order says from which version.
    version         BIGINT           NOT NULL,
    attempts        BIGINT           NOT NULL,
    placed_at_ms    BIGINT           NOT NULL,
    changed_at_ms   BIGINT           NOT NULL,
    expires_at_ms   BIGINT           NOT NULL,
    -- When and by which lane it is looked at next.
    lane            TEXT,
    look_at_ms      BIGINT,
    looks           BIGINT           NOT NULL DEFAULT 0,
    looked_at_ms    BIGINT,
    waits_since_ms  BIGINT,
    forgotten_at_ms BIGINT
);
-- Each lane reads its own part, soonest first. Paid and expired orders are not in it.
CREATE INDEX orders_to_look_at ON orders (lane, look_at_ms) WHERE lane IS NOT NULL;
-- What stops a browser from ordering, and what a newer order replaces: a few rows per browser.
CREATE INDEX orders_unpaid_of_owner ON orders (owner) WHERE status IN ('open', 'declined', 'confirming', 'in_doubt');
-- A payment that proves whose account a new key is.
CREATE INDEX orders_paid ON orders (changed_at_ms) WHERE status = 'paid';
-- For lists, newest first.
CREATE INDEX orders_by_time ON orders (placed_at_ms DESC, id);
-- Whose details are to be forgotten.
CREATE INDEX orders_to_forget ON orders (changed_at_ms) WHERE forgotten_at_ms IS NULL;
-- Orders of which Toss has to list something.
CREATE INDEX orders_with_money ON orders (changed_at_ms, id) WHERE status = 'paid' OR refunds <> '[]';

-- Everything that ever happened to an order. Rows are added; what is taken out of them is bodies and accounts whose time is over.
CREATE TABLE order_events (
    order_id    TEXT COLLATE "C" NOT NULL REFERENCES orders (id),
    seq         BIGINT           NOT NULL,
    at_ms       BIGINT           NOT NULL,
    event       TEXT             NOT NULL,
    toss_answer TEXT,
    -- By which call it was written: who has lost the connection while writing finds out whether it was.
    written_by  TEXT             NOT NULL,
    PRIMARY KEY (order_id, seq)
);
CREATE INDEX order_events_bodies ON order_events (at_ms) WHERE toss_answer IS NOT NULL;

-- A payment belongs to the order that claimed it first. The primary key is what keeps one payment from paying twice.
CREATE TABLE payment_claims (
    payment_key TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    order_id    TEXT COLLATE "C" NOT NULL REFERENCES orders (id)
);

-- Webhooks about orders of this store, until and after they have been looked into. Nothing else of their bodies is kept.
CREATE TABLE inbox (
    id             TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    order_id       TEXT COLLATE "C" NOT NULL REFERENCES orders (id),
    payment_key    TEXT COLLATE "C" NOT NULL,
    claim          TEXT             NOT NULL,
    vouched_for    BOOLEAN          NOT NULL,
    received_at_ms BIGINT           NOT NULL,
    due_at_ms      BIGINT,
    -- Whether somebody looks into it until then.
    is_taken       BOOLEAN          NOT NULL DEFAULT FALSE,
    handled_at_ms  BIGINT,
    came_of_it     TEXT
);
CREATE INDEX inbox_due ON inbox (due_at_ms) WHERE due_at_ms IS NOT NULL;
CREATE INDEX inbox_of_payment ON inbox (payment_key, received_at_ms);
CREATE INDEX inbox_of_order ON inbox (order_id, received_at_ms);
CREATE INDEX inbox_handled ON inbox (handled_at_ms) WHERE due_at_ms IS NULL;

-- What merchants and shoppers are told: written with the event that it tells, a row per way of telling it.
CREATE TABLE outbox (
    id              TEXT COLLATE "C" NOT NULL,
    channel         TEXT COLLATE "C" NOT NULL,
    order_id        TEXT COLLATE "C" NOT NULL REFERENCES orders (id),
    seq             BIGINT           NOT NULL,
    part            BIGINT           NOT NULL,
    kind            TEXT             NOT NULL,
    body            TEXT             NOT NULL,
    at_ms           BIGINT           NOT NULL,
    tries           BIGINT           NOT NULL DEFAULT 0,
    -- Until it has been delivered or is dead.
    due_at_ms       BIGINT,
    -- Whether somebody delivers it until then.
    is_taken        BOOLEAN          NOT NULL DEFAULT FALSE,
    delivered_at_ms BIGINT,
    dead_at_ms      BIGINT,
    last_error      TEXT,
    PRIMARY KEY (id, channel)
);
CREATE INDEX outbox_due ON outbox (channel, due_at_ms) WHERE due_at_ms IS NOT NULL;
CREATE INDEX outbox_of_order ON outbox (order_id, channel, seq, part) WHERE due_at_ms IS NOT NULL;
CREATE INDEX outbox_delivered ON outbox (delivered_at_ms) WHERE delivered_at_ms IS NOT NULL;
CREATE INDEX outbox_dead ON outbox (at_ms) WHERE dead_at_ms IS NOT NULL;

-- How much there is of what, and how much of it is taken. No total is no limit.
CREATE TABLE stock (
    sku   TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    total BIGINT CHECK (total >= 0),
    taken BIGINT           NOT NULL CHECK (taken >= 0)
);

-- How far Toss's transactions of an account have been compared with the orders, and who is at it.
CREATE TABLE books (
    account        TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES accounts (name),
    begin_ms       BIGINT           NOT NULL,
    agreed_ms      BIGINT           NOT NULL,
    span_from_ms   BIGINT,
    span_to_ms     BIGINT,
    after_key      TEXT,
    ran_at_ms      BIGINT,
    settled_day    TEXT,
    holder         TEXT,
    lease_until_ms BIGINT           NOT NULL DEFAULT 0
);

-- What Toss has listed, once it has been compared: what is read again costs nothing, and what is missing can be told.
CREATE TABLE books_listed (
    payment_key     TEXT COLLATE "C" NOT NULL,
    transaction_key TEXT COLLATE "C" NOT NULL,
    status          TEXT COLLATE "C" NOT NULL,
    is_cancel       BOOLEAN          NOT NULL,
    order_id        TEXT,
    at_ms           BIGINT,
    PRIMARY KEY (payment_key, transaction_key, status)
);

-- Where Toss and the orders did not agree, until it is mended or a person has looked. A mark stands for one thing, however often it
-- is found.
CREATE TABLE books_findings (
    id            TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    mark          TEXT COLLATE "C" NOT NULL UNIQUE,
    kind          TEXT             NOT NULL,
    order_id      TEXT COLLATE "C",
    payment_key   TEXT,
    amount        NUMERIC,
    currency      TEXT,
    what          TEXT             NOT NULL,
    found_at_ms   BIGINT           NOT NULL,
    checked_at_ms BIGINT           NOT NULL,
    closed_at_ms  BIGINT,
    closed_how    TEXT,
    note          TEXT
);
CREATE INDEX books_findings_open ON books_findings (checked_at_ms) WHERE closed_at_ms IS NULL;
CREATE INDEX books_findings_by_time ON books_findings (found_at_ms);

-- What Toss pays out for each approval and cancel, as it writes it.
CREATE TABLE settlements (
    payment_key     TEXT COLLATE "C" NOT NULL,
    transaction_key TEXT COLLATE "C" NOT NULL,
    order_id        TEXT COLLATE "C" NOT NULL REFERENCES orders (id),
    currency        TEXT             NOT NULL,
    amount          NUMERIC,
    fee             NUMERIC,
    vat             NUMERIC,
    pay_out         NUMERIC,
    sold_day        TEXT COLLATE "C",
    paid_out_day    TEXT COLLATE "C",
    PRIMARY KEY (payment_key, transaction_key)
);
CREATE INDEX settlements_of_order ON settlements (order_id);
CREATE INDEX settlements_by_day ON settlements (paid_out_day);

-- Written to prove that the database can be.
CREATE TABLE write_probe (
    only_row BIGINT NOT NULL PRIMARY KEY CHECK (only_row = 1),
    at_ms    BIGINT NOT NULL
);
INSERT INTO write_probe (only_row, at_ms) VALUES (1, 0);
