package deployment_test

import (
	"context"
	"errors"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"expense-tracker/adapters/postgres"
	"expense-tracker/adapters/postgres/postgrestest"
	"expense-tracker/tests/rig/project"
)

// lookers is a database and the folders of the passwords of those who only look into it.
type lookers struct {
	owner           string // the URL of a superuser
	monitor, reader string // folders
}

func newLookers(t testing.TB, owner string) lookers {
	t.Helper()
	return lookers{owner: owner, monitor: t.TempDir(), reader: t.TempDir()}
}

// makeRoles runs deploy/postgres/roles.sh as the service roles does, and returns what it wrote.
func (l lookers) makeRoles(t testing.TB, ledgers string, more ...string) (string, error) {
	t.Helper()
	u, err := url.Parse(l.owner)
	if err != nil {
		t.Fatal(err)
	}
	password, _ := u.User.Password()
	file := filepath.Join(t.TempDir(), "owner")
	if err := os.WriteFile(file, []byte(password+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	host := u.Hostname()
	if socket := u.Query().Get("host"); socket != "" {
		host = socket
	}
	command := exec.CommandContext(t.Context(), "bash", project.Path(t, "deploy/postgres/roles.sh"))
	command.Env = append(os.Environ(), "PGHOST="+host, "PGPORT="+u.Port(), "PGUSER="+u.User.Username(),
		"PGDATABASE="+strings.TrimPrefix(u.Path, "/"), "PGPASSWORD_FILE="+file, "MONITOR_FOLDER="+l.monitor, "READER_FOLDER="+l.reader,
		"LEDGERS="+ledgers)
	command.Env = append(command.Env, more...)
	output, err := command.CombinedOutput()
	return string(output), err
}

// mustMakeRoles is makeRoles where it has to succeed.
func (l lookers) mustMakeRoles(t testing.TB, ledgers string) {
	t.Helper()
	if output, err := l.makeRoles(t, ledgers); err != nil {
		t.Fatalf("roles for %s: %v\n%s", ledgers, err, output)
	}
}

// as returns the database's URL for one of the roles, with the password from its folder.
func (l lookers) as(t testing.TB, role, folder string) string {
	t.Helper()
	u, err := url.Parse(l.owner)
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.UserPassword(role, string(readPath(t, filepath.Join(folder, "password"))))
	return u.String()
}

// readerURL is that of Grafana's role.
func (l lookers) readerURL(t testing.TB) string { return l.as(t, "expense_reader", l.reader) }

func connectTo(t testing.TB, url string) *pgx.Conn {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(ctx) })
	return conn
}

// migrate migrates as the owner does for a role that serves.
func migrate(t testing.TB, owner string) {
	t.Helper()
	u, err := url.Parse(owner)
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.UserPassword("expense_app", "only for tests")
	if err := postgres.MigrateAs(t.Context(), postgres.Owner{URL: owner}, u.String()); err != nil {
		t.Fatal(err)
	}
}

// twoLedgers fills the ledgers 1 and 2 with one expense each, of 10.00 and of 12.50.
const twoLedgers = `
INSERT INTO category (ledger_id, name, name_key) SELECT n, 'food', 'food' FROM generate_series(1, 2) n;
INSERT INTO expense_entry (ledger_id, category_id, price, currency, spent_on, note, idempotency_key, fingerprint, created_at)
	SELECT c.ledger_id, c.id, 7.50 + 2.50 * c.ledger_id, 'USD', date '2026-11-03', 'of ledger ' || c.ledger_id, 'k', '\x00', now()
	FROM category c`

func fillTwoLedgers(t testing.TB, owner string) {
	t.Helper()
	if _, err := connectTo(t, owner).Exec(t.Context(), twoLedgers); err != nil {
		t.Fatal(err)
	}
}

// shown returns the ledgers whose expenses the role of dashboards sees.
func (l lookers) shown(t testing.TB) string {
	t.Helper()
	var found string
	const query = "SELECT COALESCE(string_agg(ledger_id::text, ',' ORDER BY ledger_id), '') FROM expense"
	conn := connectTo(t, l.readerURL(t))
	if err := errors.Join(conn.QueryRow(t.Context(), query).Scan(&found), conn.Close(t.Context())); err != nil {
		t.Fatal(err)
	}
	return found
}

// The roles come to a database that is new, to one that is older than they are, and again at each start.
func TestTheRolesOfThoseWhoLookAreMade(t *testing.T) {
	for _, first := range []string{"the roles", "the tables"} {
		t.Run("first "+first, func(t *testing.T) {
			l := newLookers(t, postgrestest.Start(t))
			if first == "the tables" {
				migrate(t, l.owner)
			}
			l.mustMakeRoles(t, "all")
			migrate(t, l.owner)
			fillTwoLedgers(t, l.owner)
			before := string(readPath(t, filepath.Join(l.reader, "password")))
			if got := l.shown(t); got != "1,2" {
				t.Errorf("shown are %q, want both", got)
			}
			choices := map[string]string{"2": "2"}
			if first == "the tables" {
				choices = map[string]string{"none": "", "": "", "1, 3": "1", "all": "1,2"}
			}
			for ledgers, want := range choices {
				l.mustMakeRoles(t, ledgers)
				if got := l.shown(t); got != want {
					t.Errorf("of %q are shown %q, want %q", ledgers, got, want)
				}
			}
			if after := string(readPath(t, filepath.Join(l.reader, "password"))); after != before || len(after) != 64 {
				t.Errorf("the password of %d characters changed while its user runs", len(before))
			}
			// Everybody else sees what they saw.
			var n int
			if err := connectTo(t, l.owner).QueryRow(t.Context(), "SELECT count(*) FROM expense").Scan(&n); err != nil || n != 2 {
				t.Errorf("the owner sees %d expenses, %v", n, err)
			}
		})
	}
}

// What an operator, a restore or another's hand left otherwise, the next start puts right.
func TestTheRolesArePutRight(t *testing.T) {
	l := newLookers(t, postgrestest.Start(t))
	migrate(t, l.owner)
	l.mustMakeRoles(t, "all")
	fillTwoLedgers(t, l.owner)
	owner := connectTo(t, l.owner)
	if _, err := owner.Exec(t.Context(), `ALTER ROLE expense_reader PASSWORD 'another' SUPERUSER; GRANT expense_app TO expense_reader;
		GRANT ALL ON expense_entry TO expense_reader; ALTER ROLE expense_monitor PASSWORD 'another' NOLOGIN;
		DROP VIEW expense; DROP FUNCTION expense_shown(bigint)`); err != nil {
		t.Fatal(err)
	}
	migration := read(t, "adapters/postgres/migrations/00030_shown_ledgers.sql")
	if _, err := owner.Exec(t.Context(), migration); err != nil {
		t.Fatal(err)
	}
	migrate(t, l.owner) // which lets the role read the new view: nobody's rows, until the roles are made anew
	l.mustMakeRoles(t, "2")
	if got := l.shown(t); got != "2" {
		t.Errorf("shown are %q, want 2", got)
	}
	reader := connectTo(t, l.readerURL(t))
	for _, attempt := range []string{"SELECT * FROM expense_entry", "SET ROLE expense_app"} {
		if _, err := reader.Exec(t.Context(), attempt); postgrestest.CodeOf(err) != "42501" {
			t.Errorf("%s: %v", attempt, err)
		}
	}
	var version string
	if err := connectTo(t, l.as(t, "expense_monitor", l.monitor)).QueryRow(t.Context(), "SELECT version()").Scan(&version); err != nil {
		t.Error(err)
	}
}

// Whoever may type a query in Grafana acts as its role.
func TestTheRoleOfDashboardsCanDoNothingElse(t *testing.T) {
	l := newLookers(t, postgrestest.Start(t))
	migrate(t, l.owner)
	l.mustMakeRoles(t, "1")
	fillTwoLedgers(t, l.owner)
	for _, attempt := range []string{
		"SELECT * FROM expense_entry", "SELECT * FROM account", "SELECT * FROM ledger", "SELECT * FROM expense_entry_of_ledger",
		"SELECT * FROM pg_authid", "SELECT * FROM token",
		"INSERT INTO expense (id) VALUES (9)", "UPDATE expense SET note = ''", "DELETE FROM expense", "TRUNCATE expense_entry",
		"CREATE TABLE mine (n integer)", "CREATE SCHEMA mine", "CREATE FUNCTION mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
		"CREATE OR REPLACE FUNCTION expense_shown(ledger bigint) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
		"CREATE OR REPLACE VIEW expense AS SELECT 1", "ALTER VIEW expense OWNER TO expense_reader", "DROP VIEW expense",
		"SET ROLE expense_app", "SET ROLE expense_monitor", "SET SESSION AUTHORIZATION expense_app", "SET SESSION AUTHORIZATION postgres",
		"ALTER ROLE expense_reader SUPERUSER", "ALTER ROLE expense_reader BYPASSRLS", "GRANT pg_read_all_data TO expense_reader",
		"COPY (SELECT 1) TO PROGRAM 'true'", "COPY (SELECT 1) TO '/tmp/mine'", "SELECT pg_read_file('/etc/passwd')",
		"SELECT lo_import('/etc/passwd')", "SELECT pg_ls_dir('/')",
		"SET session_replication_role = replica", "SELECT pg_reload_conf()", "SET temp_file_limit = -1", "CREATE EXTENSION file_fdw",
	} {
		conn := connectTo(t, l.readerURL(t))
		if _, err := conn.Exec(t.Context(), "SET default_transaction_read_only = off"); err != nil {
			t.Fatal(err) // it may: what holds are its rights
		}
		_, err := conn.PgConn().Exec(t.Context(), attempt).ReadAll()
		if code := postgrestest.CodeOf(err); code != "42501" && code != "55000" && code != "42809" { // or of a view that takes no rows
			t.Errorf("%s: %v, want it forbidden", attempt, err)
		}
		_ = conn.Close(t.Context())
	}
	conn := connectTo(t, l.readerURL(t))
	if _, err := conn.Exec(t.Context(), "CREATE TEMPORARY TABLE mine AS SELECT 1"); postgrestest.CodeOf(err) != "25006" {
		t.Errorf("by default it writes: %v", err)
	}
	// Conditions are not tried on rows that are not shown: not those that tell by an error, nor by a function of one's own.
	for _, look := range []string{
		"SELECT id FROM expense WHERE 1 / (price - 12.50) > -1000",
		"SELECT id FROM expense WHERE CASE note WHEN 'of ledger 2' THEN note::integer ELSE 1 END = 1",
	} {
		rows, err := conn.Query(t.Context(), look)
		if err != nil {
			t.Fatal(err)
		}
		if found, err := pgx.CollectRows(rows, pgx.RowTo[int64]); err != nil || len(found) != 1 {
			t.Errorf("%s: %v, %v, want the one row that is shown", look, found, err)
		}
	}
	// Its settings are of its own hand; the number of its connections is not.
	var many []*pgx.Conn
	var last error
	for range 6 {
		another, err := pgx.Connect(t.Context(), l.readerURL(t))
		if last = err; err == nil {
			many = append(many, another)
		}
	}
	if last == nil {
		t.Error("it has as many connections as it likes")
	}
	for _, another := range many {
		_ = another.Close(t.Context())
	}
}

func TestTheExportersRoleSeesNobodysRows(t *testing.T) {
	l := newLookers(t, postgrestest.Start(t))
	migrate(t, l.owner)
	l.mustMakeRoles(t, "all")
	conn := connectTo(t, l.as(t, "expense_monitor", l.monitor))
	for _, attempt := range []string{
		"SELECT * FROM expense", "SELECT * FROM expense_entry", "SELECT * FROM account", "SELECT * FROM pg_authid", "SET ROLE expense_app",
		"SELECT pg_read_file('/etc/passwd')", "COPY (SELECT 1) TO PROGRAM 'true'",
	} {
		if _, err := conn.Exec(t.Context(), attempt); postgrestest.CodeOf(err) != "42501" {
			t.Errorf("%s: %v, want it forbidden", attempt, err)
		}
	}
	var sees bool
	if err := conn.QueryRow(t.Context(), "SELECT pg_has_role('pg_monitor', 'MEMBER')").Scan(&sees); err != nil || !sees {
		t.Errorf("it is no member of pg_monitor: %v", err)
	}
}

func TestRolesThatCannotBeMadeAreSaid(t *testing.T) {
	l := newLookers(t, postgrestest.Start(t))
	for _, bad := range []string{"1;DROP TABLE x", "every", "1,,2", "-1", "1,"} {
		output, err := l.makeRoles(t, bad)
		if err == nil || !strings.Contains(output, "MONEY_LEDGERS is to be all, none, or ids") {
			t.Errorf("ledgers %q: %v, %s", bad, err, output)
		}
	}
	if output, err := l.makeRoles(t, "all", "PGUSER=nobody_here"); err == nil || !strings.Contains(output, "could not be made") {
		t.Errorf("a user who is not there: %v, %s", err, output)
	}
	if output, err := l.makeRoles(t, "all", "PGPORT=1"); err == nil || !strings.Contains(output, "could not be made") {
		t.Errorf("no server: %v, %s", err, output)
	}
	if output, err := l.makeRoles(t, "all", "READER_FOLDER=/nowhere"); err == nil || !strings.Contains(output, "no password can be written") {
		t.Errorf("no folder: %v, %s", err, output)
	}
}

func TestRolesAreMadeByTwoAtOnce(t *testing.T) {
	l := newLookers(t, postgrestest.Start(t))
	migrate(t, l.owner)
	var done sync.WaitGroup
	for range 3 {
		done.Go(func() {
			if output, err := l.makeRoles(t, "all"); err != nil {
				t.Errorf("%v\n%s", err, output)
			}
		})
	}
	done.Wait()
	_ = l.shown(t)
}
