-- +goose Up

-- What one unit of a currency is worth in the ledger's own, home, from a day (YYYYMMDD) on. The id is made of day, home and currency.
-- No row is ever deleted: a rate is removed, and can be put back.
CREATE TABLE rate (
    ledger_id INTEGER NOT NULL REFERENCES ledger (id),
    id        INTEGER NOT NULL,
    home      TEXT    NOT NULL,
    currency  TEXT    NOT NULL,
    day       INTEGER NOT NULL,
    value     TEXT    NOT NULL CHECK (value <> ''), -- a decimal with a point, never a float
    removed   INTEGER NOT NULL CHECK (removed IN (0, 1)),
    revision  INTEGER NOT NULL,
    PRIMARY KEY (ledger_id, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX rate_by_currency ON rate (ledger_id, home, currency, day) WHERE NOT removed;
CREATE INDEX rate_by_day ON rate (ledger_id, home, id) WHERE NOT removed;

-- The kinds of row whose changes are noted are no list any more, so that another module needs no other table.
CREATE TABLE ledger_change_of_any_kind (
    ledger_id   INTEGER NOT NULL REFERENCES ledger (id),
    kind        TEXT    NOT NULL CHECK (kind <> ''), -- of row, such as expense, category or rate
    row_id      INTEGER NOT NULL,
    revision    INTEGER NOT NULL, -- that the change started from
    fingerprint BLOB    NOT NULL CHECK (length(fingerprint) = 16),
    PRIMARY KEY (ledger_id, kind, row_id, revision)
) STRICT, WITHOUT ROWID;

INSERT INTO ledger_change_of_any_kind (ledger_id, kind, row_id, revision, fingerprint)
SELECT ledger_id, kind, row_id, revision, fingerprint FROM ledger_change;

DROP TABLE ledger_change;
ALTER TABLE ledger_change_of_any_kind RENAME TO ledger_change;
