-- +goose Up

-- Each change draws a new mark, so that no two states of a ledger have one name, even if a restored backup counts versions twice.
ALTER TABLE ledger ADD COLUMN mark bigint NOT NULL DEFAULT 0;

-- One more with each rename and merge, so that a change of a category can say what it saw.
ALTER TABLE category ADD COLUMN revision integer NOT NULL DEFAULT 1;

-- Which change made the step from a revision of a row to the next: so the same change, sent again, is recognised.
CREATE TABLE ledger_change (
    ledger_id   bigint  NOT NULL,
    kind        text    COLLATE "C" NOT NULL, -- expense or category
    row_id      bigint  NOT NULL,
    revision    integer NOT NULL, -- that the change started from
    fingerprint bytea   NOT NULL,
    PRIMARY KEY (ledger_id, kind, row_id, revision)
);
