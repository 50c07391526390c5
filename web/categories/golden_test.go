package categories_test

import (
	"testing"

	"expense-tracker/web/webtest"
)

func TestPagesAreAsTheyWere(t *testing.T) {
	webtest.Golden(t, "categories", func(s *webtest.Site) webtest.Answer { webtest.Furnish(s); return s.Get("/categories") })
	webtest.Golden(t, "category", func(s *webtest.Site) webtest.Answer { webtest.Furnish(s); return s.Get("/categories/1") })
}
