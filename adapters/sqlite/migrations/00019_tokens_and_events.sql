-- +goose Up

-- How programs come in: a token is to one ledger, and works in its maker's name. Moments are in microseconds since 1970.
CREATE TABLE token (
    ledger_id       INTEGER NOT NULL,
    id              INTEGER NOT NULL,
    digest          BLOB    NOT NULL CHECK (length(digest) = 32), -- SHA-256 of the secret
    idempotency_key TEXT    NOT NULL, -- of the form that asked for it
    name            TEXT    NOT NULL CHECK (name <> ''),
    scope           TEXT    NOT NULL CHECK (scope IN ('read', 'write')),
    by_user         INTEGER NOT NULL,
    made_at         INTEGER NOT NULL,
    ends_at         INTEGER NOT NULL,
    used_at         INTEGER NOT NULL, -- 0 for never
    revoked         INTEGER NOT NULL CHECK (revoked IN (0, 1)),
    PRIMARY KEY (ledger_id, id),
    UNIQUE (ledger_id, digest),
    UNIQUE (ledger_id, by_user, idempotency_key)
) STRICT, WITHOUT ROWID;

CREATE INDEX token_by_user ON token (by_user) WHERE NOT revoked;

-- What happened to accounts. Failed tries to sign in are counted together by account, fold of time and network; of the name that was
-- tried there is nothing.
CREATE TABLE account_event (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    kind       TEXT    NOT NULL CHECK (kind <> ''),
    account_id INTEGER NOT NULL, -- 0 for a name that nobody has
    by_account INTEGER NOT NULL, -- 0 for the operator, and for who is not known
    address    TEXT    NOT NULL,
    times      INTEGER NOT NULL,
    at         INTEGER NOT NULL,
    last_at    INTEGER NOT NULL,
    fold       INTEGER, -- NULL for what is not counted together
    network    TEXT,
    UNIQUE (account_id, fold, network)
) STRICT;

CREATE INDEX account_event_of ON account_event (account_id, id);
