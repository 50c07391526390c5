package expenses_test

import (
	"testing"

	"expense-tracker/web/webtest"
)

func TestPagesAreAsTheyWere(t *testing.T) {
	webtest.Golden(t, "home_empty", func(s *webtest.Site) webtest.Answer { return s.Get("/") })
	webtest.Golden(t, "home", func(s *webtest.Site) webtest.Answer { webtest.Furnish(s); return s.Get("/") })
	webtest.Golden(t, "home_errors", func(s *webtest.Site) webtest.Answer {
		webtest.Furnish(s)
		return s.Post("/add", "category", "<b>", "price", "-5", "date", "soon", "note", "a & b")
	})
	webtest.Golden(t, "home_unavailable", func(s *webtest.Site) webtest.Answer {
		s.Store.TakeAway()
		return s.Post("/add", "category", "food", "price", "5", "idempotency_key", "mine")
	})
	webtest.Golden(t, "home_deleted", func(s *webtest.Site) webtest.Answer {
		webtest.Furnish(s)
		return s.Follow(s.Post("/expenses/1/delete", "revision", "1"))
	})
	webtest.Golden(t, "expenses", func(s *webtest.Site) webtest.Answer { webtest.Furnish(s); return s.Get("/expenses?from=oldest") })
	webtest.Golden(t, "edit", func(s *webtest.Site) webtest.Answer { webtest.Furnish(s); return s.Get("/expenses/1") })
	webtest.Golden(t, "edit_stale", func(s *webtest.Site) webtest.Answer {
		webtest.Furnish(s)
		s.Post("/expenses/1", "category", "theirs", "price", "7", "revision", "1")
		return s.Post("/expenses/1", "category", "mine", "price", "8", "revision", "1")
	})
	webtest.Golden(t, "edit_deleted", func(s *webtest.Site) webtest.Answer {
		webtest.Furnish(s)
		s.Post("/expenses/1/delete", "revision", "1")
		return s.Post("/expenses/1", "category", "mine", "price", "8", "revision", "1")
	})
}
