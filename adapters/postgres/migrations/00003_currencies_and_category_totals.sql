-- +goose Up

-- Whoever comes later queues behind a lock that is waited for, say until a dump ends: so this gives up soon, and a start tries again.
SET LOCAL lock_timeout = '2s';

-- What the stored amounts of each currency are counted in. Its rows never change, whatever lists of currencies say later. Programs
-- add the codes that they know; here are those that prices have, which have all decimals of their currency. What is there already, as
-- the functions below may be, was left in place when an older dump was restored.
DROP TABLE IF EXISTS currency;
CREATE TABLE currency (
    code   text     COLLATE "C" PRIMARY KEY,
    digits smallint NOT NULL,
    scale  integer  NOT NULL -- 10 to the power of digits
);

INSERT INTO currency (code, digits, scale)
SELECT currency, max(scale(price)), (10 ^ max(scale(price)))::integer FROM expense_entry GROUP BY currency;

-- From here on a total of a category is kept under the category that is left of merges: a merge moves totals, so that no page has to
-- add up what was merged. The writers of every ledger touch this table first; they wait while totals move.
LOCK TABLE ledger IN SHARE ROW EXCLUSIVE MODE;

-- About the logarithm of minor: it finds a month's largest categories by an index that few changes of a total touch. An instance of
-- the version before leaves it as it is.
ALTER TABLE expense_total ADD COLUMN size integer NOT NULL DEFAULT 0;

CREATE INDEX expense_total_largest ON expense_total (ledger_id, month, currency, size DESC, category_id);
CREATE INDEX expense_total_category ON expense_total (ledger_id, category_id) WHERE category_id > 0;
CREATE INDEX category_merged ON category (ledger_id, merged_into) WHERE merged_into IS NOT NULL;

-- Triggers move the totals, so that instances of the version before, which know nothing of it, may run beside.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION expense_total_follow(of_ledger bigint, merged bigint, left_category bigint) RETURNS void LANGUAGE sql AS $$
    WITH moved AS (
        DELETE FROM expense_total
        WHERE ledger_id = of_ledger AND category_id = merged AND category_id > 0
        RETURNING month, currency, entries, minor, size
    )
    INSERT INTO expense_total (ledger_id, month, category_id, currency, entries, minor, size)
    SELECT of_ledger, month, left_category, currency, entries, minor, size FROM moved WHERE entries <> 0 OR minor <> 0
    ON CONFLICT (ledger_id, month, category_id, currency) DO UPDATE
    SET entries = expense_total.entries + excluded.entries, minor = expense_total.minor + excluded.minor,
        size = CASE WHEN expense_total.minor + excluded.minor > 0
            THEN floor(ln((expense_total.minor + excluded.minor)::double precision))::integer ELSE 0 END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION category_was_merged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM expense_total_follow(NEW.ledger_id, NEW.id, NEW.merged_into);
    RETURN NULL;
END
$$;
-- +goose StatementEnd

CREATE TRIGGER category_was_merged AFTER UPDATE OF merged_into ON category FOR EACH ROW
    WHEN (OLD.merged_into IS NULL AND NEW.merged_into IS NOT NULL) EXECUTE FUNCTION category_was_merged();

-- The version before moves the totals of an expense under the category that was merged away: they come into being again.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION expense_total_was_made() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    left_category bigint;
BEGIN
    SELECT merged_into INTO left_category FROM category WHERE ledger_id = NEW.ledger_id AND id = NEW.category_id;
    IF left_category IS NOT NULL THEN
        PERFORM expense_total_follow(NEW.ledger_id, NEW.category_id, left_category);
    END IF;
    RETURN NULL;
END
$$;
-- +goose StatementEnd

CREATE TRIGGER expense_total_was_made AFTER INSERT ON expense_total FOR EACH ROW
    WHEN (NEW.category_id > 0) EXECUTE FUNCTION expense_total_was_made();

UPDATE expense_total SET size = CASE WHEN minor > 0 THEN floor(ln(minor::double precision))::integer ELSE 0 END WHERE category_id > 0;

SELECT expense_total_follow(ledger_id, id, merged_into) FROM category WHERE merged_into IS NOT NULL ORDER BY ledger_id, id;
