-- Servers that share the database. What one of them has taken is its own for as long as it lives; who does not say so in time is gone.
CREATE TABLE servers (
    name           TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    -- By the clock of the database.
    alive_until_ms BIGINT           NOT NULL
);

-- Who looks at it, or calls Toss for it, until the next look; nobody's leases end by time alone.
ALTER TABLE orders ADD COLUMN leased_by TEXT COLLATE "C";
ALTER TABLE inbox ADD COLUMN leased_by TEXT COLLATE "C";
ALTER TABLE outbox ADD COLUMN leased_by TEXT COLLATE "C";
