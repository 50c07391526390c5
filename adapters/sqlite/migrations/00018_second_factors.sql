-- +goose Up

-- What a log-in needs besides the password, of those accounts that have it. The secret cannot be hashed: codes are made of it.
CREATE TABLE account_factor (
    account_id INTEGER PRIMARY KEY REFERENCES account (id),
    secret     TEXT    NOT NULL CHECK (secret <> ''),
    confirmed  INTEGER NOT NULL CHECK (confirmed IN (0, 1)),
    step       INTEGER NOT NULL, -- of the last code that was taken
    recovery   BLOB    NOT NULL CHECK (length(recovery) % 32 = 0) -- SHA-256 of the recovery codes, one after the other
) STRICT;

-- Keys that let a user in without a password. The record is what the library of passkeys keeps: a public key, flags, a counter.
CREATE TABLE account_passkey (
    account_id INTEGER NOT NULL REFERENCES account (id),
    id         INTEGER NOT NULL,
    credential BLOB    NOT NULL, -- its name in the browser
    name       TEXT    NOT NULL,
    record     BLOB    NOT NULL,
    added_at   INTEGER NOT NULL,
    used_at    INTEGER NOT NULL, -- 0 for never
    PRIMARY KEY (account_id, id)
) STRICT, WITHOUT ROWID;

-- What takes two requests, such as a log-in that still needs a code, by the SHA-256 of its token.
CREATE TABLE account_begun (
    digest     BLOB    PRIMARY KEY CHECK (length(digest) = 32),
    purpose    TEXT    NOT NULL,
    account_id INTEGER NOT NULL, -- 0 where that is not known yet
    generation INTEGER NOT NULL,
    data       BLOB    NOT NULL,
    ends_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX account_begun_ends ON account_begun (ends_at);
