-- +goose Up

-- Who added an expense, and who made each change of it; NULL where that is not known.
ALTER TABLE expense_entry ADD COLUMN added_by INTEGER;
ALTER TABLE expense_revision ADD COLUMN added_by INTEGER;
ALTER TABLE expense_revision ADD COLUMN changed_by INTEGER;
