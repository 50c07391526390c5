-- +goose NO TRANSACTION
-- +goose Up

-- Each table is changed on its own, and repeatably: a transaction that held one and waited for the other would deadlock with writers.
-- Whoever comes later queues behind a change that waits, so that a change gives up soon, say behind a dump; a start tries again.

-- Each change draws a new mark, so that no two states of a ledger have one name, even if a restored backup counts versions twice.
-- +goose StatementBegin
SET LOCAL lock_timeout = '2s';
ALTER TABLE ledger ADD COLUMN IF NOT EXISTS mark bigint NOT NULL DEFAULT 0;
-- +goose StatementEnd

-- One more with each rename and merge, so that a change of a category can say what it saw.
-- +goose StatementBegin
SET LOCAL lock_timeout = '2s';
ALTER TABLE category ADD COLUMN IF NOT EXISTS revision integer NOT NULL DEFAULT 1;
-- +goose StatementEnd

-- Which change made the step from a revision of a row to the next: so the same change, sent again, is recognised. One that is there
-- speaks of rows that are not: an older dump was restored over it.
-- +goose StatementBegin
DROP TABLE IF EXISTS ledger_change;
CREATE TABLE ledger_change (
    ledger_id   bigint  NOT NULL,
    kind        text    COLLATE "C" NOT NULL, -- expense or category
    row_id      bigint  NOT NULL,
    revision    integer NOT NULL, -- that the change started from
    fingerprint bytea   NOT NULL,
    PRIMARY KEY (ledger_id, kind, row_id, revision)
);
-- +goose StatementEnd
