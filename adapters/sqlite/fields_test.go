package sqlite_test

// withoutFields undoes the migration of fields and days, but for what a price may be.
const withoutFields = `DROP TRIGGER category_is_used; DROP TRIGGER expense_day_added; DROP TRIGGER expense_day_moved;
	DROP INDEX expense_entry_largest; DROP INDEX category_suggested; DROP VIEW expense;
	ALTER TABLE expense_entry DROP COLUMN payee; ALTER TABLE expense_entry DROP COLUMN tags;
	ALTER TABLE category DROP COLUMN colour; ALTER TABLE category DROP COLUMN icon;
	ALTER TABLE category DROP COLUMN archived; ALTER TABLE category DROP COLUMN removed;
	DELETE FROM expense_total WHERE month > 999999; `
