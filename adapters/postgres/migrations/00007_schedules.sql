-- +goose Up

-- What repeats, and how far its expenses have been made. A table that is there already was left in place when an older dump was restored.
DROP TABLE IF EXISTS schedule;
CREATE TABLE schedule (
    ledger_id       bigint      NOT NULL,
    id              bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    frequency       text        COLLATE "C" NOT NULL CHECK (frequency IN ('daily', 'weekly', 'monthly', 'yearly')),
    every_n         integer     NOT NULL CHECK (every_n > 0),
    on_day          integer     NOT NULL, -- of a month: 1 to 31, or 32 for the last; 0 for other rules
    starts_on       date        NOT NULL,
    ends_on         date,                 -- the last day that counts
    category        text        NOT NULL, -- its name when the schedule was saved
    price           numeric     NOT NULL CHECK (price > 0), -- with all decimals of its currency
    currency        text        COLLATE "C" NOT NULL,
    payee           text        NOT NULL,
    note            text        NOT NULL,
    tags            text        NOT NULL,
    refund          boolean     NOT NULL,
    prices          text        NOT NULL, -- later ones, such as 2027-01-01=1250.00
    gaps            text        NOT NULL, -- skipped days and pauses, such as 2026-12-01/2026-12-02
    made_to         date        NOT NULL, -- what falls due up to this day is done with
    made            bigint      NOT NULL,
    last_expense    bigint      NOT NULL, -- 0 for none
    category_id     bigint      NOT NULL, -- of that expense, when it was made; 0 for none
    next_due        date,                 -- follows from the other columns
    ended           boolean     NOT NULL, -- likewise
    revision        integer     NOT NULL,
    idempotency_key text        COLLATE "C" NOT NULL,
    fingerprint     bytea       NOT NULL,
    created_at      timestamptz NOT NULL,
    PRIMARY KEY (ledger_id, id),
    UNIQUE (ledger_id, idempotency_key)
);

CREATE INDEX schedule_due ON schedule (ledger_id, next_due) WHERE NOT ended;
CREATE INDEX schedule_ended ON schedule (ledger_id, id) WHERE ended;
