-- +goose NO TRANSACTION
-- +goose Up

-- Where a session says that its statement counts the days of what it adds, the trigger need not: it took a sixth of an add. An instance of
-- the version before says nothing, and neither does a session behind a pooler.
-- +goose StatementBegin
SET LOCAL lock_timeout = '2s';
DROP TRIGGER IF EXISTS expense_days_added ON expense_entry;
CREATE TRIGGER expense_days_added AFTER INSERT ON expense_entry
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT
    WHEN (current_setting('expense.counts_days', true) IS DISTINCT FROM 'on') EXECUTE FUNCTION expense_days_added();
-- +goose StatementEnd
