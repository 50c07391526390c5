-- +goose Up

-- What users are called by identity providers. The two of the key are never another person's.
CREATE TABLE account_identity (
    issuer     TEXT    NOT NULL,
    subject    TEXT    NOT NULL,
    account_id INTEGER NOT NULL REFERENCES account (id),
    shown      TEXT    NOT NULL, -- to the user, of the link
    linked_at  INTEGER NOT NULL,
    PRIMARY KEY (issuer, subject),
    UNIQUE (account_id, issuer)
) STRICT, WITHOUT ROWID;

-- Who comes in as a user whose provider knows this address to be theirs: once, and then by their identity.
CREATE TABLE account_expected (
    email      TEXT    PRIMARY KEY,
    account_id INTEGER NOT NULL UNIQUE REFERENCES account (id)
) STRICT, WITHOUT ROWID;

-- Browsers on their way to a provider and back, by the SHA-256 of what the browser and the provider bring together.
CREATE TABLE account_attempt (
    digest     BLOB    PRIMARY KEY CHECK (length(digest) = 32),
    aim        INTEGER NOT NULL,
    account_id INTEGER NOT NULL, -- who links; 0 otherwise
    code       BLOB    NOT NULL CHECK (length(code) = 32), -- SHA-256 of the set-up's code; zeros otherwise
    return_to  TEXT    NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
