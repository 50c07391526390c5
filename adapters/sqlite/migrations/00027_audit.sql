-- +goose Up

-- The one row says when totals were last audited, and what came of it. Moments are in microseconds since 1970.
CREATE TABLE audit_run (
    id          INTEGER PRIMARY KEY CHECK (id = 1),
    begun_at    INTEGER NOT NULL,
    ended_at    INTEGER NOT NULL, -- of the last one that came to its end; 0 for none
    ledgers     INTEGER NOT NULL,
    differences INTEGER NOT NULL
) STRICT;
