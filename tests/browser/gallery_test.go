package browser_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"expense-tracker/tests/rig/programtest"
	"expense-tracker/tests/rig/project"
)

// picture is a page in a state that looks different. It is checked at every width and in both schemes, and photographed.
type picture struct {
	name  string
	route string // as web/routes.go has it, or "" if the address has none; the page's address must lead there
	site  string // one of the stock's
	show  func(*tab, *stock)
}

// gallery is every page of the site in every state. Each area has a function of its own here, in a file of its own.
func gallery() []picture {
	return slices.Concat(tokenPictures(), journalPictures(),
		homePictures(), expensePictures(), categoryPictures(), budgetPictures(), repeatPictures(), problemPictures(),
		reportPictures(), ratePictures(), searchPictures(), binPictures(), severalPictures(), householdPictures(), accountPictures(),
		secondPictures(), passkeyPictures(), oidcPictures(), paidPictures(), newcomerPictures())
}

// at leads to an address that is known before.
func at(path string) func(*tab, *stock) { return func(b *tab, _ *stock) { b.open(path) } }

// in leads to an address of the stock.
func in(path func(*stock) string) func(*tab, *stock) {
	return func(b *tab, s *stock) { b.open(path(s)) }
}

// The sites of the stock.
const (
	demo  = "demo"  // with a year of sample data
	empty = "empty" // with nothing in it
	full  = "full"  // with 300 expenses, and the longest texts and amounts
)

// longest is a category that is as long as one may be, and has few places to break it.
var longest = strings.Repeat("Donaudampfschifffahrtsgesellschaft", 3)[:100]

// stock is what the pictures show, made once for all of them. They are shown one after another, and may change it.
type stock struct {
	url     map[string]string    // of each site
	storage string               // of the full site
	user    *programtest.Visitor // of the full site, who shares no cookie with the tabs

	edited, deleted string // addresses of expenses
	category        string // address of the longest
	session         string // of the gated site
	linked          string // session of the federated site
	provider        string // of its people
	changes         int    // that were made, so that each is another
	shared          household
}

func newStock(t *testing.T) *stock {
	t.Helper()
	storage := programtest.NewSQLite(t)
	programtest.Succeed(t, "generate", "--storage", storage, "--count", "300")
	patient := programtest.WriteFile(t, "config.yaml", "database:\n  operation_timeout: 3s\n")
	s := &stock{storage: storage, url: map[string]string{
		demo:  programtest.Start(t, "memory:", "--demo").URL,
		empty: programtest.Start(t, "memory:").URL,
		full:  programtest.Start(t, storage, "--config", patient).URL,
	}}
	s.url[gated] = programtest.StartGated(t, "memory:").URL
	toSetUp, _ := programtest.StartToSetUp(t, "memory:")
	s.url[unset] = toSetUp.URL
	s.federate(t)
	s.session = newSession(t, s.url[gated])
	newSession(t, s.url[gated]) // on another browser
	s.share(t)
	s.user = programtest.Visit(t, s.url[full])
	s.user.Submit("/add", programtest.Form("category", longest, "price", "9999999999.99", "note", strings.Repeat("n", 1000)))
	s.user.Submit("/add", programtest.Form("category", "sushi", "price", "123456", "currency", "JPY", "note", "with\ntwo lines"))
	s.user.Submit("/add", programtest.Form("category", "rent", "price", "5837500", "currency", "IDR"))
	s.edited = s.user.Get("/").Newest().Link
	s.deleted = s.user.Add("deleted", "1.00").Newest().Link
	s.user.Submit(s.deleted+"/delete", programtest.Form("revision", "1"))
	s.category = s.user.Get("/categories").Link(longest)
	return s
}

// open opens a tab and shows the picture in it, to a reader of a language if it is not "".
func (p picture) open(t *testing.T, s *stock, language string) *tab {
	t.Helper()
	b := openTab(t, s.url[p.site])
	if language != "" {
		b.read(language)
	}
	p.show(b, s)
	path := evaluate[string](b, "location.pathname")
	if route := routeOf(t, p.route, path); route != p.route {
		t.Errorf("the picture %s is at %s, whose route is %q and not %q", p.name, path, route, p.route)
	}
	return b
}

// routeOf returns the site's route that a path leads to, for the method of a pattern, or "".
func routeOf(t *testing.T, pattern, path string) string {
	t.Helper()
	mux := http.NewServeMux()
	for _, route := range project.Routes(t) {
		mux.Handle(route, http.NotFoundHandler())
	}
	method, _, found := strings.Cut(pattern, " ")
	if !found {
		method = http.MethodGet
	}
	request, err := http.NewRequestWithContext(t.Context(), method, path, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	_, route := mux.Handler(request)
	return route
}

// withoutPage are the routes that are asked with GET and answer with no page, each with what they answer with.
func withoutPage() map[string]string {
	return map[string]string{
		"GET /months":           "a redirect to the current month",
		"GET /years":            "a redirect to the current year",
		"GET /search.csv":       "a file",
		"GET /account/data.zip": "a file",

		"GET /account/log.csv":           "a file",
		"GET /account/log/everybody.csv": "a file",
		"GET /account/log/members.csv":   "a file",
		"GET /people/log.csv":            "a file",
		"GET /quick":                     "what a line says, as plain text for the script",
	}
}

// A new page is seen and heard too: each route that is asked with GET has a picture.
func TestEveryPageIsInTheGallery(t *testing.T) {
	names, shown := map[string]bool{}, map[string]bool{}
	for _, picture := range gallery() {
		if names[picture.name] {
			t.Errorf("two pictures have the name %s", picture.name)
		}
		names[picture.name], shown[picture.route] = true, true
	}
	routes := project.Routes(t)
	for _, route := range routes {
		if strings.HasPrefix(route, "GET ") && !shown[route] && withoutPage()[route] == "" {
			t.Errorf("%s has no picture: add one in its area's gallery_..._test.go, for each state that looks different", route)
		}
	}
	for route := range shown {
		if route != "" && !slices.Contains(routes, route) {
			t.Errorf("a picture has the route %s, which the site does not have", route)
		}
	}
	for route := range withoutPage() {
		if shown[route] || !slices.Contains(routes, route) {
			t.Errorf("%s is said to have no page", route)
		}
	}
}
