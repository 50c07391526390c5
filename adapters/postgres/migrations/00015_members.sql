-- +goose Up

-- What is there already was left in place when an older dump was restored.
DROP TABLE IF EXISTS member;
DROP TABLE IF EXISTS ledger_made;
DROP TABLE IF EXISTS ledger_event;
DROP TABLE IF EXISTS invitation;

-- Who is in a ledger. One who has left keeps a row. Moments are microseconds since 1970.
CREATE TABLE member (
    ledger_id bigint   NOT NULL,
    user_id   bigint   NOT NULL,
    role      smallint NOT NULL CHECK (role BETWEEN 0 AND 3), -- 0 has left, 1 viewer, 2 editor, 3 owner
    since     bigint   NOT NULL,
    PRIMARY KEY (ledger_id, user_id)
);

CREATE INDEX member_by_user ON member (user_id, ledger_id) WHERE role > 0;

-- Who asked for a new ledger, and with which key: the row gives it its number.
CREATE TABLE ledger_made (
    ledger_id       bigint NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id         bigint NOT NULL,
    idempotency_key text   COLLATE "C" NOT NULL,
    fingerprint     bytea  NOT NULL,
    UNIQUE (user_id, idempotency_key)
);

-- What happened to a ledger and its members. No line is ever changed.
CREATE TABLE ledger_event (
    ledger_id bigint   NOT NULL,
    id        bigint   NOT NULL,
    at        bigint   NOT NULL,
    kind      text     COLLATE "C" NOT NULL CHECK (kind <> ''),
    by_user   bigint   NOT NULL,
    of_user   bigint   NOT NULL, -- 0 for nobody
    role      smallint NOT NULL, -- 0 for none
    said      text     NOT NULL, -- the ledger's name, or an invitation's note
    PRIMARY KEY (ledger_id, id)
);

-- An invitation is open until it ends, is used or is withdrawn. Of its token there is only the SHA-256.
CREATE TABLE invitation (
    ledger_id  bigint   NOT NULL,
    id         bigint   NOT NULL,
    token_hash bytea    NOT NULL CHECK (octet_length(token_hash) = 32),
    role       smallint NOT NULL CHECK (role BETWEEN 1 AND 3),
    note       text     NOT NULL,
    by_user    bigint   NOT NULL,
    made_at    bigint   NOT NULL,
    ends_at    bigint   NOT NULL,
    used_by    bigint   NOT NULL, -- 0 for nobody
    withdrawn  boolean  NOT NULL,
    PRIMARY KEY (ledger_id, id),
    UNIQUE (ledger_id, token_hash)
);
