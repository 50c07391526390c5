package postgres_test

// withoutPayers undoes the migration of who has paid, but for the table that it made and for the view's other columns.
const withoutPayers = `DROP FUNCTION expense_paid_moved CASCADE; DROP INDEX expense_entry_paid; DROP VIEW expense;
	ALTER TABLE expense_entry DROP COLUMN paid_by; `

// withoutBin undoes the migration of the bin and of histories, but for the table that it made.
const withoutBin = withoutPayers + `DROP FUNCTION expense_was_deleted CASCADE; DROP INDEX expense_entry_bin;
	ALTER TABLE expense_entry DROP COLUMN deleted_at, DROP COLUMN purged, DROP COLUMN added_by; `

// withoutFields undoes the migration of fields and days, and the younger ones.
const withoutFields = withoutBin + `
DROP FUNCTION expense_days_added, expense_days_moved CASCADE; DROP INDEX expense_entry_largest; DROP VIEW IF EXISTS expense;
	ALTER TABLE expense_entry DROP COLUMN payee, DROP COLUMN tags, DROP CONSTRAINT expense_entry_price_not_zero,
		ADD CONSTRAINT expense_entry_price_check CHECK (price > 0);
	ALTER TABLE category DROP COLUMN colour, DROP COLUMN icon, DROP COLUMN archived, DROP COLUMN removed;
	DELETE FROM expense_total WHERE month > 999999;
	CREATE VIEW expense AS SELECT e.id, c.name AS category, e.price, e.currency, e.spent_on AS date, e.note, e.ledger_id
	FROM expense_entry e JOIN category c ON c.ledger_id = e.ledger_id AND c.id = e.category_id WHERE NOT e.deleted; `
