-- +goose NO TRANSACTION
-- +goose Up

-- Who has paid; NULL where nobody has said. Each table is changed on its own, and repeatably, as in 00002.
-- +goose StatementBegin
SET LOCAL lock_timeout = '2s';
ALTER TABLE expense_entry ADD COLUMN IF NOT EXISTS paid_by bigint;
-- +goose StatementEnd
-- +goose StatementBegin
SET LOCAL lock_timeout = '2s';
ALTER TABLE expense_revision ADD COLUMN IF NOT EXISTS paid_by bigint;
-- +goose StatementEnd
-- +goose StatementBegin
SET LOCAL lock_timeout = '2s';
ALTER TABLE schedule ADD COLUMN IF NOT EXISTS paid_by bigint;
-- +goose StatementEnd

-- What each has paid in a month (YYYYMM). An expense without a payer is in no row of it. A table that is there already was left in place
-- when an older dump was restored, whose expenses have no payer.
-- +goose StatementBegin
DROP TABLE IF EXISTS expense_paid;
CREATE TABLE expense_paid (
    ledger_id bigint  NOT NULL,
    month     integer NOT NULL,
    user_id   bigint  NOT NULL,
    currency  text    COLLATE "C" NOT NULL,
    entries   bigint  NOT NULL,
    minor     bigint  NOT NULL,
    PRIMARY KEY (ledger_id, month, user_id, currency)
);
-- +goose StatementEnd

-- An add counts itself. A trigger counts changes, since an instance of the version before changes what has a payer, and knows of none.
-- Prices have all decimals of their currency, so without the point a sum is in minor units.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION expense_paid_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO expense_paid (ledger_id, month, user_id, currency, entries, minor)
    SELECT m.ledger_id, to_char(m.spent_on, 'YYYYMM')::integer, m.paid_by, m.currency, sum(m.entries),
        replace(sum(m.price)::text, '.', '')::bigint
    FROM (VALUES
        (NEW.ledger_id, NEW.spent_on, NEW.paid_by, NEW.currency, 1, NEW.price, NEW.deleted),
        (OLD.ledger_id, OLD.spent_on, OLD.paid_by, OLD.currency, -1, -OLD.price, OLD.deleted)
    ) AS m (ledger_id, spent_on, paid_by, currency, entries, price, deleted)
    WHERE m.paid_by IS NOT NULL AND NOT m.deleted
    GROUP BY 1, 2, 3, 4
    HAVING sum(m.entries) <> 0 OR sum(m.price) <> 0
    ORDER BY 1, 2, 3, 4
    ON CONFLICT (ledger_id, month, user_id, currency) DO UPDATE
    SET entries = expense_paid.entries + excluded.entries, minor = expense_paid.minor + excluded.minor;
    RETURN NULL;
END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
SET LOCAL lock_timeout = '2s';
DROP TRIGGER IF EXISTS expense_paid_moved ON expense_entry;
CREATE TRIGGER expense_paid_moved AFTER UPDATE OF spent_on, price, currency, deleted, paid_by ON expense_entry FOR EACH ROW
    WHEN ((OLD.paid_by IS NOT NULL OR NEW.paid_by IS NOT NULL)
        AND (OLD.paid_by IS DISTINCT FROM NEW.paid_by OR OLD.spent_on <> NEW.spent_on OR OLD.price <> NEW.price
            OR OLD.currency <> NEW.currency OR OLD.deleted <> NEW.deleted))
    EXECUTE FUNCTION expense_paid_moved();
-- +goose StatementEnd

-- +goose StatementBegin
SET LOCAL lock_timeout = '2s';
CREATE OR REPLACE VIEW expense AS
SELECT e.id, shown.name AS category, e.price, e.currency, e.spent_on AS date, e.note, e.ledger_id,
    e.payee, trim(e.tags) AS tags, e.price < 0 AS refund, payer.name AS paid_by
FROM expense_entry e
JOIN category stored ON stored.ledger_id = e.ledger_id AND stored.id = e.category_id
JOIN category shown ON shown.ledger_id = e.ledger_id AND shown.id = COALESCE(stored.merged_into, stored.id)
LEFT JOIN account payer ON payer.id = e.paid_by
WHERE NOT e.deleted;
-- +goose StatementEnd

-- A payer's expenses in the list's order. It is empty where nobody says who has paid. One that is there may be half made, by a start that
-- gave up. Nobody waits while it is made.
-- +goose StatementBegin
SET lock_timeout = '5s';
-- +goose StatementEnd
-- +goose StatementBegin
DROP INDEX IF EXISTS expense_entry_paid;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE INDEX CONCURRENTLY expense_entry_paid ON expense_entry (ledger_id, paid_by, spent_on DESC, id DESC)
    WHERE paid_by IS NOT NULL AND NOT deleted;
-- +goose StatementEnd
-- +goose StatementBegin
RESET lock_timeout;
-- +goose StatementEnd
