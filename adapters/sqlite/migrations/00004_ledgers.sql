-- +goose Up

-- What a ledger is, beside its rows. A ledger without a name was never defined: processes of the version before define none.
ALTER TABLE ledger ADD COLUMN name TEXT;
ALTER TABLE ledger ADD COLUMN currency TEXT; -- code of the currency of a price that names none
ALTER TABLE ledger ADD COLUMN time_zone TEXT; -- IANA name, or Local for each machine's own
