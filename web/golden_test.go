package web_test

import (
	"testing"

	"expense-tracker/web/webtest"
)

func TestPagesAreAsTheyWere(t *testing.T) {
	webtest.GoldenWhole(t, "not_found", func(s *webtest.Site) webtest.Answer { return s.Get("/nothing") })
}
