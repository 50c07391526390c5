-- +goose Up

-- Accounts are the installation's: a person may have several ledgers, and is found by a name or a token before any of them is known. So no
-- key here leads with a ledger. Moments are in microseconds since 1970.

-- One row: the number of the next account. Whoever gives an account a number or a name holds it first.
CREATE TABLE account_register (
    id   INTEGER PRIMARY KEY CHECK (id = 1),
    next INTEGER NOT NULL
) STRICT;
INSERT INTO account_register (id, next) VALUES (1, 1);

-- No row is ever deleted, and no number given twice: rows of ledgers say who wrote them.
CREATE TABLE account (
    id         INTEGER PRIMARY KEY,
    name       TEXT    NOT NULL CHECK (name <> ''),
    folded     TEXT    NOT NULL UNIQUE,
    language   TEXT    NOT NULL,
    admin      INTEGER NOT NULL CHECK (admin IN (0, 1)),
    disabled   INTEGER NOT NULL CHECK (disabled IN (0, 1)),
    password   TEXT    NOT NULL, -- hashed, in PHC form
    generation INTEGER NOT NULL, -- of what lets the user in; a session of another one is over
    created_at INTEGER NOT NULL
) STRICT;

-- SHA-256 of the codes that make the first account.
CREATE TABLE account_setup_code (
    digest     BLOB    PRIMARY KEY CHECK (length(digest) = 32),
    offered_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Browsers that are signed in, by the SHA-256 of their token.
CREATE TABLE account_session (
    digest     BLOB    PRIMARY KEY CHECK (length(digest) = 32),
    id         INTEGER NOT NULL,
    account_id INTEGER NOT NULL REFERENCES account (id),
    generation INTEGER NOT NULL,
    address    TEXT    NOT NULL,
    agent      TEXT    NOT NULL,
    opened_at  INTEGER NOT NULL,
    used_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX account_session_of ON account_session (account_id);

-- Tries to sign in, by the SHA-256 of what they count against: when all of them have passed.
CREATE TABLE account_throttle (
    digest  BLOB    PRIMARY KEY CHECK (length(digest) = 32),
    free_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
