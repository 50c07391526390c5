-- +goose Up

-- People are not shown what the program's own probe adds, in a ledger below zero.
SET LOCAL lock_timeout = '2s';
CREATE OR REPLACE VIEW expense AS
SELECT e.id, shown.name AS category, e.price, e.currency, e.spent_on AS date, e.note, e.ledger_id,
    e.payee, trim(e.tags) AS tags, e.price < 0 AS refund, payer.name AS paid_by
FROM expense_entry e
JOIN category stored ON stored.ledger_id = e.ledger_id AND stored.id = e.category_id
JOIN category shown ON shown.ledger_id = e.ledger_id AND shown.id = COALESCE(stored.merged_into, stored.id)
LEFT JOIN account payer ON payer.id = e.paid_by
WHERE NOT e.deleted AND e.ledger_id > 0;
