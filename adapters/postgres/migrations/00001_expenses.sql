-- +goose Up

-- Every key leads with the ledger, so that a database sharded by ledger keeps one on one shard. Keys that are compared or
-- ordered are COLLATE "C": bytes, the same on every server.

CREATE TABLE ledger (
    id      bigint PRIMARY KEY,
    version bigint NOT NULL
) WITH (fillfactor = 50); -- room to update in place

CREATE TABLE category (
    ledger_id   bigint NOT NULL,
    id          bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    name        text   NOT NULL,
    name_key    text   COLLATE "C", -- NULL when merged away: then the name is free again
    merged_into bigint,             -- NULL, or the category that is left
    PRIMARY KEY (ledger_id, id),
    UNIQUE (ledger_id, name_key),
    CHECK ((name_key IS NULL) = (merged_into IS NOT NULL))
);

CREATE TABLE expense_entry (
    ledger_id       bigint      NOT NULL,
    id              bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    spent_on        date        NOT NULL,
    category_id     bigint      NOT NULL, -- as stored; merging categories does not touch it
    price           numeric     NOT NULL CHECK (price > 0), -- with all decimals of its currency
    currency        text        COLLATE "C" NOT NULL,
    note            text        NOT NULL,
    idempotency_key text        COLLATE "C" NOT NULL,
    fingerprint     bytea       NOT NULL,
    revision        integer     NOT NULL DEFAULT 1,
    deleted         boolean     NOT NULL DEFAULT false,
    created_at      timestamptz NOT NULL,
    PRIMARY KEY (ledger_id, id),
    UNIQUE (ledger_id, idempotency_key)
);

CREATE INDEX expense_entry_list ON expense_entry (ledger_id, spent_on DESC, id DESC) WHERE NOT deleted;

-- What the rows of expense_entry that are not deleted add up to.
CREATE TABLE expense_total (
    ledger_id   bigint  NOT NULL,
    month       integer NOT NULL, -- YYYYMM; 0 for all time
    category_id bigint  NOT NULL, -- as stored; 0 for all
    currency    text    COLLATE "C" NOT NULL,
    entries     bigint  NOT NULL,
    minor       bigint  NOT NULL, -- minor units, such as cents
    PRIMARY KEY (ledger_id, month, category_id, currency)
) WITH (fillfactor = 50);

CREATE INDEX expense_total_all ON expense_total (ledger_id) WHERE month = 0 AND category_id = 0;

-- For people, and for what reads along: this view's columns stay.
CREATE VIEW expense AS
SELECT e.id, shown.name AS category, e.price, e.currency, e.spent_on AS date, e.note, e.ledger_id
FROM expense_entry e
JOIN category stored ON stored.ledger_id = e.ledger_id AND stored.id = e.category_id
JOIN category shown ON shown.ledger_id = e.ledger_id AND shown.id = COALESCE(stored.merged_into, stored.id)
WHERE NOT e.deleted;
