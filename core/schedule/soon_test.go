package schedule_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"expense-tracker/core/ledger"
	"expense-tracker/core/revision"
	"expense-tracker/core/schedule"
)

func TestWhatComesSoon(t *testing.T) {
	w := newWorld(t) // on 23 November
	w.create(draft("weekly", "2026-11-30", "5"))
	late := w.create(draft("monthly", "2026-12-23", "7"))
	daily := w.create(draft("daily", "2026-11-01", "1")) // in arrears
	w.change(w.create(draft("daily", "2026-11-24", "9")).ID, w.Pause)
	w.change(late.ID, func(ctx context.Context, a ledger.Actor, id schedule.ID, saw revision.Seen) (schedule.Schedule, error) {
		return w.SetPrice(ctx, a, id, saw, "2026-12-23", "8")
	})
	want := func(days, limit int, want string) {
		t.Helper()
		soon, err := w.Soon(t.Context(), owner, days, limit)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, p := range soon {
			got = append(got, fmt.Sprint(p.Of.ID, " ", p.Date, " ", p.Price.Decimal()))
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("in %d days %s, want %s", days, strings.Join(got, ", "), want)
		}
	}
	want(31, 4, "3 2026-11-23 1.00, 1 2026-11-30 5.00, 2 2026-12-23 8.00")
	want(30, 4, "3 2026-11-23 1.00, 1 2026-11-30 5.00")
	want(31, 1, "3 2026-11-23 1.00")
	w.catchUp()
	want(7, 4, "3 2026-11-24 1.00")
	w.change(daily.ID, w.Skip)
	want(8, 4, "3 2026-11-25 1.00, 1 2026-11-30 5.00")
}
