-- +goose Up

-- Who is in a ledger. One who has left keeps a row. Moments are microseconds since 1970.
CREATE TABLE member (
    ledger_id INTEGER NOT NULL REFERENCES ledger (id),
    user_id   INTEGER NOT NULL,
    role      INTEGER NOT NULL CHECK (role BETWEEN 0 AND 3), -- 0 has left, 1 viewer, 2 editor, 3 owner
    since     INTEGER NOT NULL,
    PRIMARY KEY (ledger_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX member_by_user ON member (user_id, ledger_id) WHERE role > 0;

-- Who asked for a new ledger, and with which key: the row gives it its number.
CREATE TABLE ledger_made (
    ledger_id       INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id         INTEGER NOT NULL,
    idempotency_key TEXT    NOT NULL,
    fingerprint     BLOB    NOT NULL CHECK (length(fingerprint) = 16),
    UNIQUE (user_id, idempotency_key)
) STRICT;

-- What happened to a ledger and its members. No line is ever changed.
CREATE TABLE ledger_event (
    ledger_id INTEGER NOT NULL REFERENCES ledger (id),
    id        INTEGER NOT NULL,
    at        INTEGER NOT NULL,
    kind      TEXT    NOT NULL CHECK (kind <> ''),
    by_user   INTEGER NOT NULL,
    of_user   INTEGER NOT NULL, -- 0 for nobody
    role      INTEGER NOT NULL, -- 0 for none
    said      TEXT    NOT NULL, -- the ledger's name, or an invitation's note
    PRIMARY KEY (ledger_id, id)
) STRICT, WITHOUT ROWID;

-- An invitation is open until it ends, is used or is withdrawn. Of its token there is only the SHA-256.
CREATE TABLE invitation (
    ledger_id  INTEGER NOT NULL REFERENCES ledger (id),
    id         INTEGER NOT NULL,
    token_hash BLOB    NOT NULL CHECK (length(token_hash) = 32),
    role       INTEGER NOT NULL CHECK (role BETWEEN 1 AND 3),
    note       TEXT    NOT NULL,
    by_user    INTEGER NOT NULL,
    made_at    INTEGER NOT NULL,
    ends_at    INTEGER NOT NULL,
    used_by    INTEGER NOT NULL, -- 0 for nobody
    withdrawn  INTEGER NOT NULL CHECK (withdrawn IN (0, 1)),
    PRIMARY KEY (ledger_id, id),
    UNIQUE (ledger_id, token_hash)
) STRICT, WITHOUT ROWID;
