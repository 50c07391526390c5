-- +goose Up

-- What is there already was left in place when an older dump was restored.
DROP TABLE IF EXISTS rate;

-- What one unit of a currency is worth in the ledger's own, home, from a day (YYYYMMDD) on. The id is made of day, home and currency.
-- No row is ever deleted: a rate is removed, and can be put back.
CREATE TABLE rate (
    ledger_id bigint  NOT NULL,
    id        bigint  NOT NULL,
    home      text    COLLATE "C" NOT NULL,
    currency  text    COLLATE "C" NOT NULL,
    day       integer NOT NULL,
    value     numeric NOT NULL CHECK (value > 0),
    removed   boolean NOT NULL,
    revision  integer NOT NULL,
    PRIMARY KEY (ledger_id, id)
);

CREATE INDEX rate_by_currency ON rate (ledger_id, home, currency, day) WHERE NOT removed;
CREATE INDEX rate_by_day ON rate (ledger_id, home, id) WHERE NOT removed;
