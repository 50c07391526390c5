package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/core/fault"
)

const (
	// Others wait: two that grant the same would fail.
	lockWall = `SELECT pg_advisory_lock(hashtext('expense_tracker.wall'))`

	roleState = `
SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1),
	EXISTS (SELECT FROM pg_roles WHERE rolname = current_user AND (rolsuper OR rolcreaterole))`

	columnsOfRelation = `SELECT count(*) FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped`

	// The rights on tables that a role lacks.
	missingRights = `
SELECT t.name FROM unnest($2::text[]) AS t (name)
WHERE to_regclass(t.name) IS NOT NULL AND NOT (SELECT bool_and(has_table_privilege($1::text, t.name, p)) FROM unnest($3::text[]) AS p)`

	// The functions that do as their owner, and that a role may not call.
	missingFunctions = `
SELECT p.oid::regprocedure::text FROM pg_proc p
WHERE p.pronamespace = current_schema()::regnamespace AND p.prosecdef AND NOT has_function_privilege($1::text, p.oid, 'EXECUTE')`

	// Whether the role that reads the view of expenses and nothing else is there, as deploy/postgres/roles.sh makes it, and may not yet.
	readerMayNot = `
SELECT EXISTS (SELECT FROM pg_roles r WHERE r.rolname = $1 AND NOT has_table_privilege(r.oid, to_regclass($2), 'SELECT'))`

	// The others: to connect, and to see the tables.
	missingEntrance = `
SELECT current_schema(), current_database(), has_schema_privilege($1::text, current_schema(), 'USAGE')
	AND has_database_privilege($1::text, current_database(), 'CONNECT')`
)

// raiseWall gives a role its rights and the tables their rules. It changes what is missing alone, so that a start waits for nobody.
func raiseWall(ctx context.Context, db *sql.DB, serving *pgx.ConnConfig) (err error) {
	const op = "postgres.raiseWall"
	conn, err := db.Conn(ctx)
	if err != nil {
		return openFault(op, err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if _, err := conn.ExecContext(ctx, lockWall); err != nil {
		return openFault(op, err)
	}
	for _, missing := range []func(context.Context, sqlkit.Querier, *pgx.ConnConfig) ([]string, error){
		missingRole, missingRules, missingViews, missingGrants, missingReader,
	} {
		statements, err := missing(ctx, conn, serving)
		if err != nil {
			return openFault(op, err)
		}
		for _, statement := range statements {
			// What waits for a lock makes others wait behind it: so it gives up soon, and a start tries again.
			if _, err := conn.ExecContext(ctx, "SET lock_timeout = '2s'; "+statement); err != nil {
				return openFault(op, fmt.Errorf("raise the wall between ledgers: %w", err))
			}
		}
	}
	return nil
}

// missingRole makes the role, where the owner may do that. It can do nothing yet, not even connect to a database that says who may.
func missingRole(ctx context.Context, on sqlkit.Querier, serving *pgx.ConnConfig) ([]string, error) {
	var there, may bool
	if err := on.QueryRowContext(ctx, roleState, serving.User).Scan(&there, &may); err != nil || there {
		return nil, err
	}
	if !may {
		return nil, fmt.Errorf("%w: CREATE ROLE %s LOGIN PASSWORD '…'", ErrNoRole, identifier(serving.User))
	}
	statement := "CREATE ROLE " + identifier(serving.User) + " LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION"
	if serving.Password != "" {
		statement += " PASSWORD " + literal(serving.Password)
	}
	return []string{statement}, nil
}

func missingRules(ctx context.Context, on sqlkit.Querier, _ *pgx.ConnConfig) (statements []string, err error) {
	names, err := tables()
	if err != nil {
		return nil, err
	}
	all, err := sqlkit.Collect(ctx, on, scanGuarded, wallState, names)
	for _, g := range all {
		rules := g.rules()
		for _, name := range slices.Sorted(maps.Keys(rules)) {
			if !slices.Contains(g.policies, name) {
				statements = append(statements, "CREATE POLICY "+name+" ON "+g.name+" "+rules[name])
			}
		}
		if len(rules) > 0 && !g.enforced {
			statements = append(statements, "ALTER TABLE "+g.name+" ENABLE ROW LEVEL SECURITY")
		}
	}
	return statements, err
}

// missingViews makes those that are not there, and the one of expenses anew when these have a column more.
func missingViews(ctx context.Context, on sqlkit.Querier, _ *pgx.ConnConfig) (statements []string, err error) {
	columns := make(map[string]int)
	for _, of := range append(slices.Sorted(maps.Keys(views)), "expense_entry") {
		var n int
		if err := on.QueryRowContext(ctx, columnsOfRelation, of).Scan(&n); err != nil {
			return nil, err
		}
		columns[of] = n
	}
	for _, name := range slices.Sorted(maps.Keys(views)) {
		if columns[name] == 0 || name == entriesOfLedger && columns[name] != columns["expense_entry"] {
			statements = append(statements, "CREATE OR REPLACE VIEW "+name+" AS "+views[name])
		}
	}
	return statements, nil
}

// missingGrants lets the role read and write rows, and nothing else.
func missingGrants(ctx context.Context, on sqlkit.Querier, serving *pgx.ConnConfig) (statements []string, err error) {
	role := identifier(serving.User)
	var schema, database string
	var may bool
	if err := on.QueryRowContext(ctx, missingEntrance, serving.User).Scan(&schema, &database, &may); err != nil {
		return nil, err
	}
	if !may {
		statements = append(statements, "GRANT CONNECT ON DATABASE "+identifier(database)+" TO "+role,
			"GRANT USAGE ON SCHEMA "+identifier(schema)+" TO "+role)
	}
	names, err := tables()
	if err != nil {
		return nil, err
	}
	for _, grant := range []struct{ on, rights []string }{
		{names, []string{"SELECT", "INSERT", "UPDATE", "DELETE"}},
		{append(slices.Sorted(maps.Keys(views)), migrations().Table, sqlkit.ReachTable), []string{"SELECT"}},
	} {
		lacking, err := sqlkit.Collect(ctx, on, scanText, missingRights, serving.User, grant.on, grant.rights)
		if err != nil {
			return nil, err
		}
		for _, name := range lacking {
			statements = append(statements, "GRANT "+strings.Join(grant.rights, ", ")+" ON "+name+" TO "+role)
		}
	}
	functions, err := sqlkit.Collect(ctx, on, scanText, missingFunctions, serving.User)
	for _, function := range functions {
		statements = append(statements, "GRANT EXECUTE ON FUNCTION "+function+" TO "+role)
	}
	return statements, err
}

// missingReader lets the role of dashboards read expenses: a migration may have made the view anew, and whoever made the role may have been
// there before the view.
func missingReader(ctx context.Context, on sqlkit.Querier, _ *pgx.ConnConfig) ([]string, error) {
	const role, view = "expense_reader", "expense"
	var lacking bool
	if err := on.QueryRowContext(ctx, readerMayNot, role, view).Scan(&lacking); err != nil || !lacking {
		return nil, err
	}
	return []string{"GRANT SELECT ON " + view + " TO " + role}, nil
}

func scanText(from sqlkit.Scanner) (text string, err error) {
	err = from.Scan(&text)
	return text, err
}

func identifier(name string) string { return pgx.Identifier{name}.Sanitize() }

// literal quotes a text as PostgreSQL reads it whatever its settings are.
func literal(text string) string {
	quoted := "'" + strings.ReplaceAll(text, "'", "''") + "'"
	if strings.Contains(text, `\`) {
		return " E" + strings.ReplaceAll(quoted, `\`, `\\`)
	}
	return quoted
}

// activeOn asks whether the rules apply to the session's role, on some of the tables of a ledger's rows and on all.
const activeOn = `
SELECT COALESCE(bool_or(row_security_active(t.name)), false), COALESCE(bool_and(row_security_active(t.name)), false)
FROM unnest($1::text[]) AS t (name)
JOIN pg_attribute a ON a.attrelid = to_regclass(t.name) AND NOT a.attisdropped AND a.attname IN ('ledger_id', 'id')
WHERE a.attname = CASE t.name WHEN 'ledger' THEN 'id' ELSE 'ledger_id' END`

// stands reports whether the wall holds the session's role, on all tables that it should.
func stands(ctx context.Context, db *sql.DB) (bool, error) {
	names, err := tables()
	if err != nil {
		return false, err
	}
	var some, all bool
	if err := db.QueryRowContext(ctx, activeOn, names).Scan(&some, &all); err != nil {
		return false, openFault("postgres.Open", err)
	}
	if some && !all {
		return false, fault.Wrap(fault.Internal, "postgres.Open", ErrNoWall)
	}
	return some, nil
}
