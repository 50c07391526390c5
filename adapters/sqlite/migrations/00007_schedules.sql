-- +goose Up

-- What repeats, and how far its expenses have been made.
CREATE TABLE schedule (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    ledger_id       INTEGER NOT NULL REFERENCES ledger (id),
    frequency       TEXT    NOT NULL CHECK (frequency IN ('daily', 'weekly', 'monthly', 'yearly')),
    every_n         INTEGER NOT NULL CHECK (every_n > 0),
    on_day          INTEGER NOT NULL, -- of a month: 1 to 31, or 32 for the last; 0 for other rules
    starts_on       TEXT    NOT NULL CHECK (length(starts_on) = 10),
    ends_on         TEXT,             -- the last day that counts
    category        TEXT    NOT NULL, -- its name when the schedule was saved
    price           INTEGER NOT NULL CHECK (price > 0), -- whole minor units
    currency        TEXT    NOT NULL REFERENCES currency (code),
    payee           TEXT    NOT NULL,
    note            TEXT    NOT NULL,
    tags            TEXT    NOT NULL,
    refund          INTEGER NOT NULL CHECK (refund IN (0, 1)),
    prices          TEXT    NOT NULL, -- later ones, such as 2027-01-01=1250.00
    gaps            TEXT    NOT NULL, -- skipped days and pauses, such as 2026-12-01/2026-12-02
    made_to         TEXT    NOT NULL CHECK (length(made_to) = 10), -- what falls due up to this day is done with
    made            INTEGER NOT NULL,
    last_expense    INTEGER NOT NULL, -- 0 for none
    category_id     INTEGER NOT NULL, -- of that expense, when it was made; 0 for none
    next_due        TEXT,             -- follows from the other columns
    ended           INTEGER NOT NULL CHECK (ended IN (0, 1)), -- likewise
    revision        INTEGER NOT NULL,
    idempotency_key TEXT    NOT NULL,
    fingerprint     BLOB    NOT NULL CHECK (length(fingerprint) = 16),
    created_at      TEXT    NOT NULL,
    UNIQUE (ledger_id, idempotency_key)
) STRICT;

CREATE INDEX schedule_due ON schedule (ledger_id, next_due) WHERE NOT ended;
CREATE INDEX schedule_ended ON schedule (ledger_id, id) WHERE ended;

-- A change of a schedule is a kind of its own.
CREATE TABLE ledger_change_anew (
    ledger_id   INTEGER NOT NULL REFERENCES ledger (id),
    kind        TEXT    NOT NULL CHECK (kind IN ('expense', 'category', 'budget', 'schedule')),
    row_id      INTEGER NOT NULL,
    revision    INTEGER NOT NULL, -- that the change started from
    fingerprint BLOB    NOT NULL CHECK (length(fingerprint) = 16),
    PRIMARY KEY (ledger_id, kind, row_id, revision)
) STRICT, WITHOUT ROWID;
INSERT INTO ledger_change_anew (ledger_id, kind, row_id, revision, fingerprint)
SELECT ledger_id, kind, row_id, revision, fingerprint FROM ledger_change;
DROP TABLE ledger_change;
ALTER TABLE ledger_change_anew RENAME TO ledger_change;
