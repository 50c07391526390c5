package main

import (
	"io"
	"strings"
	"testing"

	"expense-tracker/cmd/chaos/internal/evidence"
	"expense-tracker/cmd/chaos/internal/load"
	"expense-tracker/cmd/chaos/internal/world"
)

func TestWhatIsStoredIsComparedWithWhatWasAcknowledged(t *testing.T) {
	food := &load.Category{Name: "food"}
	told := []*load.Expense{
		{ID: 1, Tag: "e1;", Note: "e1;", Minor: 100, Category: food},
		{ID: 2, Tag: "e2;", Note: "e2;v3", Minor: 250, Category: food, Deleted: true},
	}
	first := world.Row{Ledger: 1, ID: 1, Category: "food", Minor: 100, Note: "e1;"}
	second := world.Row{Ledger: 1, ID: 2, Category: "food", Minor: 250, Note: "e2;v3", Deleted: true}
	changed := func(change func(*world.Row)) world.Row {
		row := second
		change(&row)
		return row
	}
	const differs = "stored is "
	for name, c := range map[string]struct {
		rows []world.Row
		find []string // how the breaches begin
	}{
		"all is right":    {[]world.Row{first, second}, nil},
		"one is missing":  {[]world.Row{second}, []string{"acknowledged and not stored"}},
		"all are missing": {nil, []string{"acknowledged and not stored", "acknowledged and not stored"}},
		"one is doubled": {[]world.Row{first, second, {Ledger: 1, ID: 3, Category: "food", Minor: 100, Note: "e1;"}},
			[]string{"stored twice", differs}},
		"nobody was told": {[]world.Row{first, second, {Ledger: 1, ID: 3, Category: "food", Minor: 1, Note: "e3;"}},
			[]string{"stored, and nobody was told"}},
		"a cent is missing":    {[]world.Row{first, changed(func(r *world.Row) { r.Minor-- })}, []string{differs}},
		"the note is older":    {[]world.Row{first, changed(func(r *world.Row) { r.Note = "e2;v2" })}, []string{differs}},
		"another category":     {[]world.Row{first, changed(func(r *world.Row) { r.Category = "fuel" })}, []string{differs}},
		"the deletion is lost": {[]world.Row{first, changed(func(r *world.Row) { r.Deleted = false })}, []string{differs}},
		"another number":       {[]world.Row{first, changed(func(r *world.Row) { r.ID = 9 })}, []string{differs}},
		"another ledger":       {[]world.Row{first, changed(func(r *world.Row) { r.Ledger = 2 })}, []string{differs}},
	} {
		t.Run(name, func(t *testing.T) {
			record := evidence.NewRecord(io.Discard, func() bool { return false })
			client := func(expenses ...*load.Expense) *load.Client {
				c := load.NewClient("c", nil, load.NewSum(), record, 1)
				c.Expenses = expenses
				return c
			}
			tr := trial{setUp: setUp{record: record}, owner: client(told[0]), clients: []*load.Client{client(told[1])}}
			tr.compare(c.rows)
			_, found := record.Breached()
			if len(found) != len(c.find) {
				t.Fatalf("%d breaches, want %d: %v", len(found), len(c.find), found)
			}
			for n, want := range c.find {
				if !strings.HasPrefix(found[n].What, want) {
					t.Errorf("breach %d is %q, want %q", n+1, found[n].What, want)
				}
			}
		})
	}
}
