package browser_test

import (
	"os"
	"path/filepath"
	"strings"

	"expense-tracker/tests/rig/programtest"
)

func problemPictures() []picture {
	return []picture{
		{"not-found", "", full, at("/nothing")},
		{"not-found-expense", "GET /expenses/{id}", full, at("/expenses/987654321")},
		{"no-page", "", full, at("/budgets/copy/end")},
		{"misdirected", "GET /{$}", full, func(b *tab, _ *stock) {
			b.url = atPlainHost(b.t, b.url) // no setting names it
			b.open("/")
		}},
		{"away", "GET /categories", full, func(b *tab, _ *stock) {
			storage := programtest.NewSQLite(b.t)
			b.url = programtest.Start(b.t, storage).URL
			folder := filepath.Dir(strings.TrimPrefix(storage, "sqlite:"))
			if err := os.Rename(folder, folder+"-away"); err != nil {
				b.t.Fatal(err)
			}
			b.t.Cleanup(func() {
				if err := os.Rename(folder+"-away", folder); err != nil {
					b.t.Error(err)
				}
			})
			b.open("/categories")
		}},
	}
}
