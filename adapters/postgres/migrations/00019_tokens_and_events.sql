-- +goose Up

-- What is there already was left in place when an older dump was restored.
DROP TABLE IF EXISTS token;
DROP TABLE IF EXISTS account_event;

-- How programs come in: a token is to one ledger, and works in its maker's name. Moments are in microseconds since 1970.
CREATE TABLE token (
    ledger_id       bigint  NOT NULL,
    id              bigint  NOT NULL,
    digest          bytea   NOT NULL CHECK (octet_length(digest) = 32), -- SHA-256 of the secret
    idempotency_key text    COLLATE "C" NOT NULL, -- of the form that asked for it
    name            text    NOT NULL CHECK (name <> ''),
    scope           text    COLLATE "C" NOT NULL CHECK (scope IN ('read', 'write')),
    by_user         bigint  NOT NULL,
    made_at         bigint  NOT NULL,
    ends_at         bigint  NOT NULL,
    used_at         bigint  NOT NULL, -- 0 for never
    revoked         boolean NOT NULL,
    PRIMARY KEY (ledger_id, id),
    UNIQUE (ledger_id, digest),
    UNIQUE (ledger_id, by_user, idempotency_key)
);

CREATE INDEX token_by_user ON token (by_user) WHERE NOT revoked;

-- What happened to accounts. Failed tries to sign in are counted together by account, fold of time and network; of the name that was
-- tried there is nothing.
CREATE TABLE account_event (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind       text    COLLATE "C" NOT NULL CHECK (kind <> ''),
    account_id bigint  NOT NULL, -- 0 for a name that nobody has
    by_account bigint  NOT NULL, -- 0 for the operator, and for who is not known
    address    text    COLLATE "C" NOT NULL,
    times      integer NOT NULL,
    at         bigint  NOT NULL,
    last_at    bigint  NOT NULL,
    fold       bigint, -- NULL for what is not counted together
    network    text    COLLATE "C",
    UNIQUE (account_id, fold, network)
);

CREATE INDEX account_event_of ON account_event (account_id, id);
