-- +goose NO TRANSACTION
-- +goose Up

-- What a search compares: small letters, without the accents of the letters from A to Z. The index on it is an index of an expression, so
-- that instances of the version before keep it as well. The program makes that index when it starts, where the server has pg_trgm: the
-- extension is trusted, so whoever owns the database may create it. Without it a search reads each row.
-- +goose StatementBegin
DO $$
BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
EXCEPTION WHEN OTHERS THEN
    RAISE WARNING 'searches will read each row, since pg_trgm cannot be created: %', SQLERRM;
END
$$;
-- +goose StatementEnd

-- Folding asks for Unicode, which a server of another encoding knows nothing of: there only letters from A to Z are folded. A collation of
-- ICU knows the small letters of all scripts, whatever the database's own.
-- +goose StatementBegin
DO $do$
DECLARE
    folded text := 'translate(lower(normalize(regexp_replace(normalize(said, NFD), ''([A-Za-z])[\u0300-\u036F]+'', ''\1'', ''g''), NFC)'
        || '%s), ''ς'', ''σ'')';
    small text := '';
BEGIN
    IF getdatabaseencoding() <> 'UTF8' THEN
        folded := 'lower(said COLLATE "C")';
    ELSE
        IF EXISTS (SELECT FROM pg_collation WHERE collname = 'und-x-icu' AND collnamespace = 'pg_catalog'::regnamespace) THEN
            small := ' COLLATE "und-x-icu"';
        END IF;
        folded := format(folded, small);
    END IF;
    EXECUTE format($f$
        CREATE OR REPLACE FUNCTION expense_search_text(payee text, note text, tags text) RETURNS text
        LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 50 AS $body$
        DECLARE
            said text := payee || E'\n' || note || E'\n' || tags;
        BEGIN
            IF octet_length(said) = length(said) THEN
                RETURN lower(said COLLATE "C");
            END IF;
            RETURN %s;
        END
        $body$
    $f$, folded);
END
$do$;
-- +goose StatementEnd

-- A category's expenses in the list's order, and the few that are deleted. An index that is there may be half made, by a start that gave
-- up. Nobody waits while one is made.
-- +goose StatementBegin
SET lock_timeout = '5s';
-- +goose StatementEnd
-- +goose StatementBegin
DROP INDEX IF EXISTS expense_entry_category;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE INDEX CONCURRENTLY expense_entry_category ON expense_entry (ledger_id, category_id, spent_on DESC, id DESC) WHERE NOT deleted;
-- +goose StatementEnd
-- +goose StatementBegin
DROP INDEX IF EXISTS expense_entry_deleted;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE INDEX CONCURRENTLY expense_entry_deleted ON expense_entry (ledger_id, spent_on DESC, id DESC) WHERE deleted;
-- +goose StatementEnd
-- +goose StatementBegin
RESET lock_timeout;
-- +goose StatementEnd
