-- +goose NO TRANSACTION
-- +goose Up

-- Each table is changed on its own, and repeatably, as in 00002: what waits for a lock gives up soon, and a start tries again.

-- When an expense was deleted, in microseconds since 1970. A purged one was deleted for good: its row holds the key, so that an add that
-- comes again is known for what it is, and nothing of what was spent.
-- +goose StatementBegin
SET LOCAL lock_timeout = '2s';
ALTER TABLE expense_entry
    ADD COLUMN IF NOT EXISTS deleted_at bigint,
    ADD COLUMN IF NOT EXISTS purged     boolean NOT NULL DEFAULT false;
-- +goose StatementEnd

-- An instance of the version before says nothing of when it deletes.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION expense_was_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.deleted_at = (extract(epoch FROM clock_timestamp()) * 1000000)::bigint;
    RETURN NEW;
END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
SET LOCAL lock_timeout = '2s';
DROP TRIGGER IF EXISTS expense_was_deleted ON expense_entry;
CREATE TRIGGER expense_was_deleted BEFORE UPDATE OF deleted ON expense_entry FOR EACH ROW
    WHEN (NEW.deleted AND NOT OLD.deleted AND NEW.deleted_at IS NOT DISTINCT FROM OLD.deleted_at) EXECUTE FUNCTION expense_was_deleted();
-- +goose StatementEnd

-- What is deleted by now counts from now.
-- +goose StatementBegin
SET LOCAL lock_timeout = '2s';
UPDATE expense_entry SET deleted_at = (extract(epoch FROM now()) * 1000000)::bigint WHERE deleted AND deleted_at IS NULL AND NOT purged;
-- +goose StatementEnd

-- What each change made of an expense, and what the first one found. An expense that was never changed has no row. One that is there
-- speaks of rows that are not: an older dump was restored over it.
-- +goose StatementBegin
DROP TABLE IF EXISTS expense_revision;
CREATE TABLE expense_revision (
    ledger_id   bigint  NOT NULL,
    id          bigint  NOT NULL, -- of the expense
    revision    integer NOT NULL,
    spent_on    date    NOT NULL,
    category_id bigint  NOT NULL,
    price       numeric NOT NULL,
    currency    text    COLLATE "C" NOT NULL,
    note        text    NOT NULL,
    payee       text    NOT NULL,
    tags        text    NOT NULL,
    deleted     boolean NOT NULL,
    changed_at  bigint,           -- in microseconds since 1970; NULL where it is not known
    PRIMARY KEY (ledger_id, id, revision)
);
-- +goose StatementEnd

-- An index that is there may be half made, by a start that gave up. Nobody waits while it is made.
-- +goose StatementBegin
SET lock_timeout = '5s';
-- +goose StatementEnd
-- +goose StatementBegin
DROP INDEX IF EXISTS expense_entry_bin;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE INDEX CONCURRENTLY expense_entry_bin ON expense_entry (ledger_id, deleted_at DESC, id DESC) WHERE deleted AND NOT purged;
-- +goose StatementEnd
-- +goose StatementBegin
RESET lock_timeout;
-- +goose StatementEnd
