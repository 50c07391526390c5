-- +goose NO TRANSACTION
-- +goose Up

-- The change of several expenses as one that made a revision; NULL where it was a change of its own.
-- +goose StatementBegin
SET LOCAL lock_timeout = '2s';
ALTER TABLE expense_revision ADD COLUMN IF NOT EXISTS batch bigint;
-- +goose StatementEnd

-- An index that is there may be half made, by a start that gave up. Nobody waits while it is made.
-- +goose StatementBegin
SET lock_timeout = '5s';
-- +goose StatementEnd
-- +goose StatementBegin
DROP INDEX IF EXISTS expense_revision_batch;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE INDEX CONCURRENTLY expense_revision_batch ON expense_revision (ledger_id, batch) WHERE batch IS NOT NULL;
-- +goose StatementEnd
-- +goose StatementBegin
RESET lock_timeout;
-- +goose StatementEnd
