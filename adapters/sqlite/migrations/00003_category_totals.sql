-- +goose Up

-- From here on a total of a category is kept under the category that is left of merges: a merge moves totals, so that no page has to
-- add up what was merged.

-- About the logarithm of minor: it finds a month's largest categories by an index that few changes of a total touch. A process of
-- the version before leaves it as it is.
ALTER TABLE expense_total ADD COLUMN size INTEGER NOT NULL DEFAULT 0;

CREATE INDEX expense_total_largest ON expense_total (ledger_id, month, currency, size DESC, category_id);
CREATE INDEX expense_total_category ON expense_total (ledger_id, category_id) WHERE category_id > 0;
CREATE INDEX category_merged ON category (ledger_id, merged_into) WHERE merged_into IS NOT NULL;

INSERT INTO expense_total (ledger_id, month, category_id, currency, entries, minor)
SELECT t.ledger_id, t.month, c.merged_into, t.currency, sum(t.entries), sum(t.minor)
FROM expense_total t
JOIN category c ON c.id = t.category_id
WHERE c.merged_into IS NOT NULL
GROUP BY t.ledger_id, t.month, c.merged_into, t.currency
ON CONFLICT (ledger_id, month, category_id, currency) DO UPDATE
SET entries = expense_total.entries + excluded.entries, minor = expense_total.minor + excluded.minor;

DELETE FROM expense_total WHERE category_id IN (SELECT id FROM category WHERE merged_into IS NOT NULL);

UPDATE expense_total SET size = CASE WHEN minor > 0 THEN CAST(ln(minor) AS INTEGER) ELSE 0 END WHERE category_id > 0;

-- Triggers move the totals, so that processes of the version before, which know nothing of it, may run beside.
-- +goose StatementBegin
CREATE TRIGGER category_was_merged AFTER UPDATE OF merged_into ON category
WHEN OLD.merged_into IS NULL AND NEW.merged_into IS NOT NULL
BEGIN
    INSERT INTO expense_total (ledger_id, month, category_id, currency, entries, minor, size)
    SELECT ledger_id, month, NEW.merged_into, currency, entries, minor, size
    FROM expense_total
    WHERE ledger_id = NEW.ledger_id AND category_id = NEW.id AND category_id > 0 AND (entries <> 0 OR minor <> 0)
    ON CONFLICT (ledger_id, month, category_id, currency) DO UPDATE
    SET entries = expense_total.entries + excluded.entries, minor = expense_total.minor + excluded.minor,
        size = CASE WHEN expense_total.minor + excluded.minor > 0 THEN CAST(ln(expense_total.minor + excluded.minor) AS INTEGER) ELSE 0 END;
    DELETE FROM expense_total WHERE ledger_id = NEW.ledger_id AND category_id = NEW.id AND category_id > 0;
END;
-- +goose StatementEnd

-- The version before moves the totals of an expense under the category that was merged away: they come into being again.
-- +goose StatementBegin
CREATE TRIGGER expense_total_was_made AFTER INSERT ON expense_total
WHEN NEW.category_id > 0 AND EXISTS (SELECT 1 FROM category WHERE id = NEW.category_id AND merged_into IS NOT NULL)
BEGIN
    INSERT INTO expense_total (ledger_id, month, category_id, currency, entries, minor)
    SELECT NEW.ledger_id, NEW.month, merged_into, NEW.currency, NEW.entries, NEW.minor FROM category WHERE id = NEW.category_id
    ON CONFLICT (ledger_id, month, category_id, currency) DO UPDATE
    SET entries = expense_total.entries + excluded.entries, minor = expense_total.minor + excluded.minor;
    DELETE FROM expense_total
    WHERE ledger_id = NEW.ledger_id AND month = NEW.month AND category_id = NEW.category_id AND currency = NEW.currency;
END;
-- +goose StatementEnd
