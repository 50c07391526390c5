package web

import (
	"context"
	"errors"
	"net/url"
	"testing"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
)

// printer renders a page that names its place, and counts.
type printer struct {
	slowStates
	rendered int
	err      error
}

func (p *printer) State(context.Context, ledger.Actor) (expense.State, error) {
	return expense.State{Version: p.now.Load()}, nil
}

func (p *printer) render(_ context.Context, _ ledger.Actor, place cursor, now moment) ([]byte, moment, error) {
	p.rendered++
	return []byte("page of " + place.query()), now, p.err
}

func TestAPageIsKeptForAStateAndADay(t *testing.T) {
	printer := &printer{}
	cache := newPageCache(printer, printer.render)
	today := civil.Date{Year: 2026, Month: 11, Day: 23}
	oldest := cursor{oldest: true}
	for _, step := range []struct {
		what     string
		actor    ledger.Actor
		place    cursor
		day      civil.Date
		version  int64
		rendered int
	}{
		{"first", ledger.LocalOwner(), oldest, today, 1, 1},
		{"again", ledger.LocalOwner(), oldest, today, 1, 1},
		{"other role", ledger.Actor{Ledger: ledger.Default, Role: ledger.Viewer}, oldest, today, 1, 1},
		{"other place", ledger.LocalOwner(), cursor{}, today, 1, 2},
		{"other ledger", ledger.Actor{Ledger: 2, Role: ledger.Owner}, oldest, today, 1, 3},
		{"other version", ledger.LocalOwner(), oldest, today, 2, 4},
		{"other day", ledger.LocalOwner(), oldest, today.AddDays(1), 2, 5},
		{"again, later", ledger.LocalOwner(), oldest, today.AddDays(1), 2, 5},
	} {
		printer.now.Store(step.version)
		page, err := cache.get(t.Context(), step.actor, step.place, step.day)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := string(page.with(nil, "")), "page of "+step.place.query(); got != want || printer.rendered != step.rendered {
			t.Errorf("%s: %q, rendered %d times; want %q, %d", step.what, got, printer.rendered, want, step.rendered)
		}
	}
}

func TestAFailedPageIsNotKept(t *testing.T) {
	printer := &printer{err: errors.New("down")}
	cache := newPageCache(printer, printer.render)
	for range 2 {
		if _, err := cache.get(t.Context(), ledger.LocalOwner(), cursor{}, civil.Date{}); !errors.Is(err, printer.err) {
			t.Errorf("error %v", err)
		}
	}
	if printer.rendered != 2 || len(cache.kept) != 0 {
		t.Errorf("rendered %d times, %d kept", printer.rendered, len(cache.kept))
	}
}

func TestTheCacheIsBounded(t *testing.T) {
	printer := &printer{}
	cache := newPageCache(printer, printer.render)
	for i := range 3 * maxPages {
		place := cursor{before: &expense.Position{Date: civil.Date{Year: 2026, Month: 1, Day: 1}, ID: expense.ID(i + 1)}}
		for range 2 {
			if _, err := cache.get(t.Context(), ledger.LocalOwner(), place, civil.Date{}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if len(cache.kept) != maxPages || printer.rendered != 3*maxPages {
		t.Errorf("%d kept, %d rendered", len(cache.kept), printer.rendered)
	}
}

// However an address is written, it is one page of the cache.
func TestAddressesOfOnePlaceAreOnePage(t *testing.T) {
	for _, typed := range []string{"before=2026-01-31_17", "before=2026-01-31_017", "x=1&before=2026-01-31_%2B17", "before=2026-01-31_17&before=2026-01-30_9"} {
		query, err := url.ParseQuery(typed)
		if err != nil {
			t.Fatal(err)
		}
		place, err := parseCursor(query)
		if got := place.query(); err != nil || got != "?before=2026-01-31_17" {
			t.Errorf("%s is %q, %v", typed, got, err)
		}
	}
}

func TestEachReaderOfAFormHasAKey(t *testing.T) {
	page := newKeptPage([]byte(`<input name="idempotency_key" value="old"><p>`))
	for _, key := range []expense.Key{"a", `"b"`} {
		want := map[expense.Key]string{"a": "a", `"b"`: "&#34;b&#34;"}[key]
		if got := string(page.with([]byte("|"), key)); got != `|<input name="idempotency_key" value="`+want+`"><p>` {
			t.Error(got)
		}
	}
}
