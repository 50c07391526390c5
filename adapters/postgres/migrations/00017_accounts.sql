-- +goose Up

-- What is there already was left in place when an older dump was restored.
DROP TABLE IF EXISTS account_throttle;
DROP TABLE IF EXISTS account_session;
DROP TABLE IF EXISTS account_setup_code;
DROP TABLE IF EXISTS account CASCADE; -- of what later migrations make, the keys alone: they drop the tables themselves
DROP TABLE IF EXISTS account_register;

-- Accounts are the installation's: a person may have several ledgers, and is found by a name or a token before any of them is known. So no
-- key here leads with a ledger. Where ledgers are sharded, these few rows stand on one node. Moments are in microseconds since 1970.

-- One row: the number of the next account. Whoever gives an account a number or a name holds it first.
CREATE TABLE account_register (
    id   integer PRIMARY KEY CHECK (id = 1),
    next bigint  NOT NULL
);
INSERT INTO account_register (id, next) VALUES (1, 1);

-- No row is ever deleted, and no number given twice: rows of ledgers say who wrote them.
CREATE TABLE account (
    id         bigint  PRIMARY KEY,
    name       text    COLLATE "C" NOT NULL,
    folded     text    COLLATE "C" NOT NULL UNIQUE,
    language   text    COLLATE "C" NOT NULL,
    admin      boolean NOT NULL,
    disabled   boolean NOT NULL,
    password   text    COLLATE "C" NOT NULL, -- hashed, in PHC form
    generation integer NOT NULL,             -- of what lets the user in; a session of another one is over
    created_at bigint  NOT NULL
);

-- SHA-256 of the codes that make the first account.
CREATE TABLE account_setup_code (
    digest     bytea  PRIMARY KEY,
    offered_at bigint NOT NULL
);

-- Browsers that are signed in, by the SHA-256 of their token.
CREATE TABLE account_session (
    digest     bytea   PRIMARY KEY,
    id         bigint  NOT NULL,
    account_id bigint  NOT NULL REFERENCES account (id),
    generation integer NOT NULL,
    address    text    COLLATE "C" NOT NULL,
    agent      text    COLLATE "C" NOT NULL,
    opened_at  bigint  NOT NULL,
    used_at    bigint  NOT NULL
);

CREATE INDEX account_session_of ON account_session (account_id);

-- Tries to sign in, by the SHA-256 of what they count against: when all of them have passed.
CREATE TABLE account_throttle (
    digest  bytea  PRIMARY KEY,
    free_at bigint NOT NULL
);
