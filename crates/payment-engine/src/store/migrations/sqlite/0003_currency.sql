-- An order may be in other money than won: its amount is exact text, and its currency stands beside it.
ALTER TABLE orders ADD COLUMN amount   TEXT NOT NULL DEFAULT '100' CHECK (CAST(amount AS REAL) > 0);
ALTER TABLE orders ADD COLUMN currency TEXT NOT NULL DEFAULT 'KRW';

UPDATE orders SET amount = CAST(total_krw AS TEXT);

ALTER TABLE orders DROP COLUMN total_krw;
