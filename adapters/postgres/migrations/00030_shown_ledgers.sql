-- +goose Up

-- Whose expenses the view shows to a role that reads it and nothing else: to expense_reader none, until an operator says so by
-- deploy/postgres/roles.sh, which may have come before; to any other role all.
-- +goose StatementBegin
DO $$
BEGIN
    IF to_regprocedure('expense_shown(bigint)') IS NULL THEN
        CREATE FUNCTION expense_shown(ledger bigint) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
            RETURN CURRENT_USER <> 'expense_reader';
    END IF;
END
$$;
-- +goose StatementEnd

-- A barrier: what somebody who reads it asks is not tried on the rows that are not shown.
-- +goose StatementBegin
SET LOCAL lock_timeout = '2s';
CREATE OR REPLACE VIEW expense WITH (security_barrier) AS
SELECT e.id, shown.name AS category, e.price, e.currency, e.spent_on AS date, e.note, e.ledger_id,
    e.payee, trim(e.tags) AS tags, e.price < 0 AS refund, payer.name AS paid_by
FROM expense_entry e
JOIN category stored ON stored.ledger_id = e.ledger_id AND stored.id = e.category_id
JOIN category shown ON shown.ledger_id = e.ledger_id AND shown.id = COALESCE(stored.merged_into, stored.id)
LEFT JOIN account payer ON payer.id = e.paid_by
WHERE NOT e.deleted AND e.ledger_id > 0 AND expense_shown(e.ledger_id);
-- +goose StatementEnd
