package schedules_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"expense-tracker/core/expense"
	"expense-tracker/core/ledger/ledgertest"
	"expense-tracker/web"
	"expense-tracker/web/webtest"
)

// siteWithRepeats has a rent, a week ticket and a gym that is paused, on Monday, 23 November 2026.
func siteWithRepeats(t *testing.T) *webtest.Site {
	t.Helper()
	s := webtest.New(t, web.Options{})
	s.Post("/repeats", "category", "rent", "price", "1180", "frequency", "monthly", "day", "1", "start", "2026-11-24").Want(t, 303)
	s.Post("/repeats", "category", "bus", "payee", "Week ticket", "price", "23.35", "frequency", "weekly", "start", "2026-11-30").Want(t, 303)
	s.Post("/repeats", "category", "gym", "price", "29", "frequency", "monthly", "day", "32", "start", "2026-11-24").Want(t, 303)
	s.Post("/repeats/3/pause", "revision", "1").Want(t, 303)
	return s
}

// catchUp makes what is due, as the program does by itself.
func catchUp(t *testing.T, s *webtest.Site) {
	t.Helper()
	if outcome := s.Services.Schedules.CatchUp(t.Context(), ledgertest.Owner(), nil); outcome.Err != nil {
		t.Fatal(outcome.Err)
	}
}

func TestRepeatsAreListedWithWhatIsDue(t *testing.T) {
	s := siteWithRepeats(t)
	s.Get("/repeats").Want(t, 200, "Due in the next 30 days", `id="due-total" value="1273.40"`, "5 payments, the next: Mon 30 Nov",
		"Week ticket", "every Monday", `aria-label="Week ticket, $23.35, every Monday"`, "monthly on the 1st", "Tue 1 Dec", "Paused",
		"monthly on the last day", "since 23 November", "Cut to fit: Tue 1 Dec $1,180.00.")
	webtest.New(t, web.Options{}).Get("/repeats").Want(t, 200, "Nothing repeats yet", "!Active", "!due-total")
	s.Get("/more").Want(t, 200, `href="/repeats"`)
}

func TestAnExpenseIsMadeToRepeat(t *testing.T) {
	s := webtest.New(t, web.Options{})
	e := s.Add(expense.Draft{Category: "internet", Price: "39.90", Date: "2026-08-31", Payee: "Telco", Tags: "#home", Note: "fast"})
	s.Get(fmt.Sprint("/expenses/", e.ID)).Want(t, 200, `href="/repeats/new?from=1"`)
	form := s.Get("/repeats/new?from=1")
	form.Want(t, 200, "The expense of Monday, 31 August 2026 is there already", `value="39.90"`, `value="Telco"`, `value="#home"`, "fast",
		`name="start" value="2026-08-31"`, `name="from" value="1"`, `<option value="monthly" selected>`)
	fields := []string{"from", "1", "idempotency_key", form.Key(t), "category", "internet", "price", "39.90", "frequency", "monthly",
		"every", "1", "day", "", "start", "2026-08-31", "payee", "Telco"}
	s.Follow(s.Post("/repeats", fields...)).Want(t, 200, "Telco repeats from now on.", "monthly on the 31st")
	s.Follow(s.Post("/repeats", fields...)).Want(t, 200, "Telco repeats from now on.") // sent again
	catchUp(t, s)
	if n := s.Stored(); n != 3 {
		t.Errorf("%d expenses, want those of August, September and October", n)
	}
	s.Get("/repeats/1").Want(t, 200, "2 expenses made", "Monday, 30 November 2026")
}

func TestTheFirstPageSaysWhatComesUp(t *testing.T) {
	s := siteWithRepeats(t)
	s.Add(expense.Draft{Category: "bus", Price: "1"})
	s.Get("/").Want(t, 200, "Coming up", `<a href="/repeats">Repeats</a>`,
		`<a href="/repeats/2" aria-label="Week ticket, $23.35, Monday, 30 November 2026"`, "<p>Mon 30 Nov</p>",
		`<a href="/repeats/1" aria-label="rent, $1,180.00, Tuesday, 1 December 2026"`, "!gym")
	s.Follow(press(t, s, "/repeats/2", "/skip")).Want(t, 200)
	s.Get("/").Want(t, 200, "<p>Mon 7 Dec</p>", "!<p>Mon 30 Nov</p>") // the page that was kept is none any more
	for _, path := range []string{"/repeats/1", "/repeats/2"} {
		s.Follow(press(t, s, path, "/end")).Want(t, 200)
	}
	s.Get("/").Want(t, 200, "!Coming up")
	s.Post("/add", "category", "x", "price", "none").Want(t, 422, "!Coming up")
}

func TestRepeatingIsOfferedAfterSaving(t *testing.T) {
	s := webtest.New(t, web.Options{})
	const offer = `<a class="quiet" href="/repeats/new?from=1">Repeat…</a>`
	s.Follow(s.Post("/add", "category", "rent", "price", "1180")).Want(t, 200, offer)
	s.Follow(s.Post("/expenses/1", "category", "home", "price", "1180", "revision", "1")).Want(t, 200, offer)
	s.Follow(s.Post("/expenses/1/delete", "revision", "2")).Want(t, 200, "Deleted home", "!/repeats/new")
}

var revisionField = regexp.MustCompile(`name="revision" value="([^"]+)"`)

// press presses a button of a repeat's page.
func press(t *testing.T, s *webtest.Site, path, what string, fields ...string) webtest.Answer {
	t.Helper()
	found := revisionField.FindStringSubmatch(s.Get(path).Body)
	if found == nil {
		t.Fatalf("no revision at %s", path)
	}
	return s.Post(path+what, append(fields, "revision", found[1])...)
}

func TestARepeatIsChanged(t *testing.T) {
	s := siteWithRepeats(t)
	s.Follow(press(t, s, "/repeats/2", "/skip")).Want(t, 200, "Week ticket is skipped on Mon 30 Nov.", "Mon 7 Dec",
		`action="/repeats/2/unskip"`, `name="from" value="2026-11-30"`, "Undo")
	s.Get("/repeats/2").Want(t, 200, "Skipped", "Mon 30 Nov", `aria-label="Do not skip Mon 30 Nov"`)
	s.Follow(press(t, s, "/repeats/2", "/unskip", "from", "2026-11-30")).
		Want(t, 200, "falls due again on the date that was skipped.", "Mon 30 Nov")
	press(t, s, "/repeats/2", "/unskip", "from", "2026-11-30").Want(t, 409, "This date is not skipped any more")
	s.Follow(press(t, s, "/repeats/1", "/amount", "price", "1250", "from", "2027-01-01")).Want(t, 200, "rent gets another amount.")
	s.Get("/repeats/1").Want(t, 200, "From Fri 1 Jan 2027", "$1,250.00")
	s.Follow(press(t, s, "/repeats/3", "/resume")).Want(t, 200, "gym goes on.", "!Paused")
	s.Follow(press(t, s, "/repeats/3", "/pause")).Want(t, 200, "gym is paused.", `action="/repeats/3/resume"`, "Undo")
	s.Follow(press(t, s, "/repeats/3", "/end")).Want(t, 200, "gym has ended.", "Ended")
	s.Get("/repeats/3").Want(t, 200, "!Pause")
	s.Follow(press(t, s, "/repeats/1", "", "category", "home", "price", "1200", "frequency", "yearly", "every", "2", "start", "2026-11-24")).
		Want(t, 200, "home is saved.", "every 2 years, on 24 November", "$1,200.00")
}

func TestWhatIsWrongStandsAtItsField(t *testing.T) {
	s := siteWithRepeats(t)
	for _, path := range []string{"/repeats", "/repeats/1"} {
		for _, c := range [][3]string{
			{"every", "0", "whole number"}, {"end", "2026-11-01", "before it starts"}, {"start", "soon", "date that exists"},
			{"start", "1926-11-01", "ten years"}, {"frequency", "hourly", "how often"}, {"category", " ", "category"},
			{"day", "33", "Choose a day"},
			{"price", "-5", "An amount is more than zero: for money that comes back"}, {"price", "", "Enter an amount"},
			{"price", "0", "An amount is more than zero."}, {"price", "9999999999999999", "An amount is at most $9"},
			{"price", strings.Repeat("1", 1000), "This is too long for an amount"},
		} {
			fields := []string{"revision", "1", c[0], c[1]}
			for name, value := range map[string]string{"category": "rent", "price": "1", "frequency": "monthly", "start": "2026-11-24"} {
				if name != c[0] {
					fields = append(fields, name, value)
				}
			}
			s.Post(path, fields...).Want(t, 422, `id="`+c[0]+`-error"`, c[2])
		}
	}
	s.Post("/repeats/1/amount", "revision", "1", "price", "0", "from", "never").
		Want(t, 422, `id="new-price-error"`, "An amount is more than zero.", `id="from-error"`,
			`value="never"`, `<a href="#new-price">Amount</a>`, `<a href="#from">From</a>`)
	s.Post("/repeats/1/pause").Want(t, 422, "which revision")
}

func TestAStaleChangeOfARepeatIsRefused(t *testing.T) {
	s := siteWithRepeats(t)
	s.Post("/repeats/1/skip", "revision", "1").Want(t, 303)
	s.Post("/repeats/1/pause", "revision", "1").Want(t, 409, "changed since", `name="revision" value="2-`)
	s.Post("/repeats/1", "revision", "1", "category", "typed", "price", "1", "frequency", "daily").Want(t, 409, `value="typed"`)
	s.Post("/repeats/3/pause", "revision", "2").Want(t, 409, "paused already")
	catchUp(t, s)
	s.Post("/repeats/2/pause", "revision", "1").Want(t, 303) // progress makes nobody stale
}

// A form whose key is refused is shown with one that will do, or it could be sent for ever.
func TestARefusedKeyIsReplaced(t *testing.T) {
	s := webtest.New(t, web.Options{})
	fields := []string{"category", "rent", "price", "1", "frequency", "monthly", "start", "2026-11-24", "idempotency_key"}
	again := s.Post("/repeats", append(fields, "two words")...)
	again.Want(t, 422, "visible ASCII", `value="rent"`)
	s.Post("/repeats", append(fields, again.Key(t))...).Want(t, 303)
	s.Post("/repeats", append(fields, "used", "every", "x")...).Want(t, 422, `name="idempotency_key" value="used"`)
}

func TestWhatComesBackIsNegativeInAnotherAmountToo(t *testing.T) {
	s := webtest.New(t, web.Options{})
	s.Post("/repeats", "category", "gym", "price", "29", "frequency", "daily", "start", "2026-11-24", "refund", "1").Want(t, 303)
	s.Follow(press(t, s, "/repeats/1", "/amount", "price", "39", "from", "2026-12-24"))
	s.Get("/repeats/1").Want(t, 200, "<dd>-$29.00</dd>", "<dd>-$39.00</dd>", "!<dd>$39.00</dd>")
}

// An archived category is not suggested, and one that was merged away is not there; their repeats are in what is left of them.
func TestARepeatHasItsCategoryThoughThatIsNotSuggested(t *testing.T) {
	s := webtest.New(t, web.Options{})
	s.Post("/repeats", "category", "gym", "price", "29", "frequency", "daily", "start", "2026-11-22").Want(t, 303)
	catchUp(t, s)
	s.Follow(press(t, s, "/categories/1", "/rename", "category", "sport"))
	s.Follow(press(t, s, "/categories/1", "/archive"))
	s.Get("/repeats").Want(t, 200, ">sport</a>", `<span class="tile c-leaf"`, "!gym")
	s.Get("/repeats/1").Want(t, 200, "<bdi>sport</bdi>", `name="category" value="sport"`, "!gym")
	s.Get("/").Want(t, 200, `aria-label="sport, $29.00, Tuesday, 24 November 2026"`)
	s.Add(expense.Draft{Category: "fun", Price: "1"})
	s.Follow(press(t, s, "/categories/1", "/merge", "into", "2"))
	s.Get("/repeats/1").Want(t, 200, "<bdi>fun</bdi>", "!sport")
}

func TestARepeatOfNobodyIsNotFound(t *testing.T) {
	s := webtest.New(t, web.Options{})
	for _, path := range []string{"/repeats/1", "/repeats/0", "/repeats/x", "/repeats/new?from=7", "/repeats/new?from=x"} {
		s.Get(path).Want(t, 404)
	}
	for _, what := range []string{"", "/amount", "/skip", "/unskip", "/pause", "/resume", "/end"} {
		s.Post("/repeats/1"+what, "revision", "1", "category", "x", "price", "1", "frequency", "daily", "from", "2026-12-01").Want(t, 404)
	}
}

func TestAStorageThatIsAwayLeavesWhatWasTyped(t *testing.T) {
	s := siteWithRepeats(t)
	s.Store.TakeAway()
	s.Get("/repeats").Want(t, 503)
	s.Post("/repeats", "category", "typed", "price", "1", "frequency", "daily", "idempotency_key", "k").
		Want(t, 503, `value="typed"`, "may or may not be stored", `name="idempotency_key" value="k"`)
	s.Post("/repeats/1", "revision", "1", "category", "typed", "price", "1", "frequency", "daily").
		Want(t, 503, `value="typed"`, `name="revision" value="1"`)
	s.Post("/repeats/1/amount", "revision", "1", "price", "77", "from", "2027-01-01").Want(t, 503, `value="77"`, `value="2027-01-01"`)
	s.Post("/repeats/1/pause", "revision", "1").Want(t, 503, `action="/repeats/1/pause"`, `name="revision" value="1"`, "!Change it")
	s.Store.BringBack()
	s.Post("/repeats/1/pause", "revision", "1").Want(t, 303)
}

func TestPagesAreAsTheyWere(t *testing.T) {
	furnish := func(s *webtest.Site) {
		s.Post("/repeats", "category", "rent", "price", "1180", "frequency", "monthly", "day", "1", "start", "2026-11-24")
		s.Post("/repeats", "category", "bus", "payee", "Week ticket", "price", "23.35", "frequency", "weekly", "start", "2026-11-30")
		s.Post("/repeats", "category", "gym", "price", "29", "frequency", "monthly", "day", "32", "start", "2026-11-24")
		s.Post("/repeats/3/pause", "revision", "1")
	}
	webtest.Golden(t, "repeats", func(s *webtest.Site) webtest.Answer { furnish(s); return s.Get("/repeats") })
	webtest.Golden(t, "repeat", func(s *webtest.Site) webtest.Answer { furnish(s); return s.Get("/repeats/1") })
	webtest.Golden(t, "new", func(s *webtest.Site) webtest.Answer { return s.Get("/repeats/new") })
}

func TestGermanIsSpoken(t *testing.T) {
	s := siteWithRepeats(t)
	r := httptest.NewRequest(http.MethodGet, "/repeats", nil)
	r.Header.Set("Accept-Language", "de")
	s.Do(r).Want(t, 200, "jeden Montag", "monatlich am 1.", "monatlich am letzten Tag", "5 Zahlungen, die nächste: ", "Pausiert")
}
