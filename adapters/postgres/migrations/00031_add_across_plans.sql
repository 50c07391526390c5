-- +goose Up

-- A function's statement is planned once a session, perhaps while the tables are empty. Then to read all of a table would be cheapest, and
-- each later add would read all that were added since. A session that a pooler shares cannot be told so, so the function says it itself.
ALTER FUNCTION expense_add_across SET enable_seqscan = off;
ALTER FUNCTION expense_add_across SET enable_bitmapscan = off;
ALTER FUNCTION expense_add_across SET enable_hashjoin = off;
ALTER FUNCTION expense_add_across SET enable_mergejoin = off;
ALTER FUNCTION expense_add_across SET jit = off; -- what is made dear must not be compiled for it
