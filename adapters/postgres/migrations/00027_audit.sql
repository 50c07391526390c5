-- +goose Up

-- What is there already was left in place when an older dump was restored.
DROP TABLE IF EXISTS audit_run;

-- The one row says for all instances when totals were last audited, and what came of it. Moments are in microseconds since 1970.
CREATE TABLE audit_run (
    id          smallint PRIMARY KEY CHECK (id = 1),
    begun_at    bigint   NOT NULL,
    ended_at    bigint   NOT NULL, -- of the last one that came to its end; 0 for none
    ledgers     bigint   NOT NULL,
    differences bigint   NOT NULL
);
