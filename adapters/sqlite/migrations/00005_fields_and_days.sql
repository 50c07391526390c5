-- +goose Up

-- Tags stand with one blank around each, such as ' work family '.
ALTER TABLE expense_entry ADD COLUMN payee TEXT NOT NULL DEFAULT '';
ALTER TABLE expense_entry ADD COLUMN tags TEXT NOT NULL DEFAULT '';

-- An empty colour or icon is the one that the program gives by itself. A removed category has no expenses and is in no list.
ALTER TABLE category ADD COLUMN colour TEXT NOT NULL DEFAULT '';
ALTER TABLE category ADD COLUMN icon TEXT NOT NULL DEFAULT '';
ALTER TABLE category ADD COLUMN archived INTEGER NOT NULL DEFAULT 0;
ALTER TABLE category ADD COLUMN removed INTEGER NOT NULL DEFAULT 0;
CREATE INDEX category_suggested ON category (ledger_id, name_key) WHERE name_key IS NOT NULL AND NOT archived AND NOT removed;

-- A refund is a price below zero: so what an expense counts for is its price, for a process of the version before as well. SQLite's own
-- way to change a check, without writing the table anew, is to change its text; here one of the same length. No row breaks the new one.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (price > 0)', 'CHECK (price <>0)') WHERE type = 'table' AND name = 'expense_entry';
PRAGMA writable_schema = RESET;

DROP VIEW IF EXISTS expense;
CREATE VIEW expense AS
SELECT
    e.id,
    c.name AS category,
    CASE WHEN e.price < 0 THEN '-' ELSE '' END || CASE digits
        WHEN 0 THEN CAST(abs(e.price) AS TEXT)
        ELSE printf('%d.%0*d', abs(e.price) / scale, digits, abs(e.price) % scale)
    END AS price,
    e.currency,
    e.spent_on AS date,
    e.note,
    e.ledger_id,
    e.payee,
    trim(e.tags) AS tags,
    e.price < 0 AS refund
FROM expense_entry e
JOIN currency ON currency.code = e.currency
JOIN category raw ON raw.id = e.category_id
JOIN category c ON c.id = COALESCE(raw.merged_into, raw.id)
WHERE NOT e.deleted;

-- A month's largest expenses.
CREATE INDEX expense_entry_largest ON expense_entry
    (ledger_id, CAST(replace(substr(spent_on, 1, 7), '-', '') AS INTEGER), currency, price DESC, id DESC) WHERE NOT deleted;

-- A category that was removed is there again with the first total that it gets.
-- +goose StatementBegin
CREATE TRIGGER category_is_used AFTER INSERT ON expense_total
WHEN NEW.category_id > 0
BEGIN
    UPDATE category SET removed = 0 WHERE id = NEW.category_id AND removed;
END;
-- +goose StatementEnd

-- What was spent on a day is a total too: its month is YYYYMMDD, its category 0. Triggers keep it, so that processes of the version
-- before do so as well.
INSERT INTO expense_total (ledger_id, month, category_id, currency, entries, minor)
SELECT ledger_id, CAST(replace(spent_on, '-', '') AS INTEGER), 0, currency, count(*), sum(price)
FROM expense_entry
WHERE NOT deleted
GROUP BY ledger_id, spent_on, currency;

-- +goose StatementBegin
CREATE TRIGGER expense_day_added AFTER INSERT ON expense_entry
WHEN NOT NEW.deleted
BEGIN
    INSERT INTO expense_total (ledger_id, month, category_id, currency, entries, minor)
    VALUES (NEW.ledger_id, CAST(replace(NEW.spent_on, '-', '') AS INTEGER), 0, NEW.currency, 1, NEW.price)
    ON CONFLICT (ledger_id, month, category_id, currency) DO UPDATE
    SET entries = expense_total.entries + excluded.entries, minor = expense_total.minor + excluded.minor;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER expense_day_moved AFTER UPDATE OF spent_on, price, currency, deleted ON expense_entry
WHEN OLD.spent_on <> NEW.spent_on OR OLD.price <> NEW.price OR OLD.currency <> NEW.currency OR OLD.deleted <> NEW.deleted
BEGIN
    INSERT INTO expense_total (ledger_id, month, category_id, currency, entries, minor)
    SELECT OLD.ledger_id, CAST(replace(OLD.spent_on, '-', '') AS INTEGER), 0, OLD.currency, -1, -OLD.price WHERE NOT OLD.deleted
    ON CONFLICT (ledger_id, month, category_id, currency) DO UPDATE
    SET entries = expense_total.entries + excluded.entries, minor = expense_total.minor + excluded.minor;
    INSERT INTO expense_total (ledger_id, month, category_id, currency, entries, minor)
    SELECT NEW.ledger_id, CAST(replace(NEW.spent_on, '-', '') AS INTEGER), 0, NEW.currency, 1, NEW.price WHERE NOT NEW.deleted
    ON CONFLICT (ledger_id, month, category_id, currency) DO UPDATE
    SET entries = expense_total.entries + excluded.entries, minor = expense_total.minor + excluded.minor;
END;
-- +goose StatementEnd
