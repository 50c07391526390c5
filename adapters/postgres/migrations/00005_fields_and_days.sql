-- +goose NO TRANSACTION
-- +goose Up

-- Each table is changed on its own, and repeatably, as in 00002: what waits for a lock gives up soon, and a start tries again.

-- A refund is a price below zero: so what an expense counts for is its price, for an instance of the version before as well. Tags stand
-- with one blank around each, such as ' work family '.
-- +goose StatementBegin
SET LOCAL lock_timeout = '2s';
ALTER TABLE expense_entry
    ADD COLUMN IF NOT EXISTS payee text NOT NULL DEFAULT '',
    ADD COLUMN IF NOT EXISTS tags  text NOT NULL DEFAULT '',
    DROP CONSTRAINT IF EXISTS expense_entry_price_check,
    DROP CONSTRAINT IF EXISTS expense_entry_price_not_zero,
    ADD CONSTRAINT expense_entry_price_not_zero CHECK (price <> 0) NOT VALID; -- the older rows are above zero
-- +goose StatementEnd

-- An empty colour or icon is the one that the program gives by itself. A removed category has no expenses and is in no list.
-- +goose StatementBegin
SET LOCAL lock_timeout = '2s';
ALTER TABLE category
    ADD COLUMN IF NOT EXISTS colour   text    NOT NULL DEFAULT '',
    ADD COLUMN IF NOT EXISTS icon     text    NOT NULL DEFAULT '',
    ADD COLUMN IF NOT EXISTS archived boolean NOT NULL DEFAULT false,
    ADD COLUMN IF NOT EXISTS removed  boolean NOT NULL DEFAULT false;
CREATE INDEX IF NOT EXISTS category_suggested ON category (ledger_id, name_key) WHERE name_key IS NOT NULL AND NOT archived AND NOT removed;
-- +goose StatementEnd

-- +goose StatementBegin
SET LOCAL lock_timeout = '2s';
CREATE OR REPLACE VIEW expense AS
SELECT e.id, shown.name AS category, e.price, e.currency, e.spent_on AS date, e.note, e.ledger_id,
    e.payee, trim(e.tags) AS tags, e.price < 0 AS refund
FROM expense_entry e
JOIN category stored ON stored.ledger_id = e.ledger_id AND stored.id = e.category_id
JOIN category shown ON shown.ledger_id = e.ledger_id AND shown.id = COALESCE(stored.merged_into, stored.id)
WHERE NOT e.deleted;
-- +goose StatementEnd

-- A category that was removed is there again with the first total that it gets: an add may have found it before it was removed.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION expense_total_was_made() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    left_category bigint;
    was_removed boolean;
BEGIN
    SELECT merged_into, removed INTO left_category, was_removed FROM category
    WHERE ledger_id = NEW.ledger_id AND id = NEW.category_id;
    IF left_category IS NOT NULL THEN
        PERFORM expense_total_follow(NEW.ledger_id, NEW.category_id, left_category);
    ELSIF was_removed THEN
        UPDATE category SET removed = false WHERE ledger_id = NEW.ledger_id AND id = NEW.category_id;
    END IF;
    RETURN NULL;
END
$$;
-- +goose StatementEnd

-- What was spent on a day is a total too: its month is YYYYMMDD, its category 0. Triggers keep it, so that instances of the version
-- before do so as well. Prices have all decimals of their currency, so without the point a sum is in minor units.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION expense_days_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO expense_total (ledger_id, month, category_id, currency, entries, minor)
    SELECT a.ledger_id, to_char(a.spent_on, 'YYYYMMDD')::integer, 0, a.currency, count(*), replace(sum(a.price)::text, '.', '')::bigint
    FROM added a
    WHERE NOT a.deleted
    GROUP BY a.ledger_id, a.spent_on, a.currency
    ORDER BY a.ledger_id, a.spent_on, a.currency
    ON CONFLICT (ledger_id, month, category_id, currency) DO UPDATE
    SET entries = expense_total.entries + excluded.entries, minor = expense_total.minor + excluded.minor;
    RETURN NULL;
END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION expense_days_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO expense_total (ledger_id, month, category_id, currency, entries, minor)
    SELECT m.ledger_id, to_char(m.spent_on, 'YYYYMMDD')::integer, 0, m.currency, sum(m.entries),
        replace(sum(m.price)::text, '.', '')::bigint
    FROM (
        SELECT ledger_id, spent_on, currency, 1 AS entries, price FROM added WHERE NOT deleted
        UNION ALL
        SELECT ledger_id, spent_on, currency, -1, -price FROM removed WHERE NOT deleted
    ) m
    GROUP BY m.ledger_id, m.spent_on, m.currency
    HAVING sum(m.entries) <> 0 OR sum(m.price) <> 0
    ORDER BY m.ledger_id, m.spent_on, m.currency
    ON CONFLICT (ledger_id, month, category_id, currency) DO UPDATE
    SET entries = expense_total.entries + excluded.entries, minor = expense_total.minor + excluded.minor;
    RETURN NULL;
END
$$;
-- +goose StatementEnd

-- The writers of every ledger touch its row first: they wait while the days are counted, and none is half way.
-- +goose StatementBegin
SET LOCAL lock_timeout = '2s';
LOCK TABLE ledger IN SHARE ROW EXCLUSIVE MODE;
DROP TRIGGER IF EXISTS expense_days_added ON expense_entry;
CREATE TRIGGER expense_days_added AFTER INSERT ON expense_entry
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION expense_days_added();
DROP TRIGGER IF EXISTS expense_days_moved ON expense_entry;
CREATE TRIGGER expense_days_moved AFTER UPDATE ON expense_entry
    REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION expense_days_moved();
DELETE FROM expense_total WHERE month > 999999;
INSERT INTO expense_total (ledger_id, month, category_id, currency, entries, minor)
SELECT ledger_id, to_char(spent_on, 'YYYYMMDD')::integer, 0, currency, count(*), replace(sum(price)::text, '.', '')::bigint
FROM expense_entry
WHERE NOT deleted
GROUP BY ledger_id, spent_on, currency;
-- +goose StatementEnd

-- A month's largest expenses. One that is there may be half made, by a start that gave up. Nobody waits while it is made.
-- +goose StatementBegin
SET lock_timeout = '5s';
-- +goose StatementEnd
-- +goose StatementBegin
DROP INDEX IF EXISTS expense_entry_largest;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE INDEX CONCURRENTLY expense_entry_largest ON expense_entry
    (ledger_id, ((extract(year FROM spent_on) * 100 + extract(month FROM spent_on))::integer), currency, price DESC, id DESC)
    WHERE NOT deleted;
-- +goose StatementEnd
-- +goose StatementBegin
RESET lock_timeout;
-- +goose StatementEnd
