package postgres_test

import (
	"testing"

	"github.com/jackc/pgx/v5"

	"expense-tracker/adapters/postgres/postgrestest"
)

// decoys are temporary tables of the names that the function uses, with a trigger that tells as whom it runs.
const decoys = `
CREATE TEMP TABLE category (ledger_id bigint, name_key text, id bigint, name text, colour text, icon text, archived boolean);
INSERT INTO category VALUES (1, 'decoy', 1, 'decoy', '', '', false);
CREATE TEMP TABLE ledger (id bigint, version bigint, mark bigint);
INSERT INTO ledger VALUES (1, 1, 1);
CREATE FUNCTION pg_temp.tell() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'as %', current_user; END $$;
CREATE TRIGGER tell BEFORE UPDATE ON pg_temp.ledger FOR EACH ROW EXECUTE FUNCTION pg_temp.tell()`

const addDecoy = `
SELECT count(*) FROM expense_add_across('{1}', '{k}', ARRAY['\x00'::bytea], '{2026-01-01}', '{decoy}', '{1.00}', '{EUR}', '{""}',
	ARRAY[now()], '{""}', '{""}', '{0}', '{0}', 1)`

// What does as its owner touches no table of the role that calls it: whose trigger would do as the owner, too.
func TestNoTableOfTheServingRoleIsTakenForAnother(t *testing.T) {
	served := walled(t, postgrestest.Start(t))
	conn, err := pgx.Connect(t.Context(), served)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(t.Context()) }()
	if _, err := conn.Exec(t.Context(), decoys); err != nil {
		t.Fatal(err)
	}
	var stored int
	if err := conn.QueryRow(t.Context(), addDecoy).Scan(&stored); err != nil || stored != 0 {
		t.Errorf("%d entries are stored, %v", stored, err)
	}
}
