package journal_test

import (
	"testing"

	"expense-tracker/web"
	"expense-tracker/web/webtest"
)

func TestAPageOfTheLogLooksItsReaderUpOnce(t *testing.T) {
	g := webtest.NewGated(t, web.Options{})
	g.Join("ada")
	ada := g.As("ada")
	lookUps := g.CountLookUps()
	for _, path := range []string{"/account/log", "/account/log.csv", "/account/log/everybody", "/account/log/everybody.csv"} {
		before := lookUps.Load()
		ada.Get(path).Want(t, 200)
		if n := lookUps.Load() - before; n != 1 {
			t.Errorf("%s: %d look-ups", path, n)
		}
	}
}
