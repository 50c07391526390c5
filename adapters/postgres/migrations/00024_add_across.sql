-- +goose NO TRANSACTION
-- +goose Up

-- Adds to several ledgers at once, which share a commit. Each row goes where its own ledger is said; a ledger that somebody holds, one of
-- whose categories is missing, or that has all of its keys already, is left alone. It runs as the owner of the tables, for the wall lets a
-- statement see one ledger. All of it is one statement, as for one ledger.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION expense_add_across(ledgers bigint[], keys text[], fingerprints bytea[], dates date[], names text[], prices text[],
    currencies text[], notes text[], moments timestamptz[], payees text[], tagged text[], adders bigint[], payers bigint[], drawn bigint)
RETURNS TABLE (in_ledger bigint, under_key text, id bigint, category bigint, name text, colour text, icon text, archived boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH input AS MATERIALIZED (
        SELECT i.*, c.id AS category_id
        FROM unnest(ledgers, keys, fingerprints, dates, names, prices, currencies, notes, moments, payees, tagged, adders, payers)
            WITH ORDINALITY AS i (ledger_id, idempotency_key, fingerprint, spent_on, name_key, price, currency, note, created_at, payee, tags,
                added_by, paid_by, place)
        LEFT JOIN LATERAL (SELECT k.id FROM category k WHERE k.ledger_id = i.ledger_id AND k.name_key = i.name_key OFFSET 0) c ON true
    ), whole AS MATERIALIZED (
        SELECT i.ledger_id FROM input i
        LEFT JOIN LATERAL (
            SELECT e.id FROM expense_entry e WHERE e.ledger_id = i.ledger_id AND e.idempotency_key = i.idempotency_key OFFSET 0
        ) e ON true
        GROUP BY i.ledger_id HAVING bool_and(i.category_id IS NOT NULL) AND bool_or(e.id IS NULL)
    ), held AS MATERIALIZED (
        SELECT l.id FROM ledger l WHERE l.id IN (SELECT w.ledger_id FROM whole w) ORDER BY l.id FOR UPDATE SKIP LOCKED
    ), locked AS (
        UPDATE ledger SET version = ledger.version + 1, mark = drawn WHERE ledger.id IN (SELECT h.id FROM held h) RETURNING ledger.id
    ), inserted AS (
        INSERT INTO expense_entry (ledger_id, spent_on, category_id, price, currency, note, idempotency_key, fingerprint, created_at,
            payee, tags, added_by, paid_by)
        SELECT l.id, i.spent_on, i.category_id, i.price::numeric, i.currency, i.note, i.idempotency_key, i.fingerprint, i.created_at,
            i.payee, i.tags, NULLIF(i.added_by, 0), NULLIF(i.paid_by, 0)
        FROM locked l JOIN input i ON i.ledger_id = l.id
        ORDER BY i.place
        ON CONFLICT (ledger_id, idempotency_key) DO NOTHING
        RETURNING id, ledger_id, spent_on, category_id, price, currency, idempotency_key, paid_by
    ), totals AS (
        INSERT INTO expense_total (ledger_id, month, category_id, currency, entries, minor, size)
        SELECT s.ledger_id, s.month, s.category_id, s.currency, s.entries, s.minor,
            CASE WHEN s.minor > 0 THEN floor(ln(s.minor::double precision))::integer ELSE 0 END
        FROM (
            SELECT i.ledger_id, t.month, t.category_id, i.currency, count(*) AS entries, replace(sum(i.price)::text, '.', '')::bigint AS minor
            FROM inserted i
            CROSS JOIN LATERAL (SELECT to_char(i.spent_on, 'YYYYMMDD')::integer) AS d (day)
            CROSS JOIN LATERAL (VALUES (0, 0), (0, i.category_id), (d.day / 100, 0), (d.day / 100, i.category_id), (d.day, 0))
                AS t (month, category_id)
            WHERE t.month <= 999999 OR current_setting('expense.counts_days', true) = 'on'
            GROUP BY i.ledger_id, t.month, t.category_id, i.currency
            ORDER BY i.ledger_id, t.month, t.category_id, i.currency
        ) s
        ON CONFLICT (ledger_id, month, category_id, currency) DO UPDATE
        SET entries = expense_total.entries + excluded.entries, minor = expense_total.minor + excluded.minor,
            size = CASE WHEN expense_total.minor + excluded.minor > 0
                THEN floor(ln((expense_total.minor + excluded.minor)::double precision))::integer ELSE 0 END
    ), paid AS (
        INSERT INTO expense_paid (ledger_id, month, user_id, currency, entries, minor)
        SELECT p.ledger_id, p.month, p.paid_by, p.currency, count(*), replace(sum(p.price)::text, '.', '')::bigint
        FROM (
            SELECT i.ledger_id, to_char(i.spent_on, 'YYYYMM')::integer AS month, i.paid_by, i.currency, i.price
            FROM inserted i WHERE i.paid_by IS NOT NULL
        ) p
        GROUP BY p.ledger_id, p.month, p.paid_by, p.currency
        ORDER BY p.ledger_id, p.month, p.paid_by, p.currency
        ON CONFLICT (ledger_id, month, user_id, currency) DO UPDATE
        SET entries = expense_paid.entries + excluded.entries, minor = expense_paid.minor + excluded.minor
    )
    SELECT i.ledger_id, i.idempotency_key, i.id, c.id, c.name, c.colour, c.icon, c.archived
    FROM inserted i
    CROSS JOIN LATERAL (SELECT * FROM category k WHERE k.ledger_id = i.ledger_id AND k.id = i.category_id OFFSET 0) c;
END
$$;
-- +goose StatementEnd

-- Only who serves may call it; the wall lets that role.
-- +goose StatementBegin
REVOKE ALL ON FUNCTION expense_add_across FROM PUBLIC;
-- +goose StatementEnd
