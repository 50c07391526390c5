package sqlkit_test

import (
	"context"
	"database/sql"
	"errors"
	"testing"

	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/revision"
)

// A module that has no SQL of its own here makes a step, sends it again, and is told from others.
func TestAStepIsRecognisedWhenItComesAgain(t *testing.T) {
	runner := open(t, sqlkit.Options{})
	step := sqlkit.Step{
		Ledger: ledger.Default, Kind: "budget", Row: 7,
		Basis: revision.Basis{Revision: 1, Fingerprint: idempotency.FingerprintOf("set", "12.50")},
	}
	write := func(work func(ctx context.Context, tx *sql.Tx) error) error {
		return runner.Write(t.Context(), "op", ledger.Default, work)
	}
	if err := write(func(ctx context.Context, tx *sql.Tx) error { return runner.Note(ctx, tx, step) }); err != nil {
		t.Fatal(err)
	}
	wantVersion(t, runner, 1)
	other, elsewhere, ofOther, later := step, step, step, step
	other.Basis.Fingerprint = idempotency.FingerprintOf("set", "13")
	elsewhere.Ledger++
	ofOther.Kind = "schedule"
	later.Basis.Revision++
	for name, tt := range map[string]struct {
		step     sqlkit.Step
		repeated bool
	}{
		"the same": {step, true}, "another change": {other, false}, "another ledger's": {elsewhere, false}, "another kind's": {ofOther, false},
		"a later one": {later, false},
	} {
		var got error
		if err := write(func(ctx context.Context, tx *sql.Tx) error {
			got = runner.Repeated(ctx, tx, tt.step, errLasting)
			return sqlkit.ErrNothingChanged
		}); err != nil {
			t.Fatal(err)
		}
		want := errLasting
		if tt.repeated {
			want = sqlkit.ErrNothingChanged
		}
		if !errors.Is(got, want) {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	if err := write(func(ctx context.Context, tx *sql.Tx) error { return runner.Note(ctx, tx, step) }); err == nil {
		t.Error("a step is noted twice")
	}
	wantVersion(t, runner, 1)
}
