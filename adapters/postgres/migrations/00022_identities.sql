-- +goose Up

-- What is there already was left in place when an older dump was restored.
DROP TABLE IF EXISTS account_attempt;
DROP TABLE IF EXISTS account_expected;
DROP TABLE IF EXISTS account_identity;

-- What users are called by identity providers. The two of the key are never another person's.
CREATE TABLE account_identity (
    issuer     text   COLLATE "C" NOT NULL,
    subject    text   COLLATE "C" NOT NULL,
    account_id bigint NOT NULL REFERENCES account (id),
    shown      text   COLLATE "C" NOT NULL, -- to the user, of the link
    linked_at  bigint NOT NULL,
    PRIMARY KEY (issuer, subject),
    UNIQUE (account_id, issuer)
);

-- Who comes in as a user whose provider knows this address to be theirs: once, and then by their identity.
CREATE TABLE account_expected (
    email      text   COLLATE "C" PRIMARY KEY,
    account_id bigint NOT NULL UNIQUE REFERENCES account (id)
);

-- Browsers on their way to a provider and back, by the SHA-256 of what the browser and the provider bring together.
CREATE TABLE account_attempt (
    digest     bytea    PRIMARY KEY,
    aim        smallint NOT NULL,
    account_id bigint   NOT NULL, -- who links; 0 otherwise
    code       bytea    NOT NULL, -- SHA-256 of the set-up's code; zeros otherwise
    return_to  text     COLLATE "C" NOT NULL,
    expires_at bigint   NOT NULL
);
