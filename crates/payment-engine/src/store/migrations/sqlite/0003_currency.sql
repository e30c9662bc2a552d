-- An order may be in other money than won: its amount is exact text, and its currency stands beside it. Neither has a default: a
-- row without them cannot be read, which is better than one that is sold for a made-up price.
ALTER TABLE orders ADD COLUMN amount   TEXT CHECK (amount IS NULL OR CAST(amount AS REAL) > 0);
ALTER TABLE orders ADD COLUMN currency TEXT;

UPDATE orders SET amount = CAST(total_krw AS TEXT), currency = 'KRW';

ALTER TABLE orders DROP COLUMN total_krw;
