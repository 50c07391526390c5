-- +goose Up

-- Whoever comes later queues behind a lock that is waited for, say until a dump ends: so this gives up soon, and a start tries again.
SET LOCAL lock_timeout = '2s';

-- What a ledger is, beside its rows. A ledger without a name was never defined: instances of the version before define none.
ALTER TABLE ledger
    ADD COLUMN IF NOT EXISTS name      text,
    ADD COLUMN IF NOT EXISTS currency  text COLLATE "C", -- code of the currency of a price that names none
    ADD COLUMN IF NOT EXISTS time_zone text COLLATE "C"; -- IANA name, or Local for each machine's own
