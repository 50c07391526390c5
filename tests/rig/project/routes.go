package project

import (
	"os"
	"regexp"
	"testing"
)

// Routes returns the patterns of all routes of the site that answer with pages, such as "GET /expenses/{id}". It reads them from the list.
func Routes(t testing.TB) []string {
	t.Helper()
	source, err := os.ReadFile(Path(t, "web/routes.go"))
	if err != nil {
		t.Fatal(err)
	}
	var routes []string
	for _, route := range regexp.MustCompile(`s\.(?:handle|person|everybody)\("([A-Z]+ \S+)"`).FindAllStringSubmatch(string(source), -1) {
		routes = append(routes, route[1])
	}
	if len(routes) < 11 {
		t.Fatalf("only %d routes are found", len(routes))
	}
	return routes
}
