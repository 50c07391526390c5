-- +goose Up

-- What this program knows of each currency, so that the view below can write prices as decimals.
CREATE TABLE currency (
    code   TEXT    NOT NULL PRIMARY KEY,
    digits INTEGER NOT NULL,
    scale  INTEGER NOT NULL -- 10 to the power of digits
) STRICT, WITHOUT ROWID;

-- A ledger's row is made by its first write and touched by every other.
CREATE TABLE ledger (
    id      INTEGER PRIMARY KEY,
    version INTEGER NOT NULL
) STRICT;

-- A category that was merged away leads to the one that is left, and has given its name free.
CREATE TABLE category (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    ledger_id   INTEGER NOT NULL REFERENCES ledger (id),
    name        TEXT    NOT NULL,
    name_key    TEXT,
    merged_into INTEGER REFERENCES category (id),
    UNIQUE (ledger_id, name_key),
    CHECK ((name_key IS NULL) = (merged_into IS NOT NULL))
) STRICT;

-- Prices are whole minor units. The category is the one that the expense was stored under, whatever was merged since.
CREATE TABLE expense_entry (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    ledger_id       INTEGER NOT NULL REFERENCES ledger (id),
    spent_on        TEXT    NOT NULL CHECK (length(spent_on) = 10),
    category_id     INTEGER NOT NULL REFERENCES category (id),
    price           INTEGER NOT NULL CHECK (price > 0),
    currency        TEXT    NOT NULL REFERENCES currency (code),
    note            TEXT    NOT NULL,
    idempotency_key TEXT    NOT NULL,
    fingerprint     BLOB    NOT NULL CHECK (length(fingerprint) = 16),
    revision        INTEGER NOT NULL,
    deleted         INTEGER NOT NULL CHECK (deleted IN (0, 1)),
    created_at      TEXT    NOT NULL,
    UNIQUE (ledger_id, idempotency_key)
) STRICT;

CREATE INDEX expense_entry_newest ON expense_entry (ledger_id, spent_on DESC, id DESC) WHERE NOT deleted;

-- Maintained totals: month is YYYYMM or 0 for all time, category_id is 0 for all. STRICT refuses a sum that leaves 64 bits.
CREATE TABLE expense_total (
    ledger_id   INTEGER NOT NULL REFERENCES ledger (id),
    month       INTEGER NOT NULL,
    category_id INTEGER NOT NULL,
    currency    TEXT    NOT NULL,
    entries     INTEGER NOT NULL,
    minor       INTEGER NOT NULL,
    PRIMARY KEY (ledger_id, month, category_id, currency)
) STRICT, WITHOUT ROWID;

-- For people and other programs: its columns only ever grow in number.
CREATE VIEW expense AS
SELECT
    e.id,
    c.name AS category,
    CASE digits
        WHEN 0 THEN CAST(e.price AS TEXT)
        ELSE printf('%d.%0*d', e.price / scale, digits, e.price % scale)
    END AS price,
    e.currency,
    e.spent_on AS date,
    e.note,
    e.ledger_id
FROM expense_entry e
JOIN currency ON currency.code = e.currency
JOIN category raw ON raw.id = e.category_id
JOIN category c ON c.id = COALESCE(raw.merged_into, raw.id)
WHERE NOT e.deleted;
