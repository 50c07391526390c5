-- +goose Up

-- The change of several expenses as one that made a revision; NULL where it was a change of its own.
ALTER TABLE expense_revision ADD COLUMN batch INTEGER;
CREATE INDEX expense_revision_batch ON expense_revision (ledger_id, batch) WHERE batch IS NOT NULL;
