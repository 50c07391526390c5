package web_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"expense-tracker/core/budget"
	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/core/ledger/ledgertest"
	"expense-tracker/core/member"
	"expense-tracker/core/rate"
	"expense-tracker/core/revision"
	"expense-tracker/core/schedule"
	"expense-tracker/tests/rig/project"
	"expense-tracker/web"
	"expense-tracker/web/webtest"
)

// The people of the test. The stranger is signed in and in no ledger; nobody is not.
const (
	nobody ledger.UserID = iota
	owner
	editor
	viewer
	stranger
)

// anyUser is the role that a route asks for that needs none.
const anyUser ledger.Role = 0

// walked is a route with an address that leads there, what it needs, and a form that it takes.
type walked struct {
	route  string
	path   string
	need   ledger.Role
	fields []string
}

// walk is every route of the site, in an order in which each change finds what it changes.
func walk() []walked {
	repeat := []string{"category", "Bus", "price", "2", "frequency", "monthly", "every", "1", "start", "2027-01-01"}
	return []walked{
		{"GET /{$}", "/", ledger.Viewer, nil},
		{"GET /add", "/add", ledger.Editor, nil},
		{"GET /quick", "/quick?line=1+bus", ledger.Editor, nil},
		{"GET /expenses", "/expenses?from=oldest", ledger.Viewer, nil},
		{"GET /expenses/{id}", "/expenses/1", ledger.Viewer, nil},
		{"GET /bin", "/bin", ledger.Viewer, nil},
		{"GET /several", "/several", ledger.Editor, nil},
		{"GET /categories", "/categories", ledger.Viewer, nil},
		{"GET /categories/{id}", "/categories/1", ledger.Viewer, nil},
		{"GET /months", "/months", ledger.Viewer, nil},
		{"GET /years", "/years", ledger.Viewer, nil},
		{"GET /months/{month}", "/months/2026-11", ledger.Viewer, nil},
		{"GET /years/{year}", "/years/2026", ledger.Viewer, nil},
		{"GET /rates", "/rates", ledger.Viewer, nil},
		{"GET /rates/{id}", "/rates/{rate}", ledger.Viewer, nil},
		{"GET /more", "/more", ledger.Viewer, nil},
		{"GET /settings", "/settings", ledger.Viewer, nil},
		{"GET /budgets", "/budgets", ledger.Viewer, nil},
		{"GET /budgets/new", "/budgets/new", ledger.Editor, nil},
		{"GET /budgets/{id}", "/budgets/1", ledger.Viewer, nil},
		{"GET /search", "/search", ledger.Viewer, nil},
		{"GET /search.csv", "/search.csv", ledger.Viewer, nil},
		{"GET /repeats", "/repeats", ledger.Viewer, nil},
		{"GET /repeats/new", "/repeats/new", ledger.Editor, nil},
		{"GET /repeats/{id}", "/repeats/1", ledger.Viewer, nil},
		{"GET /people", "/people", ledger.Viewer, nil},
		{"GET /people/log", "/people/log", ledger.Owner, nil},
		{"GET /people/log.csv", "/people/log.csv", ledger.Owner, nil},
		{"GET /tokens", "/tokens", ledger.Viewer, nil},
		{"GET /ledgers", "/ledgers", anyUser, nil},
		{"GET /ledgers/new", "/ledgers/new", anyUser, nil},
		{"GET /ledgers/{id}", "/ledgers/1", ledger.Viewer, nil},
		{"GET /join/{token}", "/join/1-" + strings.Repeat("0", 64), anyUser, nil},

		{"POST /add", "/add", ledger.Editor, []string{"category", "Groceries", "price", "1"}},
		{"POST /expenses/{id}", "/expenses/1", ledger.Editor, []string{"category", "Groceries", "price", "2"}},
		{"POST /expenses/{id}/undo", "/expenses/1/undo", ledger.Editor, nil},
		{"POST /expenses/{id}/delete", "/expenses/2/delete", ledger.Editor, nil},
		{"POST /expenses/{id}/restore", "/expenses/2/restore", ledger.Editor, nil},
		{"POST /several", "/several", ledger.Editor, []string{"pick", "1.1", "do", "delete"}},
		{"POST /several/{id}/undo", "/several/1/undo", ledger.Editor, nil},
		{"POST /categories/{id}/rename", "/categories/1/rename", ledger.Editor, []string{"category", "Food"}},
		{"POST /categories/{id}/look", "/categories/1/look", ledger.Editor, []string{"colour", "", "icon", ""}},
		{"POST /categories/{id}/merge", "/categories/1/merge", ledger.Editor, []string{"into", "2"}},
		{"POST /categories/{id}/archive", "/categories/2/archive", ledger.Editor, nil},
		{"POST /categories/{id}/restore", "/categories/2/restore", ledger.Editor, nil},
		{"POST /categories/{id}/remove", "/categories/2/remove", ledger.Editor, nil},
		{"POST /categories/{id}/undo", "/categories/2/undo", ledger.Editor, nil},
		{"POST /rates", "/rates", ledger.Editor, []string{"currency", "GBP", "rate", "1.3"}},
		{"POST /rates/{id}", "/rates/{rate}", ledger.Editor, []string{"rate", "1.4"}},
		{"POST /rates/{id}/remove", "/rates/{rate}/remove", ledger.Editor, nil},
		{"POST /rates/{id}/restore", "/rates/{rate}/restore", ledger.Editor, nil},
		{"POST /budgets", "/budgets", ledger.Editor, []string{"category", "2", "amount", "5"}},
		{"POST /budgets/copy", "/budgets/copy", ledger.Editor, nil},
		{"POST /budgets/{id}", "/budgets/1", ledger.Editor, []string{"amount", "7"}},
		{"POST /budgets/{id}/end", "/budgets/1/end", ledger.Editor, []string{"end_from", "2026-12"}},
		{"POST /repeats", "/repeats", ledger.Editor, repeat},
		{"POST /repeats/{id}", "/repeats/1", ledger.Editor, repeat},
		{"POST /repeats/{id}/amount", "/repeats/1/amount", ledger.Editor, []string{"price", "3", "from", "2027-02-01"}},
		{"POST /repeats/{id}/skip", "/repeats/1/skip", ledger.Editor, nil},
		{"POST /repeats/{id}/unskip", "/repeats/1/unskip", ledger.Editor, []string{"from", "2027-01-01"}},
		{"POST /repeats/{id}/pause", "/repeats/1/pause", ledger.Editor, nil},
		{"POST /repeats/{id}/resume", "/repeats/1/resume", ledger.Editor, nil},
		{"POST /repeats/{id}/end", "/repeats/1/end", ledger.Editor, nil},
		{"POST /settings", "/settings", ledger.Viewer, []string{"language", "en"}},
		{"POST /people/invitations", "/people/invitations", ledger.Owner, []string{"role", "viewer"}},
		{"POST /people/invitations/{id}/withdraw", "/people/invitations/3/withdraw", ledger.Owner, nil},
		{"POST /people/{id}/role", "/people/2/role", ledger.Owner, []string{"role", "editor"}},
		{"POST /people/{id}/remove", "/people/2/remove", ledger.Owner, nil},
		{"POST /tokens", "/tokens", ledger.Viewer, []string{"name", "Phone", "scope", "read", "ends", "30"}},
		{"POST /tokens/{id}/revoke", "/tokens/1/revoke", ledger.Viewer, nil},
		{"POST /ledgers/{id}", "/ledgers/1", ledger.Owner, []string{"name", "Home", "currency", "USD", "zone", "UTC"}},
		{"POST /ledgers/{id}/open", "/ledgers/1/open", ledger.Viewer, nil},
		{"POST /join/{token}", "/join/1-" + strings.Repeat("0", 64), anyUser, nil},
		{"POST /people/leave", "/people/leave", ledger.Viewer, nil},
		{"POST /ledgers", "/ledgers", anyUser, []string{"name", "Mine", "currency", "EUR", "zone", "UTC"}},
	}
}

// shared is a site with a ledger that three people share.
type shared struct {
	*webtest.Site
	rate string // the number of a rate
}

// asker is the header that says who asks.
const asker = webtest.Asker

// nameless knows nobody's name.
type nameless struct{}

func (nameless) Names(context.Context, []ledger.UserID) (map[ledger.UserID]string, error) {
	return nil, nil
}

func newShared(t *testing.T) *shared {
	t.Helper()
	s := &shared{Site: webtest.NewPosed(t, web.Options{People: nameless{}})}
	s.furnish()
	return s
}

// furnish fills the ledger.
func (s *shared) furnish() {
	s.T.Helper()
	ctx, actor := s.T.Context(), ledgertest.Owner()
	must := func(err error) {
		s.T.Helper()
		if err != nil {
			s.T.Fatal(err)
		}
	}
	_, err := s.Store.Ledgers().Define(ctx, actor.Ledger)
	must(err)
	must(s.Services.Members.Settle(ctx, actor.Ledger, owner))
	for user, role := range map[ledger.UserID]string{editor: "editor", viewer: "viewer"} {
		_, token, err := s.Services.Members.Invite(ctx, actor, member.InviteDraft{Role: role})
		must(err)
		_, err = s.Services.Members.Accept(ctx, user, token.Text())
		must(err)
	}
	_, _, err = s.Services.Members.Invite(ctx, actor, member.InviteDraft{Role: "viewer"})
	must(err)
	webtest.Furnish(s.Site)
	gone := s.Add(expense.Draft{Category: "Books", Price: "5"})
	_, err = s.Service.Delete(ctx, actor, gone.ID, gone.Seen())
	must(err)
	entered, err := s.Services.Rates.Enter(ctx, actor, rate.Draft{Currency: "EUR", Rate: "1.1", Date: "2026-11-01"})
	must(err)
	s.rate = strconv.FormatInt(int64(entered.ID()), 10)
	_, err = s.Services.Budgets.Set(ctx, actor, 1, revision.Seen{}, budget.Draft{Amount: "300"})
	must(err)
	_, err = s.Services.Schedules.Create(ctx, actor, schedule.Draft{
		Frequency: "monthly", Every: "1", Start: "2026-12-01", Typed: schedule.Typed{Category: "Rent", Price: "1200"},
	}, civil.Date{})
	must(err)
}

// as sends a request in a user's name, with what the user may have seen of the row.
func (s *shared) as(user ledger.UserID, one walked) webtest.Answer {
	s.T.Helper()
	method, _, _ := strings.Cut(one.route, " ")
	form := url.Values{"revision": {"1"}}
	for i := 0; i < len(one.fields); i += 2 {
		form.Set(one.fields[i], one.fields[i+1])
	}
	body := ""
	if method == http.MethodPost {
		body = form.Encode()
	}
	return s.send(user, method, strings.ReplaceAll(one.path, "{rate}", s.rate), body)
}

func (s *shared) send(user ledger.UserID, method, path, body string) webtest.Answer {
	s.T.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.Header.Set(asker, strconv.FormatInt(int64(user), 10))
	return s.Do(r)
}

func (s *shared) state() ledger.State {
	s.T.Helper()
	state, err := s.Store.Ledgers().State(s.T.Context(), ledger.Default)
	if err != nil {
		s.T.Fatal(err)
	}
	return state
}

// ofAccounts reports whether a path is there only where people sign in: web/accounts walks those.
func ofAccounts(path string) bool {
	return path == "/login" || strings.HasPrefix(path, "/login/") || path == "/logout" || path == "/setup" || path == "/account" ||
		strings.HasPrefix(path, "/account/") || strings.HasSuffix(path, "/oidc") || path == "/join/{token}/account"
}

func TestEveryRouteIsWalked(t *testing.T) {
	known := map[string]bool{}
	for _, one := range walk() {
		known[one.route] = true
	}
	routes := map[string]bool{}
	for _, route := range project.Routes(t) {
		routes[route] = true
		if _, path, _ := strings.Cut(route, " "); !known[route] && !ofAccounts(path) {
			t.Errorf("%s is walked with no role: add it to walk", route)
		}
	}
	for route := range known {
		if !routes[route] {
			t.Errorf("%s is walked, and is no route of the site", route)
		}
	}
}

// Each route is walked by everybody. Whom it is not for it refuses, and nothing has changed.
func TestEveryRouteAsksForARole(t *testing.T) {
	for name, who := range map[string]struct {
		user ledger.UserID
		role ledger.Role
	}{
		"owner": {owner, ledger.Owner}, "editor": {editor, ledger.Editor}, "viewer": {viewer, ledger.Viewer},
		"stranger": {stranger, 0}, "nobody": {nobody, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newShared(t)
			before := s.state()
			for _, one := range walk() {
				got := s.as(who.user, one)
				if !answersAsItShould(one, who.user, who.role, got) {
					t.Errorf("%s at %s: %d to %q", one.route, one.path, got.StatusCode, got.Header.Get("Location"))
				}
				now := s.state()
				if refused := got.StatusCode >= 400; refused && now != before {
					t.Errorf("%s was refused with %d, and changed something", one.route, got.StatusCode)
				}
				ownAffair := one.route == "POST /people/leave" || strings.HasPrefix(one.route, "POST /tokens")
				if who.role < ledger.Editor && !ownAffair && now != before {
					t.Errorf("%s changed something", one.route)
				}
				before = now
			}
		})
	}
}

// answersAsItShould reports whether an answer is what a user in a role can expect.
func answersAsItShould(one walked, user ledger.UserID, role ledger.Role, got webtest.Answer) bool {
	post := strings.HasPrefix(one.route, http.MethodPost)
	switch {
	case user == nobody:
		return got.StatusCode == http.StatusUnauthorized
	case strings.Contains(one.route, "/join/"), role == 0 && strings.HasPrefix(one.path, "/ledgers/1"): // which is not for strangers
		return got.StatusCode == http.StatusNotFound
	case role == 0 && one.need > 0 && post:
		return got.StatusCode == http.StatusNotFound
	case role == 0 && one.need > 0:
		return got.StatusCode == http.StatusSeeOther && got.Header.Get("Location") == "/ledgers"
	case role < one.need:
		return got.StatusCode == http.StatusForbidden
	case post: // what came before may have changed the row
		return got.StatusCode == http.StatusOK || got.StatusCode == http.StatusSeeOther || got.StatusCode == http.StatusConflict ||
			got.StatusCode == http.StatusUnprocessableEntity || got.StatusCode == http.StatusNotFound
	}
	return got.StatusCode == http.StatusOK || got.StatusCode == http.StatusSeeOther
}

var (
	linked  = regexp.MustCompile(`href="(/[^"#]*)`)
	offered = regexp.MustCompile(`<form (?:class="[^"]*" )?method="post" action="(/[^"?]*)`)
)

// No page leads anybody to what their role may not do.
func TestPagesOfferWhatTheRoleMayDo(t *testing.T) {
	mux, need := http.NewServeMux(), map[string]ledger.Role{}
	for _, one := range walk() {
		mux.Handle(one.route, http.NotFoundHandler())
		need[one.route] = one.need
	}
	needed := func(method, path string) (string, ledger.Role) {
		r := httptest.NewRequest(method, strings.ReplaceAll(path, "&amp;", "&"), nil)
		_, route := mux.Handler(r)
		return route, need[route]
	}
	s := newShared(t)
	for user, role := range map[ledger.UserID]ledger.Role{owner: ledger.Owner, editor: ledger.Editor, viewer: ledger.Viewer, stranger: 0} {
		forms := 0
		for _, one := range append(walk(), walked{route: "GET /nothing", path: "/expenses/99"},
			walked{route: "GET /deleted", path: "/expenses/7"}) {
			if !strings.HasPrefix(one.route, http.MethodGet) || role < one.need {
				continue
			}
			body := s.as(user, one).Body
			for _, link := range linked.FindAllStringSubmatch(body, -1) {
				if route, asks := needed(http.MethodGet, link[1]); role > 0 && asks > role {
					t.Errorf("%s leads a %s to %s (%s)", one.path, role, link[1], route)
				}
			}
			for _, form := range offered.FindAllStringSubmatch(body, -1) {
				forms++
				if route, asks := needed(http.MethodPost, form[1]); asks > role || route == "" {
					t.Errorf("%s offers a %s the form of %s (%s)", one.path, role, form[1], route)
				}
			}
		}
		if least := map[ledger.UserID]int{owner: 20, editor: 15, viewer: 2, stranger: 1}[user]; forms < least {
			t.Errorf("a %s is offered %d forms, want %d", role, forms, least)
		}
	}
}

// A page that is kept for one role is shown to no other.
func TestAKeptPageIsOfOneRole(t *testing.T) {
	s := newShared(t)
	for range 2 {
		for _, path := range []string{"/", "/categories/1", "/budgets", "/expenses?from=oldest"} {
			for user, edits := range map[ledger.UserID]bool{owner: true, viewer: false, editor: true} {
				page := s.send(user, http.MethodGet, path, "")
				if offers := strings.Contains(page.Body, `href="/add"`); page.StatusCode != http.StatusOK || offers != edits {
					t.Errorf("%s for user %d: %d, and it offers to add: %v", path, user, page.StatusCode, offers)
				}
			}
		}
	}
}
