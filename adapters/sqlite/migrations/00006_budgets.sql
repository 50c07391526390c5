-- +goose Up

-- What a ledger plans to spend on a category in a month; category 0 is all spending. No row is ever deleted: a budget ends.
CREATE TABLE budget (
    ledger_id   INTEGER NOT NULL REFERENCES ledger (id),
    category_id INTEGER NOT NULL,
    revision    INTEGER NOT NULL,
    PRIMARY KEY (ledger_id, category_id)
) STRICT, WITHOUT ROWID;

-- What counts from a month (YYYYMM) on, until the next row takes its place. One without an amount ends the budget.
CREATE TABLE budget_term (
    ledger_id   INTEGER NOT NULL REFERENCES ledger (id),
    category_id INTEGER NOT NULL,
    month       INTEGER NOT NULL,
    amount      INTEGER CHECK (amount > 0), -- whole minor units
    currency    TEXT REFERENCES currency (code),
    carried     INTEGER NOT NULL CHECK (carried IN (0, 1)),
    PRIMARY KEY (ledger_id, category_id, month),
    CHECK ((amount IS NULL) = (currency IS NULL))
) STRICT, WITHOUT ROWID;

-- Changes of budgets are noted too.
CREATE TABLE ledger_change_with_budgets (
    ledger_id   INTEGER NOT NULL REFERENCES ledger (id),
    kind        TEXT    NOT NULL CHECK (kind IN ('expense', 'category', 'budget')),
    row_id      INTEGER NOT NULL,
    revision    INTEGER NOT NULL, -- that the change started from
    fingerprint BLOB    NOT NULL CHECK (length(fingerprint) = 16),
    PRIMARY KEY (ledger_id, kind, row_id, revision)
) STRICT, WITHOUT ROWID;

INSERT INTO ledger_change_with_budgets (ledger_id, kind, row_id, revision, fingerprint)
SELECT ledger_id, kind, row_id, revision, fingerprint FROM ledger_change;

DROP TABLE ledger_change;
ALTER TABLE ledger_change_with_budgets RENAME TO ledger_change;
