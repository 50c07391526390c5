package postgres_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"expense-tracker/adapters/postgres"
	"expense-tracker/adapters/postgres/postgrestest"
	"expense-tracker/core/ledger"
)

// mayNot is what the role that serves must not do. It reads and writes rows, and makes temporary tables, by which readiness finds a full
// disk; these are its session's alone.
var mayNot = []string{
	// what there is
	"CREATE TABLE mine (id int)", "CREATE SCHEMA mine", "CREATE VIEW mine AS SELECT 1", "CREATE SEQUENCE mine",
	"CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'", "CREATE TYPE mine AS ENUM ('a')", "CREATE DATABASE mine",
	"CREATE EXTENSION dblink", "CREATE EXTENSION file_fdw", "CREATE PUBLICATION mine FOR TABLE expense_entry",
	"CREATE SUBSCRIPTION mine CONNECTION 'host=localhost' PUBLICATION mine",
	"CREATE EVENT TRIGGER mine ON ddl_command_start EXECUTE FUNCTION now()", "CREATE SERVER mine FOREIGN DATA WRAPPER none",
	"CREATE TABLESPACE mine LOCATION '/tmp'", "CREATE LANGUAGE plpython3u", "CREATE INDEX mine ON expense_entry (id)",
	"CREATE RULE mine AS ON INSERT TO expense_entry DO NOTHING",
	"CREATE TRIGGER mine BEFORE INSERT ON expense_entry EXECUTE FUNCTION suppress_redundant_updates_trigger()",
	"CREATE POLICY mine ON expense_entry USING (true)", "CREATE OPERATOR CLASS mine FOR TYPE int USING btree AS OPERATOR 1 <",
	"ALTER TABLE expense_entry ADD COLUMN mine int", "ALTER TABLE expense_entry DISABLE TRIGGER ALL",
	"ALTER TABLE expense_entry DISABLE ROW LEVEL SECURITY", "ALTER TABLE expense_entry OWNER TO CURRENT_USER",
	"DROP POLICY wall ON expense_entry", "DROP TABLE expense_entry CASCADE", "DROP VIEW expense CASCADE", "DROP SCHEMA public CASCADE",
	"TRUNCATE expense_entry CASCADE", "COMMENT ON TABLE expense_entry IS 'mine'", "CLUSTER expense_entry",
	"REINDEX TABLE expense_entry",
	"LOCK TABLE expense_schema_version IN ACCESS EXCLUSIVE MODE",
	"INSERT INTO expense_schema_version (version_id, is_applied) VALUES (99, true)", "DELETE FROM expense_schema_version",
	// who one is
	"SET ROLE postgres", "SET SESSION AUTHORIZATION postgres", "CREATE ROLE mine", "ALTER ROLE CURRENT_USER SUPERUSER",
	"ALTER ROLE CURRENT_USER BYPASSRLS", "ALTER ROLE CURRENT_USER CREATEROLE", "ALTER ROLE CURRENT_USER REPLICATION",
	"GRANT pg_read_all_data TO CURRENT_USER", "GRANT pg_execute_server_program TO CURRENT_USER",
	"SET row_security = off; SELECT * FROM expense_entry", "DROP OWNED BY postgres", "REASSIGN OWNED BY postgres TO CURRENT_USER",
	// the machine
	"COPY expense_schema_version TO PROGRAM 'cat'", "COPY expense_entry FROM PROGRAM 'echo'",
	"COPY expense_schema_version TO '/tmp/mine'", "COPY expense_entry FROM '/etc/passwd'", "SELECT pg_read_file('/etc/passwd')",
	"SELECT pg_read_binary_file('/etc/passwd')", "SELECT pg_ls_dir('/')", "SELECT pg_stat_file('/etc/passwd')",
	"SELECT lo_import('/etc/passwd')", "SELECT lo_export(1, '/tmp/mine')", "LOAD '/tmp/mine.so'",
	"CREATE FUNCTION mine() RETURNS int LANGUAGE c AS '/tmp/mine.so'", "SELECT pg_ls_logdir()", "SELECT pg_ls_waldir()",
	"SELECT pg_current_logfile()",
	// the server
	"ALTER SYSTEM SET log_statement = 'all'", "ALTER DATABASE postgres SET work_mem = '1GB'", "SELECT pg_reload_conf()",
	"SELECT pg_rotate_logfile()", "SELECT pg_switch_wal()", "SELECT pg_promote()", "SELECT pg_create_restore_point('mine')",
	"SELECT pg_create_physical_replication_slot('mine')", "CHECKPOINT", "SET session_replication_role = replica",
	"SET log_statement = 'none'", "SELECT pg_stat_reset()",
	// what is known of others
	"SELECT rolpassword FROM pg_authid", "SELECT passwd FROM pg_shadow", "SELECT * FROM pg_hba_file_rules",
	"SELECT * FROM pg_file_settings", "SELECT * FROM pg_user_mapping", "SELECT * FROM pg_statistic",
	"SELECT subconninfo FROM pg_subscription", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'postgres'",
	"SELECT * FROM others.secret", "SELECT others.secret()", "INSERT INTO others.secret VALUES ('x')",
	"CREATE TABLE others.mine (id int)",
}

// What the role that serves is for is reading and writing rows. All else it is refused for want of a right, and not by chance.
func TestTheRoleThatServesDoesRowsAlone(t *testing.T) {
	owner := postgrestest.Start(t)
	served := walled(t, owner)
	execute(t, owner, `CREATE SCHEMA others; CREATE TABLE others.secret (text text);
		CREATE FUNCTION others.secret() RETURNS SETOF others.secret LANGUAGE sql SECURITY DEFINER AS 'TABLE others.secret'`)
	superuser := query[string](t, owner, "SELECT current_user::text")[0]
	conn, err := pgx.Connect(t.Context(), served)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.WithoutCancel(t.Context())) })
	above, err := pgx.Connect(t.Context(), owner) // whom to end
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = above.Close(context.WithoutCancel(t.Context())) })
	for _, statement := range mayNot {
		statement = strings.ReplaceAll(statement, "'postgres'", "'"+superuser+"'")
		for _, command := range []string{"SET ROLE ", "AUTHORIZATION ", "OWNED BY "} {
			statement = strings.ReplaceAll(statement, command+"postgres", command+pgx.Identifier{superuser}.Sanitize())
		}
		if err := attempt(t, conn, statement); !isRefused(err) {
			t.Errorf("%s: %v", statement, err)
		}
	}
	// A grant of what one may not grant is a warning, and gives nobody anything.
	execute(t, served, "GRANT ALL ON expense_entry, ledger, account TO PUBLIC")
	if query[bool](t, owner, "SELECT has_table_privilege('pg_monitor', 'expense_entry', 'SELECT')")[0] {
		t.Error("the role gives its rights to everybody")
	}
	// And with all of it refused, it still serves.
	store := open(t, served, postgres.Options{})
	if _, err := store.Add(t.Context(), ledger.Default, entry(1, usd(t))); err != nil {
		t.Error(err)
	}
	if err := store.db.Ready(t.Context()); err != nil {
		t.Error(err)
	}
	if err := attempt(t, conn, "CREATE TEMP TABLE mine (id int)"); err != nil {
		t.Errorf("readiness needs temporary tables: %v", err)
	}
	const attributes = `SELECT format('%s%s%s%s%s', rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication)
		FROM pg_roles WHERE rolname = 'expense_serving'`
	if got := query[string](t, owner, attributes)[0]; got != "fffff" {
		t.Errorf("the role may be too much: %s", got)
	}
	const owns = `SELECT count(*) FROM pg_class WHERE relowner = 'expense_serving'::regrole AND relpersistence <> 't'`
	if n := query[int64](t, owner, owns)[0]; n != 0 {
		t.Errorf("the role owns %d relations", n)
	}
}

// attempt runs statements in a transaction that is taken back.
func attempt(t *testing.T, conn *pgx.Conn, statements string) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	defer func() { _, _ = conn.PgConn().Exec(ctx, "ROLLBACK").ReadAll() }()
	_, err := conn.PgConn().Exec(ctx, "BEGIN; "+statements).ReadAll()
	if hasCode(err, "25001") { // not in a transaction, which says nothing of rights
		_, _ = conn.PgConn().Exec(ctx, "ROLLBACK").ReadAll()
		_, err = conn.PgConn().Exec(ctx, statements).ReadAll()
	}
	return err
}

// isRefused reports whether somebody has no right to what they tried. What is not there cannot be done either, but by name.
func isRefused(err error) bool {
	return hasCode(err, "42501", // insufficient_privilege
		"42704", "42883", "0A000", "58P01", "3F000") // no such language, wrapper, function or file: nothing to have a right to
}

func hasCode(err error, codes ...string) bool {
	return slices.Contains(codes, postgrestest.CodeOf(err))
}
