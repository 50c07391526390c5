package bin_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"expense-tracker/core/expense"
	"expense-tracker/core/ledger/ledgertest"
	"expense-tracker/web"
	"expense-tracker/web/webtest"
)

// fill deletes the furniture, one piece each minute.
func fill(s *webtest.Site) {
	s.T.Helper()
	webtest.Furnish(s)
	s.Add(expense.Draft{Category: "Coffee", Price: "2.50", Payee: "Kiosk", Tags: "#work", Refund: true})
	for id := range expense.ID(7) {
		s.Now = s.Now.Add(time.Minute)
		e, err := s.Service.Get(s.T.Context(), ledgertest.Owner(), id+1)
		if err == nil {
			_, err = s.Service.Delete(s.T.Context(), ledgertest.Owner(), id+1, e.Seen())
		}
		if err != nil {
			s.T.Fatal(err)
		}
	}
}

func TestPagesAreAsTheyWere(t *testing.T) {
	webtest.Golden(t, "bin", func(s *webtest.Site) webtest.Answer { fill(s); return s.Get("/bin") })
	webtest.Golden(t, "bin_empty", func(s *webtest.Site) webtest.Answer { return s.Get("/bin") })
}

func TestWhatWasDeletedComesBackFromTheBin(t *testing.T) {
	s := webtest.New(t, web.Options{})
	fill(s)
	s.Get("/bin").Want(t, 200, "Stays until 23 December.", `action="/expenses/7/restore?from=bin"`, "Kiosk", "#work",
		"Refund", "-$2.50",
		"!data-id=\"2\"", `rel="next"`, "!rel=\"prev\"")
	back := s.Post("/expenses/7/restore?from=bin", "revision", "2")
	if to := back.Header.Get("Location"); to != "/bin" {
		t.Errorf("Location %q, want the bin", to)
	}
	s.Follow(back).Want(t, 200, "Brought back Coffee", "!data-id=\"7\"", "data-id=\"2\"")
	s.Get("/expenses/6?from=bin").Want(t, 200, `href="/bin"`)
	s.Get("/expenses?from=bin").Want(t, 303)
}

func TestTheBinHasPages(t *testing.T) {
	s := webtest.New(t, web.Options{})
	fill(s)
	next := link(t, s.Get("/bin").Body, "next")
	older := s.Get(next)
	older.Want(t, 200, "data-id=\"2\"", "data-id=\"1\"", "!data-id=\"3\"", `href="/bin">Newest`, "!rel=\"next\"")
	s.Get(link(t, older.Body, "prev")).Want(t, 200, "data-id=\"7\"", "data-id=\"3\"", "!data-id=\"2\"", "!rel=\"prev\"")
	for _, place := range []string{"before=1", "before=x_1", "before=1_0", "after=9223372036854775807_1", "before=2_1&after=2_1"} {
		s.Get("/bin?"+place).Want(t, 404)
	}
}

func link(t *testing.T, page, rel string) string {
	t.Helper()
	for line := range strings.Lines(page) {
		if to, rest, found := strings.Cut(strings.TrimPrefix(line, `<a class="button" href="`), `"`); found &&
			strings.Contains(rest, `rel="`+rel+`"`) {
			return to
		}
	}
	t.Fatal(fmt.Sprint("no link ", rel))
	return ""
}

func TestALateRepeatOfWhatIsGoneAddsNothing(t *testing.T) {
	s := webtest.New(t, web.Options{})
	add := func() webtest.Answer { return s.Post("/add", "category", "food", "price", "1", "idempotency_key", "k") }
	add().Want(t, 303)
	s.Post("/expenses/1/delete", "revision", "1").Want(t, 303)
	s.Now = s.Now.AddDate(0, 0, expense.BinDays)
	if n, err := s.Service.EmptyBin(t.Context(), ledgertest.Owner()); n != 0 || err != nil {
		t.Errorf("on the last day %d were purged, %v", n, err)
	}
	s.Now = s.Now.AddDate(0, 0, 1)
	if n, err := s.Service.EmptyBin(t.Context(), ledgertest.Owner()); n != 1 || err != nil {
		t.Errorf("%d were purged, %v, want 1", n, err)
	}
	s.Follow(add()).Want(t, 200, "deleted for good since", `<data id="total" value="0.00">`)
	s.Get("/expenses/1").Want(t, 404)
	s.Post("/expenses/1/restore", "revision", "3").Want(t, 404)
	s.Get("/bin").Want(t, 200, "Nothing is in the bin")
}
