package postgres_test

import (
	"errors"
	"net/url"
	"testing"

	"expense-tracker/adapters/postgres"
	"expense-tracker/adapters/postgres/postgrestest"
	"expense-tracker/core/fault"
)

// What a restore of an older dump, a later migration or an operator leaves open, the owner's next migration closes.
func TestAMigrationOfTheOwnerMakesTheWallWhole(t *testing.T) {
	owner := postgrestest.Start(t)
	served := walled(t, owner)
	walled(t, owner) // which has nothing to do
	execute(t, owner, `ALTER TABLE rate DISABLE ROW LEVEL SECURITY; DROP POLICY wall ON budget; REVOKE ALL ON schedule FROM expense_serving;
		DROP VIEW expense_count_of_all; ALTER TABLE expense_entry ADD COLUMN later text`)
	_, err := postgres.Open(t.Context(), served, postgres.Options{})
	if !errors.Is(err, postgres.ErrNoWall) || errors.Is(err, fault.Unavailable) {
		t.Errorf("a wall with a gap: %v, want ErrNoWall", err)
	}
	store := open(t, served, postgres.Options{Owner: postgres.Owner{URL: owner}})
	if !store.db.HasWall() {
		t.Error("there is no wall")
	}
	if n, err := store.CountExpenses(t.Context()); n != 0 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	for what, missing := range map[string]string{
		"a rule":   `SELECT count(*) = 0 FROM pg_policy WHERE polrelid = 'budget'::regclass AND polname = 'wall'`,
		"security": `SELECT NOT relrowsecurity FROM pg_class WHERE oid = 'rate'::regclass`,
		"a right":  `SELECT NOT has_table_privilege('expense_serving', 'schedule', 'INSERT')`,
		"a column": `SELECT count(*) = 0 FROM pg_attribute WHERE attrelid = 'expense_entry_of_ledger'::regclass AND attname = 'later'`,
	} {
		if query[bool](t, owner, missing)[0] {
			t.Errorf("%s is still missing", what)
		}
	}
}

func TestRolesThatCannotServe(t *testing.T) {
	owner := postgrestest.Start(t)
	if err := postgres.MigrateAs(t.Context(), postgres.Owner{URL: owner}, owner); !errors.Is(err, postgres.ErrOwner) {
		t.Errorf("one role for both: %v, want ErrOwner", err)
	}
	served := walled(t, owner)
	execute(t, owner, "DELETE FROM expense_schema_version WHERE version_id = (SELECT max(version_id) FROM expense_schema_version)")
	if _, err := postgres.Open(t.Context(), served, postgres.Options{}); !errors.Is(err, postgres.ErrOlderSchema) ||
		errors.Is(err, fault.Unavailable) {
		t.Errorf("a schema that only the owner can migrate: %v, want ErrOlderSchema", err)
	}
	execute(t, owner, `CREATE ROLE expense_plain LOGIN PASSWORD 'only-for-tests'; GRANT CREATE ON SCHEMA public TO expense_plain`)
	t.Cleanup(func() { execute(t, owner, "DROP OWNED BY expense_plain; DROP ROLE expense_plain") })
	other := postgrestest.Start(t)
	execute(t, other, `GRANT ALL ON SCHEMA public TO expense_plain;
		DO $$ BEGIN EXECUTE format('ALTER DATABASE %I OWNER TO expense_plain', current_database()); END $$`)
	plain, absent := as(t, other, "expense_plain"), as(t, other, "expense_absent")
	if err := postgres.MigrateAs(t.Context(), postgres.Owner{URL: plain}, absent); !errors.Is(err, postgres.ErrNoRole) {
		t.Errorf("an owner that may make no roles: %v, want ErrNoRole", err)
	}
	// With the role there, such an owner raises the wall.
	if err := postgres.MigrateAs(t.Context(), postgres.Owner{URL: plain}, serving(t, other)); err != nil {
		t.Error(err)
	}
	if !open(t, serving(t, other), postgres.Options{}).db.HasWall() {
		t.Error("there is no wall")
	}
	if open(t, plain, postgres.Options{}).db.HasWall() {
		t.Error("the owner of the tables says that it stands before the wall")
	}
	execute(t, other, "REASSIGN OWNED BY expense_plain TO CURRENT_USER; DROP OWNED BY expense_plain")
}

// as returns a URL with another user.
func as(t *testing.T, of, user string) string {
	t.Helper()
	u, err := url.Parse(of)
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.UserPassword(user, "only-for-tests")
	return u.String()
}
