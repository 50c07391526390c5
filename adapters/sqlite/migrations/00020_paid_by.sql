-- +goose Up

-- Who has paid; NULL where nobody has said.
ALTER TABLE expense_entry ADD COLUMN paid_by INTEGER;
ALTER TABLE expense_revision ADD COLUMN paid_by INTEGER;
ALTER TABLE schedule ADD COLUMN paid_by INTEGER;

-- What each has paid in a month (YYYYMM). An expense without a payer is in no row of it.
CREATE TABLE expense_paid (
    ledger_id INTEGER NOT NULL REFERENCES ledger (id),
    month     INTEGER NOT NULL,
    user_id   INTEGER NOT NULL,
    currency  TEXT    NOT NULL,
    entries   INTEGER NOT NULL,
    minor     INTEGER NOT NULL,
    PRIMARY KEY (ledger_id, month, user_id, currency)
) STRICT, WITHOUT ROWID;

-- A payer's expenses in the list's order. It is empty where nobody says who has paid.
CREATE INDEX expense_entry_paid ON expense_entry (ledger_id, paid_by, spent_on DESC, id DESC) WHERE paid_by IS NOT NULL AND NOT deleted;

-- An add counts itself. A trigger counts changes, since a process of the version before changes what has a payer, and knows of none.
-- +goose StatementBegin
CREATE TRIGGER expense_paid_moved AFTER UPDATE OF spent_on, price, currency, deleted, paid_by ON expense_entry
WHEN (OLD.paid_by IS NOT NULL OR NEW.paid_by IS NOT NULL) AND (OLD.paid_by IS NOT NEW.paid_by OR OLD.spent_on <> NEW.spent_on
    OR OLD.price <> NEW.price OR OLD.currency <> NEW.currency OR OLD.deleted <> NEW.deleted)
BEGIN
    INSERT INTO expense_paid (ledger_id, month, user_id, currency, entries, minor)
    SELECT OLD.ledger_id, CAST(replace(substr(OLD.spent_on, 1, 7), '-', '') AS INTEGER), OLD.paid_by, OLD.currency, -1, -OLD.price
    WHERE OLD.paid_by IS NOT NULL AND NOT OLD.deleted
    ON CONFLICT (ledger_id, month, user_id, currency) DO UPDATE
    SET entries = expense_paid.entries + excluded.entries, minor = expense_paid.minor + excluded.minor;
    INSERT INTO expense_paid (ledger_id, month, user_id, currency, entries, minor)
    SELECT NEW.ledger_id, CAST(replace(substr(NEW.spent_on, 1, 7), '-', '') AS INTEGER), NEW.paid_by, NEW.currency, 1, NEW.price
    WHERE NEW.paid_by IS NOT NULL AND NOT NEW.deleted
    ON CONFLICT (ledger_id, month, user_id, currency) DO UPDATE
    SET entries = expense_paid.entries + excluded.entries, minor = expense_paid.minor + excluded.minor;
END;
-- +goose StatementEnd

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
    e.price < 0 AS refund,
    (SELECT payer.name FROM account payer WHERE payer.id = e.paid_by) AS paid_by
FROM expense_entry e
JOIN currency ON currency.code = e.currency
JOIN category raw ON raw.id = e.category_id
JOIN category c ON c.id = COALESCE(raw.merged_into, raw.id)
WHERE NOT e.deleted;
