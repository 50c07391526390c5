package sqlite_test

// withoutPayers undoes the migration of who has paid, but for the table that it made.
const withoutPayers = `DROP TRIGGER expense_paid_moved; DROP INDEX expense_entry_paid; DROP VIEW expense;
	ALTER TABLE expense_entry DROP COLUMN paid_by; `

// withoutBin undoes the migration of the bin and of histories, but for the table that it made.
const withoutBin = withoutPayers + `DROP TRIGGER expense_was_deleted; DROP INDEX expense_entry_bin;
	ALTER TABLE expense_entry DROP COLUMN deleted_at; ALTER TABLE expense_entry DROP COLUMN purged;
	ALTER TABLE expense_entry DROP COLUMN added_by; `

// withoutFields undoes the migration of fields and days, but for what a price may be, and the younger ones.
const withoutFields = withoutBin + withoutSearch + `
DROP TRIGGER category_is_used; DROP TRIGGER expense_day_added; DROP TRIGGER expense_day_moved;
	DROP INDEX expense_entry_largest; DROP INDEX category_suggested; DROP VIEW IF EXISTS expense;
	ALTER TABLE expense_entry DROP COLUMN payee; ALTER TABLE expense_entry DROP COLUMN tags;
	ALTER TABLE category DROP COLUMN colour; ALTER TABLE category DROP COLUMN icon;
	ALTER TABLE category DROP COLUMN archived; ALTER TABLE category DROP COLUMN removed;
	DELETE FROM expense_total WHERE month > 999999; `

// withoutSearch undoes the migration of the search, but for the rows of its words, which the next one fills anew.
const withoutSearch = `DROP TRIGGER expense_text_added; DROP TRIGGER expense_text_changed; DROP TRIGGER expense_text_removed;
	DROP INDEX expense_entry_category; DROP INDEX expense_entry_deleted; DROP TABLE expense_search; `
