-- +goose Up

-- What is there already was left in place when an older dump was restored.
DROP TABLE IF EXISTS budget_term;
DROP TABLE IF EXISTS budget;

-- What a ledger plans to spend on a category in a month; category 0 is all spending. No row is ever deleted: a budget ends.
CREATE TABLE budget (
    ledger_id   bigint  NOT NULL,
    category_id bigint  NOT NULL,
    revision    integer NOT NULL,
    PRIMARY KEY (ledger_id, category_id)
);

-- What counts from a month (YYYYMM) on, until the next row takes its place. One without an amount ends the budget.
CREATE TABLE budget_term (
    ledger_id   bigint  NOT NULL,
    category_id bigint  NOT NULL,
    month       integer NOT NULL,
    amount      numeric CHECK (amount > 0), -- with all decimals of its currency
    currency    text    COLLATE "C",
    carried     boolean NOT NULL,
    PRIMARY KEY (ledger_id, category_id, month),
    CHECK ((amount IS NULL) = (currency IS NULL))
);
