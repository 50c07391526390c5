-- +goose Up

-- People are not shown what the program's own probe adds, in a ledger below zero.
DROP VIEW IF EXISTS expense;
CREATE VIEW expense AS
SELECT
    e.id,
    c.name AS category,
    CASE WHEN e.price < 0 THEN '-' ELSE '' END || CASE digits
        WHEN 0 THEN CAST(abs(e.price) AS TEXT)
        ELSE printf('%d.%0*d', abs(e.price) / scale, digits, abs(e.price) % scale)
    END AS price,
    e.currency,
    e.spent_on AS date,
    e.note,
    e.ledger_id,
    e.payee,
    trim(e.tags) AS tags,
    e.price < 0 AS refund,
    (SELECT payer.name FROM account payer WHERE payer.id = e.paid_by) AS paid_by
FROM expense_entry e
JOIN currency ON currency.code = e.currency
JOIN category raw ON raw.id = e.category_id
JOIN category c ON c.id = COALESCE(raw.merged_into, raw.id)
WHERE NOT e.deleted AND e.ledger_id > 0;
