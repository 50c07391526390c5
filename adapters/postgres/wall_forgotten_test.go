package postgres_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"expense-tracker/adapters/postgres/postgrestest"
)

// tablesOfLedgers asks for every table that says whose its rows are, and in which column.
const tablesOfLedgers = `
SELECT c.relname || '.' || a.attname FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
	AND a.attname = CASE c.relname WHEN 'ledger' THEN 'id' ELSE 'ledger_id' END
ORDER BY 1`

// fill gives every table one row of each of the ledgers 1 and 2. What else rows have does not matter, so no check or trigger looks at it.
const fill = `
DO $$
DECLARE
	t record;
	columns text;
	values text;
BEGIN
	FOR t IN SELECT conrelid::regclass AS of, conname FROM pg_constraint
		WHERE connamespace = 'public'::regnamespace AND contype IN ('c', 'f') LOOP
		EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', t.of, t.conname);
	END LOOP;
	FOR t IN SELECT c.oid, c.oid::regclass AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
		WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
			AND a.attname = CASE c.relname WHEN 'ledger' THEN 'id' ELSE 'ledger_id' END LOOP
		EXECUTE format('ALTER TABLE %s DISABLE TRIGGER USER', t.name);
		SELECT string_agg(attname, ', '), string_agg(CASE
			WHEN attname = 'ledger_id' OR t.name::text = 'ledger' AND attname = 'id' THEN 'n'
			WHEN atttypid = 'bytea'::regtype THEN '''\x00''::bytea'
			WHEN atttypid = 'boolean'::regtype THEN 'false'
			WHEN atttypid IN ('date'::regtype, 'timestamptz'::regtype) THEN 'now()'
			ELSE format('n::text::%s', format_type(atttypid, NULL)) END, ', ')
		INTO columns, values
		FROM pg_attribute WHERE attrelid = t.oid AND attnum > 0 AND NOT attisdropped AND attnotnull;
		EXECUTE format('INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE SELECT %s FROM generate_series(1, 2) n', t.name, columns, values);
	END LOOP;
END
$$`

// filled returns a walled database with rows of two ledgers, as the owner and as the role that serves.
func filled(t *testing.T) (owner, served string) {
	t.Helper()
	owner = postgrestest.Start(t)
	served = walled(t, owner)
	execute(t, owner, fill)
	return owner, served
}

// across are the tables whose rows can be read, and changed, where every ledger is meant; and so can no others.
var across = map[string]struct{ read, write bool }{
	"ledger.id": {read: true}, "member.ledger_id": {read: true}, "token.ledger_id": {read: true}, "ledger_made.ledger_id": {true, true},
}

// The first check, each statement's own condition, is left out here: nothing but the server keeps the ledgers apart.
func TestAStatementThatForgotItsLedgerReachesNoOther(t *testing.T) {
	owner, served := filled(t)
	all := query[string](t, owner, tablesOfLedgers)
	if len(all) < 13 {
		t.Fatalf("tables %v: where are the others?", all)
	}
	conn := connectAs(t, served)
	for _, one := range all {
		table, column, _ := strings.Cut(one, ".")
		t.Run(table, func(t *testing.T) {
			for _, scope := range []string{"", "1", "2", "0"} {
				found := seen(t, conn, scope, "SELECT array_agg("+column+" ORDER BY 1)::text FROM "+table)
				want := map[string]string{"": "", "1": "{1}", "2": "{2}", "0": ""}[scope]
				switch {
				case table == "ledger_made" && scope != "0":
					want = ""
				case across[one].read && scope == "0":
					want = "{1,2}"
				}
				if found != want {
					t.Errorf("meant for ledger %q it finds rows of %q, want %q", scope, found, want)
				}
			}
			if across[one].write {
				return
			}
			changed := func(scope, statement string) (rows int64, err error) {
				err = pgx.BeginFunc(t.Context(), conn, func(tx pgx.Tx) error {
					if _, err := tx.Exec(t.Context(), "SELECT set_config('expense_tracker.ledger', $1, true)", scope); err != nil {
						return err
					}
					tag, err := tx.Exec(t.Context(), statement)
					rows = tag.RowsAffected()
					return errors.Join(err, errBack)
				})
				if errors.Is(err, errBack) && postgrestest.CodeOf(err) == "" {
					err = nil
				}
				return rows, err
			}
			for scope, want := range map[string]int64{"": 0, "0": 0, "1": 1} {
				if rows, err := changed(scope, "DELETE FROM "+table); rows != want || err != nil {
					t.Errorf("meant for ledger %q, DELETE takes %d rows, %v, want %d", scope, rows, err, want)
				}
				if rows, err := changed(scope, updateAll(t, owner, table)); rows != want || err != nil {
					t.Errorf("meant for ledger %q, UPDATE takes %d rows, %v, want %d", scope, rows, err, want)
				}
			}
			for _, move := range []string{
				"INSERT INTO " + table + " OVERRIDING SYSTEM VALUE SELECT (jsonb_populate_record(t, '{\"" + column + "\": 3}')).* FROM " + table + " t",
				"UPDATE " + table + " SET " + column + " = 2",
			} {
				if rows, err := changed("1", move); postgrestest.CodeOf(err) != "42501" && postgrestest.CodeOf(err) != "428C9" { // or of a column that always makes its values
					t.Errorf("%s: %d rows, %v, want it refused", move, rows, err)
				}
			}
		})
	}
	for scope, want := range map[string]string{"": "", "0": "", "1": "{1}"} {
		if found := seen(t, conn, scope, "SELECT array_agg(ledger_id)::text FROM expense_entry_of_ledger"); found != want {
			t.Errorf("meant for ledger %q, the view shows ledgers %q, want %q", scope, found, want)
		}
	}
}

var errBack = errors.New("roll back")

// updateAll returns an update of all rows of a table that leaves them as they are.
func updateAll(t *testing.T, owner, table string) string {
	column := query[string](t, owner, `SELECT attname::text FROM pg_attribute WHERE attrelid = '`+table+`'::regclass AND attnum > 0
		AND attidentity = '' AND NOT attisdropped AND attname NOT IN ('ledger_id') ORDER BY attnum DESC LIMIT 1`)[0]
	return "UPDATE " + table + " SET " + column + " = " + column
}

// seen returns what a query finds where a ledger is meant; empty for NULL.
func seen(t *testing.T, conn *pgx.Conn, scope, statement string) string {
	t.Helper()
	if _, err := conn.Exec(t.Context(), "SELECT set_config('expense_tracker.ledger', $1, false)", scope); err != nil {
		t.Fatal(err)
	}
	var found *string
	if err := conn.QueryRow(t.Context(), statement).Scan(&found); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	if found == nil {
		return ""
	}
	return *found
}

func connectAs(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(ctx) })
	return conn
}

// A table that says whose its rows are has a rule, and the role that serves has no rights but those on rows.
func TestTheWallHasNoGap(t *testing.T) {
	owner := postgrestest.Start(t)
	walled(t, owner)
	for _, one := range query[string](t, owner, tablesOfLedgers) {
		table, _, _ := strings.Cut(one, ".")
		if rules := query[int](t, owner, `SELECT count(*) FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
			WHERE c.relname = '`+table+`' AND c.relrowsecurity`)[0]; rules == 0 {
			t.Errorf("%s says whose its rows are, and has no rule", table)
		}
	}
	rights := query[string](t, owner, `
		SELECT c.relname || ' ' || string_agg(a.privilege_type, ',' ORDER BY a.privilege_type)
		FROM pg_class c CROSS JOIN aclexplode(c.relacl) a
		WHERE a.grantee IN (0, 'expense_serving'::regrole)
			AND c.relnamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
		GROUP BY c.relname ORDER BY 1`)
	for _, right := range rights {
		name, of, _ := strings.Cut(right, " ")
		switch name {
		case "expense_schema_version", "expense_schema_reach", "expense_entry_of_ledger", "expense_price_scale", "expense_count_of_all":
			if of != "SELECT" {
				t.Errorf("the role that serves may %s on %s", of, name)
			}
		default:
			if of != "DELETE,INSERT,SELECT,UPDATE" {
				t.Errorf("the role that serves may %s on %s", of, name)
			}
		}
	}
	tables := query[int](t, owner, `SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'`)[0]
	if tables+3 != len(rights) {
		t.Errorf("the role that serves has rights on %d relations, and there are %d tables and 3 views of the wall", len(rights), tables)
	}
	const ownedBy = `SELECT count(*) FROM pg_shdepend WHERE refobjid = 'expense_serving'::regrole AND deptype = 'o'`
	if owned := query[int](t, owner, ownedBy)[0]; owned != 0 {
		t.Errorf("the role that serves owns %d things", owned)
	}
}

func TestTheRoleThatServesCannotPassTheWall(t *testing.T) {
	owner, served := filled(t)
	boss := query[string](t, owner, "SELECT current_user::text")[0]
	for _, attempt := range []string{
		"ALTER TABLE expense_entry DISABLE ROW LEVEL SECURITY",
		"ALTER TABLE expense_entry OWNER TO expense_serving",
		"ALTER TABLE expense_entry DISABLE TRIGGER ALL",
		"DROP POLICY wall ON expense_entry",
		"CREATE POLICY open ON expense_entry USING (true)",
		"ALTER POLICY wall ON expense_entry USING (true)",
		"CREATE OR REPLACE VIEW expense_entry_of_ledger AS SELECT * FROM expense_entry",
		"DROP TABLE expense_entry",
		"TRUNCATE expense_entry",
		"CREATE TABLE mine (n integer)",
		"CREATE SCHEMA mine",
		"CREATE FUNCTION mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
		"CREATE INDEX mine ON expense_entry (ledger_id)",
		"COPY expense_entry TO PROGRAM 'true'",
		"COPY (SELECT 1) TO '/tmp/mine'",
		"SELECT pg_read_file('/etc/passwd')",
		`SET ROLE "` + boss + `"`,
		`SET SESSION AUTHORIZATION "` + boss + `"`,
		"ALTER ROLE expense_serving BYPASSRLS",
		"ALTER ROLE expense_serving SUPERUSER",
		`GRANT "` + boss + `" TO expense_serving`,
		"SET session_replication_role = replica",
		"SET row_security = off; SELECT * FROM expense_entry",
		"SELECT * FROM expense",
		"DELETE FROM expense_entry_of_ledger",
		"UPDATE expense_schema_version SET version_id = 0",
	} {
		conn := connectAs(t, served)
		_, err := conn.PgConn().Exec(t.Context(), attempt).ReadAll()
		if postgrestest.CodeOf(err) != "42501" {
			t.Errorf("%s: %v, want it forbidden", attempt, err)
		}
	}
}
