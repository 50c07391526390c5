-- +goose Up

-- A function that does as its owner looks for names where its caller can put none: temporary tables come last, which else come first.
-- +goose StatementBegin
DO $$
BEGIN
    EXECUTE format('ALTER FUNCTION expense_add_across SET search_path = pg_catalog, %I, pg_temp', current_schema());
END
$$;
-- +goose StatementEnd
