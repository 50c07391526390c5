package main

import (
	"context"
	"fmt"
	"strings"

	"expense-tracker/cmd/chaos/internal/load"
	"expense-tracker/cmd/chaos/internal/world"
)

// check compares everything while nobody works: what was acknowledged, what is stored, and what the pages say.
func (t *trial) check(ctx context.Context) error {
	well, cancel := context.WithTimeout(ctx, wellPatience)
	defer cancel()
	if err := t.world.AwaitWell(well); err != nil {
		for _, i := range t.world.Instances {
			t.record.Breach(fmt.Sprintf("an instance is not well %s after the last fault", wellPatience), i.Log())
		}
		return err
	}
	for _, url := range t.world.InstanceURLs() {
		for _, reader := range t.readers {
			if !reader.Total(ctx, url) {
				t.record.Breach("no first page at "+url+" in quiet", "")
			}
		}
	}
	rows, err := t.world.Rows(ctx)
	if err != nil {
		return fmt.Errorf("read what is stored: %w", err)
	}
	t.compare(rows)
	if err := t.world.Verify(ctx); err != nil {
		t.record.Breach(err.Error(), "")
	}
	return nil
}

// compare finds what is missing, what is stored twice, what nobody was told of, and what is not as it was acknowledged.
func (t *trial) compare(rows []world.Row) {
	stored := map[string]world.Row{}
	t.record.Stored = len(rows)
	for _, row := range rows {
		tag, _, _ := strings.Cut(row.Note, ";")
		if other, twice := stored[tag+";"]; twice {
			t.record.Doubled++
			t.record.Breach(fmt.Sprintf("stored twice: %+v and %+v", other, row), "")
		}
		stored[tag+";"] = row
	}
	t.record.Acknowledged = 0
	for _, c := range append(append([]*load.Client{t.owner}, t.clients...), t.rivals...) {
		t.record.Acknowledged += c.Changes
		for _, e := range c.Expenses {
			row, is := stored[e.Tag]
			delete(stored, e.Tag)
			want := world.Row{Ledger: c.Ledger(), ID: e.ID, Category: e.Category.Name, Minor: e.Minor, Note: e.Note, Deleted: e.Deleted}
			switch {
			case !is:
				t.record.Breach(fmt.Sprintf("acknowledged and not stored: %+v", want), "")
			case row != want:
				t.record.Breach(fmt.Sprintf("stored is %+v, acknowledged was %+v", row, want), "")
			}
		}
	}
	for _, row := range stored {
		t.record.Breach(fmt.Sprintf("stored, and nobody was told: %+v", row), "")
	}
}
