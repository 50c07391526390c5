-- +goose Up

-- What is there already was left in place when an older dump was restored.
DROP TABLE IF EXISTS account_begun;
DROP TABLE IF EXISTS account_passkey;
DROP TABLE IF EXISTS account_factor;

-- What a log-in needs besides the password, of those accounts that have it. The secret cannot be hashed: codes are made of it.
CREATE TABLE account_factor (
    account_id bigint  PRIMARY KEY REFERENCES account (id),
    secret     text    COLLATE "C" NOT NULL,
    confirmed  boolean NOT NULL,
    step       bigint  NOT NULL, -- of the last code that was taken
    recovery   bytea   NOT NULL  -- SHA-256 of the recovery codes, one after the other
);

-- Keys that let a user in without a password. The record is what the library of passkeys keeps: a public key, flags, a counter.
CREATE TABLE account_passkey (
    account_id bigint NOT NULL REFERENCES account (id),
    id         bigint NOT NULL,
    credential bytea  NOT NULL, -- its name in the browser
    name       text   COLLATE "C" NOT NULL,
    record     bytea  NOT NULL,
    added_at   bigint NOT NULL,
    used_at    bigint NOT NULL, -- 0 for never
    PRIMARY KEY (account_id, id)
);

-- What takes two requests, such as a log-in that still needs a code, by the SHA-256 of its token.
CREATE TABLE account_begun (
    digest     bytea   PRIMARY KEY,
    purpose    text    COLLATE "C" NOT NULL,
    account_id bigint  NOT NULL, -- 0 where that is not known yet
    generation integer NOT NULL,
    data       bytea   NOT NULL,
    ends_at    bigint  NOT NULL
);

CREATE INDEX account_begun_ends ON account_begun (ends_at);
