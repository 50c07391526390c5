-- +goose Up

-- When an expense was deleted, in microseconds since 1970; what is deleted by now counts from now. A purged one was deleted for good: its
-- row holds the key, so that an add that comes again is known for what it is, and nothing of what was spent.
ALTER TABLE expense_entry ADD COLUMN deleted_at INTEGER;
ALTER TABLE expense_entry ADD COLUMN purged INTEGER NOT NULL DEFAULT 0;
UPDATE expense_entry SET deleted_at = CAST(unixepoch('subsec') * 1000000 AS INTEGER) WHERE deleted;

CREATE INDEX expense_entry_bin ON expense_entry (ledger_id, deleted_at DESC, id DESC) WHERE deleted AND NOT purged;

-- A process of the version before says nothing of when it deletes.
-- +goose StatementBegin
CREATE TRIGGER expense_was_deleted AFTER UPDATE OF deleted ON expense_entry
WHEN NEW.deleted AND NOT OLD.deleted AND NEW.deleted_at IS OLD.deleted_at
BEGIN
    UPDATE expense_entry SET deleted_at = CAST(unixepoch('subsec') * 1000000 AS INTEGER) WHERE id = NEW.id;
END;
-- +goose StatementEnd

-- What each change made of an expense, and what the first one found. An expense that was never changed has no row.
CREATE TABLE expense_revision (
    ledger_id   INTEGER NOT NULL REFERENCES ledger (id),
    id          INTEGER NOT NULL, -- of the expense
    revision    INTEGER NOT NULL,
    spent_on    TEXT    NOT NULL,
    category_id INTEGER NOT NULL,
    price       INTEGER NOT NULL,
    currency    TEXT    NOT NULL,
    note        TEXT    NOT NULL,
    payee       TEXT    NOT NULL,
    tags        TEXT    NOT NULL,
    deleted     INTEGER NOT NULL,
    changed_at  INTEGER,          -- in microseconds since 1970; NULL where it is not known
    PRIMARY KEY (ledger_id, id, revision)
) STRICT, WITHOUT ROWID;
