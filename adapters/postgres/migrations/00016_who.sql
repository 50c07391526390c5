-- +goose NO TRANSACTION
-- +goose Up

-- Who added an expense, and who made each change of it; NULL where that is not known. Each table is changed on its own, as in 00010.
-- +goose StatementBegin
SET LOCAL lock_timeout = '2s';
ALTER TABLE expense_entry ADD COLUMN IF NOT EXISTS added_by bigint;
-- +goose StatementEnd
-- +goose StatementBegin
SET LOCAL lock_timeout = '2s';
ALTER TABLE expense_revision
    ADD COLUMN IF NOT EXISTS added_by   bigint,
    ADD COLUMN IF NOT EXISTS changed_by bigint;
-- +goose StatementEnd
