package postgres_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"testing"

	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/adapters/postgres"
	"expense-tracker/core/ledger"
)

// The connections follow the ledgers that calls are for, whatever came before: another's, one that failed, one that was taken back.
func TestConnectionsFollowTheLedgerOfEachCall(t *testing.T) {
	for _, how := range []struct{ name, parameters string }{{"sessions", ""}, {"pooled", "&default_query_exec_mode=exec"}} {
		t.Run(how.name, func(t *testing.T) {
			_, served := filled(t)
			db := open(t, served+how.parameters, postgres.Options{MaxConnections: 2}).db
			runner := db.Runner()
			failed := errors.New("failed")
			const whose = "SELECT COALESCE(string_agg(ledger_id::text, ',' ORDER BY ledger_id), '') FROM expense_entry"
			count := func(ctx context.Context, on sqlkit.Querier, sum *string) error {
				return on.QueryRowContext(ctx, whose).Scan(sum)
			}
			ways := map[string]func(in ledger.ID, found *string) error{
				"read": func(in ledger.ID, found *string) error {
					return runner.Read(t.Context(), "test", in, func(ctx context.Context, on sqlkit.Querier) error { return count(ctx, on, found) })
				},
				"glance": func(in ledger.ID, found *string) error {
					return runner.GlanceAt(t.Context(), "test", in, func(ctx context.Context, on sqlkit.Querier) error { return count(ctx, on, found) })
				},
				"snapshot": func(in ledger.ID, found *string) error {
					return runner.Snapshot(t.Context(), "test", in, func(ctx context.Context, on sqlkit.Querier) error { return count(ctx, on, found) })
				},
				"write": func(in ledger.ID, found *string) error {
					return runner.Write(t.Context(), "test", in, func(ctx context.Context, tx *sql.Tx) error { return count(ctx, tx, found) })
				},
				"new": func(in ledger.ID, found *string) error {
					return runner.WriteNew(t.Context(), "test", func(ctx context.Context, tx *sql.Tx) error {
						var none string
						if err := count(ctx, tx, &none); err != nil || none != "" {
							return fmt.Errorf("before it has a number it finds %q, %w", none, err)
						}
						return count(sqlkit.InLedger(ctx, in), tx, found)
					})
				},
			}
			between := []func(){
				func() {},
				func() {
					_ = runner.Write(t.Context(), "test", 2, func(context.Context, *sql.Tx) error { return failed })
				},
				func() {
					_ = runner.Read(t.Context(), "test", 2, func(ctx context.Context, on sqlkit.Querier) error {
						return on.QueryRowContext(ctx, "SELECT 1 / 0 FROM expense_entry").Scan(new(int))
					})
				},
				func() {
					_ = runner.Write(t.Context(), "test", 2, func(ctx context.Context, tx *sql.Tx) error {
						_, err := tx.ExecContext(sqlkit.InLedger(ctx, 1), "SELECT 1 / 0")
						return err
					})
				},
				func() {
					ctx, cancel := context.WithCancel(t.Context())
					_ = runner.Read(ctx, "test", 2, func(ctx context.Context, on sqlkit.Querier) error {
						cancel()
						return on.QueryRowContext(ctx, "SELECT pg_sleep(1)").Scan(new(string))
					})
				},
			}
			for name, way := range ways {
				for n, first := range between {
					for _, in := range []ledger.ID{1, 2, 1} {
						first()
						var found string
						if err := way(in, &found); err != nil || found != fmt.Sprint(in) {
							t.Errorf("%s of ledger %d finds the rows of %q, %v, after %d", name, in, found, err, n)
						}
						var none string
						if err := runner.ReadAll(t.Context(), "test", func(ctx context.Context, on sqlkit.Querier) error {
							return count(ctx, on, &none)
						}); err != nil || none != "" {
							t.Errorf("what is of no ledger finds the rows of %q, %v", none, err)
						}
					}
				}
			}
		})
	}
}
