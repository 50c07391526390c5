package program_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/programtest"
	"expense-tracker/tests/rig/project"
)

// nastyValues are what parameters and fields must withstand: what a parser, an encoding or a column takes badly.
func nastyValues() []string {
	return []string{
		"", " ", "\x00", "a\x00b", "\xff", "a\xffb", "\xc3\x28", "\xed\xa0\x80", "\r\n", "\x1b[2J", "\x01", "\ufffe", "\u200e\u202e",
		"\ufeff", "\U0010ffff", "%00", "%s%n", `\`, `'`, `"; --`, "${x}", "<script>",
		"-1", "0", "00", "1", "+1", "1e400", "NaN", "Infinity", "1_000", "0x10", "٣",
		"9223372036854775807", "9223372036854775808", "-9223372036854775808", "99999999999999999999999",
		"0000-01-01", "0000-01-01_1", "0001-01-01_1", "-001-01-01_1", "1899-12-31_1", "1900-01-01_1",
		"2026-02-30_1", "2026-01-31_", "2026-01-31_0", "2026-01-31_-1",
		"2026-01-31_1", "2026-01-31_9223372036854775807", "2026-01-31_9223372036854775808", "9999-12-31_1",
		"2199-12-31_1", "10000-01-01_1", "oldest", "newest",
		strings.Repeat("a", 5000), strings.Repeat("\u0390", 300), strings.Repeat("9", 1000), strings.Repeat("🏳️‍🌈", 200),
	}
}

// targets are every address of the site, with the parameters and fields that each reads.
func targets() (pages []target, forms []target) {
	pages = []target{
		{"/", []string{"before", "after", "from"}},
		{"/expenses", []string{"before", "after", "from", "unknown"}},
		{"/categories", []string{"after", "before"}},
		{"/expenses/1", []string{"before", "after", "from", "search", "history"}},
		{"/categories/1", []string{"before", "after"}},
		{"/add", []string{"before", "after", "again"}},
		{"/quick", []string{"line"}},
		{"/more", []string{"after"}},
		{"/settings", nil},
		{"/rates", []string{"before", "currency"}},
		{"/rates/1", nil},
		{"/rates/" + inPath, nil},
		{"/search", []string{"q", "category", "tag", "currency", "from", "to", "min", "max", "paid_by", "deleted", "before", "after"}},
		{"/search.csv", []string{"q", "category", "tag", "currency", "from", "to", "min", "max", "paid_by", "deleted"}},
		{"/months", []string{"after"}},
		{"/years", []string{"after"}},
		{"/months/2026-11", []string{"after", "q"}},
		{"/months/" + inPath, nil},
		{"/years/2026", []string{"after"}},
		{"/years/" + inPath, nil},
		{"/bin", []string{"before", "after"}},
		{"/account/log", []string{"before"}},
		{"/account/log.csv", []string{"before"}},
		{"/account/log/everybody", []string{"before"}},
		{"/account/log/everybody.csv", []string{"before"}},
		{"/account/log/members", []string{"before"}},
		{"/account/log/members.csv", []string{"before"}},
		{"/several", []string{"q", "category", "tag", "currency", "from", "to", "min", "max", "paid_by", "deleted", "before", "after", "all"}},
		{"/expenses/" + inPath, nil},
		{"/categories/" + inPath, nil},
		{"/budgets", []string{"after"}},
		{"/budgets/new", []string{"category"}},
		{"/budgets/1", nil},
		{"/budgets/" + inPath, nil},
		{"/repeats", []string{"after"}},
		{"/repeats/new", []string{"from"}},
		{"/repeats/1", []string{"after"}},
		{"/repeats/" + inPath, nil},
		{"/people", []string{"after"}},
		{"/people/log", []string{"before"}},
		{"/people/log.csv", []string{"before"}},
		{"/tokens", []string{"after"}},
		{"/ledgers", []string{"after"}},
		{"/ledgers/new", nil},
		{"/ledgers/1", nil},
		{"/ledgers/" + inPath, nil},
		{"/join/" + inPath, nil},
		{"/login", []string{"to"}},
		{"/login/oidc/callback", []string{"state", "code", "iss", "error"}},
		{"/setup", []string{"code"}},
		{"/account", nil},
		{"/account/sessions", nil},
		{"/account/data.zip", nil},
		{"/account/delete", nil},
		{"/account/second", nil},
		{"/account/passkeys", nil},
		{"/login/code", []string{"to"}},
		{"/static/" + inPath, nil},
		{"/" + inPath, nil},
	}
	fields := []string{"category", "price", "currency", "date", "note", "paid_by", "idempotency_key"}
	repeat := []string{"category", "price", "currency", "payee", "note", "tags", "frequency", "every", "day", "start", "end", "from",
		"paid_by", "idempotency_key"}
	forms = []target{
		{"/add", append(slices.Clone(fields), "line")},
		{"/expenses/1", append(fields, "revision", "keep_price", "stored_price", "keep_date", "stored_date", "?before", "?after", "?from")},
		{"/expenses/1/delete", []string{"revision", "?before"}},
		{"/expenses/1/restore", []string{"revision", "?after"}},
		{"/expenses/1/undo", []string{"revision", "?after", "?from"}},
		{"/several", []string{"pick", "do", "category", "date", "tags", "untag", "paid_by", "?q", "?before"}},
		{"/several/1/undo", []string{"revision", "?after"}},
		{"/several/" + inPath + "/undo", []string{"revision"}},
		{"/expenses/" + inPath, []string{"revision"}},
		{"/expenses/" + inPath + "/delete", []string{"revision"}},
		{"/expenses/" + inPath + "/restore", []string{"revision"}},
		{"/budgets", []string{"category", "named", "amount", "currency", "from", "carry"}},
		{"/budgets/copy", []string{"from"}},
		{"/budgets/1", []string{"amount", "currency", "from", "carry", "revision"}},
		{"/budgets/1/end", []string{"end_from", "revision"}},
		{"/budgets/" + inPath, []string{"amount"}},
		{"/budgets/" + inPath + "/end", []string{"end_from"}},
		{"/categories/1/rename", []string{"category", "revision", "from_revision"}},
		{"/categories/1/merge", []string{"into", "into_name", "revision", "into_revision"}},
		{"/categories/1/look", []string{"colour", "icon", "revision"}},
		{"/categories/1/archive", []string{"revision"}},
		{"/categories/1/restore", []string{"revision"}},
		{"/categories/1/remove", []string{"revision"}},
		{"/categories/1/undo", []string{"revision"}},
		{"/repeats", repeat},
		{"/repeats/1", append(repeat, "revision")},
		{"/repeats/1/amount", []string{"price", "from", "revision"}},
		{"/repeats/1/skip", []string{"revision"}},
		{"/repeats/1/unskip", []string{"from", "revision"}},
		{"/repeats/1/pause", []string{"revision"}},
		{"/repeats/1/resume", []string{"revision"}},
		{"/repeats/1/end", []string{"revision"}},
		{"/repeats/" + inPath, []string{"revision"}},
		{"/repeats/" + inPath + "/skip", []string{"revision"}},
		{"/categories/" + inPath + "/rename", []string{"category"}},
		{"/categories/" + inPath + "/merge", []string{"into"}},
		{"/settings", []string{"language", "no_keys"}},
		{"/categories/" + inPath + "/look", []string{"icon"}},
		{"/categories/" + inPath + "/archive", []string{"revision"}},
		{"/categories/" + inPath + "/restore", []string{"revision"}},
		{"/categories/" + inPath + "/remove", []string{"revision"}},
		{"/categories/" + inPath + "/undo", []string{"revision"}},
		{"/people/leave", []string{"x"}},
		{"/people/invitations", []string{"token", "role", "note"}},
		{"/people/invitations/1/withdraw", nil},
		{"/people/invitations/" + inPath + "/withdraw", []string{"x"}},
		{"/people/1/role", []string{"role"}},
		{"/people/1/remove", []string{"x"}},
		{"/people/" + inPath + "/role", []string{"role"}},
		{"/people/" + inPath + "/remove", []string{"x"}},
		{"/tokens", []string{"name", "scope", "ends", "until", "idempotency_key"}},
		{"/tokens/1/revoke", nil},
		{"/tokens/" + inPath + "/revoke", []string{"x"}},
		{"/ledgers", []string{"name", "currency", "zone", "idempotency_key"}},
		{"/ledgers/1", []string{"name", "currency", "zone", "revision"}},
		{"/ledgers/1/open", []string{"x"}},
		{"/ledgers/" + inPath, []string{"name"}},
		{"/ledgers/" + inPath + "/open", []string{"x"}},
		{"/join/" + inPath, []string{"x"}},
		{"/join/" + inPath + "/account", []string{"name", "password"}},
		{"/login", []string{"name", "password", "to"}},
		{"/logout", []string{"to"}},
		{"/setup", []string{"code", "name", "password"}},
		{"/account", []string{"name", "language"}},
		{"/account/password", []string{"password", "new_password"}},
		{"/account/delete", []string{"password", "sure"}},
		{"/account/second", []string{"password"}},
		{"/account/second/confirm", []string{"code"}},
		{"/account/second/drop", []string{"x"}},
		{"/account/second/codes", []string{"proof"}},
		{"/account/second/end", []string{"proof"}},
		{"/login/code", []string{"code", "to"}},
		{"/login/passkey", []string{"to"}},
		{"/login/passkey/answer", []string{"answer", "to"}},
		{"/account/passkeys", []string{"name", "password"}},
		{"/account/passkeys/new", []string{"name", "answer"}},
		{"/account/passkeys/1/remove", []string{"x"}},
		{"/account/passkeys/" + inPath + "/remove", []string{"x"}},
		{"/login/oidc", []string{"to"}},
		{"/setup/oidc", []string{"code"}},
		{"/account/oidc", []string{"confirm"}},
		{"/account/oidc/unlink", []string{"confirm"}},
		{"/account/sessions/end", []string{"id"}},
		{"/account/sessions/1/end", []string{"id"}},
		{"/account/sessions/" + inPath + "/end", []string{"id"}},
		{"/rates", []string{"currency", "rate", "date"}},
		{"/rates/1", []string{"rate", "revision"}},
		{"/rates/1/remove", []string{"revision"}},
		{"/rates/1/restore", []string{"revision"}},
		{"/rates/" + inPath, []string{"rate", "revision"}},
		{"/rates/" + inPath + "/remove", []string{"revision"}},
		{"/rates/" + inPath + "/restore", []string{"revision"}},
	}
	return pages, forms
}

// target is an address and what of it is attacked, one name at a time. A field that begins with ? is a parameter of a form's address.
type target struct {
	path  string
	names []string
}

// inPath stands in a path for the value.
const inPath = "{}"

// address returns the target's address with the value in its path.
func (t target) address(value string) string {
	return strings.ReplaceAll(t.path, inPath, url.PathEscape(value))
}

// complete is a form that every target takes, but for the field that is attacked.
func complete() url.Values {
	return programtest.Form("category", "food", "price", "1.00", "currency", "USD", "date", "2026-01-31",
		"note", "n", "revision", "1", "into", "2", "pick", "2.1",
		"frequency", "monthly", "every", "1", "start", "2026-01-31")
}

// sturdy fails the test if an answer is the fault of the program.
func sturdy(t testing.TB, what string, answer *programtest.Page) {
	t.Helper()
	if answer.Status >= http.StatusInternalServerError || answer.Status < http.StatusOK {
		t.Errorf("%s: %d", what, answer.Status)
	}
	if answer.Status >= http.StatusBadRequest && answer.One("h1", "", "") == nil {
		t.Errorf("%s: %d without a page", what, answer.Status)
	}
}

// A new area's addresses are attacked too: each route of the site is a target.
func TestEveryRouteIsATarget(t *testing.T) {
	pages, forms := targets()
	targeted := map[string][]target{http.MethodGet: pages, http.MethodPost: forms}
	for _, route := range project.Routes(t) {
		method, pattern, _ := strings.Cut(route, " ")
		address := strings.NewReplacer("{$}", "", "{id}", "1", "{month}", "2026-11", "{year}", "2026", "{token}", inPath).Replace(pattern)
		if !slices.ContainsFunc(targeted[method], func(target target) bool { return target.path == address }) {
			t.Errorf("%s %s is no target", method, address)
		}
	}
}

// Whatever stands in an address or in a form is answered with a page, on each storage alike, and never as a fault of the program.
func TestNoParameterOrFieldIsAFaultOfTheProgram(t *testing.T) {
	programtest.OnEach(t, programtest.Storages(), func(t *testing.T, storage string) {
		user := programtest.Visit(t, programtest.Start(t, storage).URL)
		user.Add("food", "1.00")
		user.Add("tea", "1.00")
		pages, forms := targets()
		for _, value := range nastyValues() {
			for _, target := range pages {
				sturdy(t, "GET "+target.address(value), user.Get(target.address(value)))
				for _, name := range target.names {
					address := target.address(value) + "?" + programtest.Form(name, value).Encode()
					sturdy(t, "GET "+address, user.Get(address))
				}
			}
			for _, target := range forms {
				for _, name := range target.names {
					address, fields := target.address(value), complete()
					if parameter, found := strings.CutPrefix(name, "?"); found {
						address += "?" + programtest.Form(parameter, value).Encode()
					} else {
						fields.Set(name, value)
					}
					sturdy(t, "POST "+address+" with "+fields.Encode(), user.Post(address, fields))
				}
			}
			for _, kind := range []string{"added", "deleted", "renamed", "merged", "archived", "removed", "asbefore"} {
				cookie := map[string]string{"Cookie": "flash=" + kind + "." + url.PathEscape(value)}
				sturdy(t, "GET / after "+kind+" "+value, user.Send(http.MethodGet, "/", "", cookie))
			}
		}
		check.Equal(t, "home afterwards", user.Get("/").Status, http.StatusOK)
	})
}

// What cannot name a place in a list is not found, on each storage alike.
func TestAMadeUpPlaceIsNotFound(t *testing.T) {
	programtest.OnEach(t, programtest.Storages(), func(t *testing.T, storage string) {
		user := programtest.Visit(t, programtest.Start(t, storage).URL)
		user.Add("food", "1.00")
		for address, status := range map[string]int{
			"/categories?after=%00":                              http.StatusNotFound,
			"/categories?after=%ff":                              http.StatusNotFound,
			"/categories?after=a%00b":                            http.StatusNotFound,
			"/categories?after=" + strings.Repeat("a", 5000):     http.StatusNotFound,
			"/categories?after=food":                             http.StatusOK,
			"/categories?after=" + strings.Repeat("%CE%90", 100): http.StatusOK, // the longest name's key, for folding makes three of each
			"/expenses?before=0000-01-01_1":                      http.StatusNotFound,
			"/expenses?after=0000-01-01_1":                       http.StatusNotFound,
			"/expenses?before=1899-12-31_1":                      http.StatusNotFound,
			"/expenses?before=2200-01-01_1":                      http.StatusNotFound,
			"/expenses?before=2026-01-31_0":                      http.StatusNotFound,
			"/expenses?before=2026-01-31_9223372036854775808":    http.StatusNotFound,
			"/expenses?before=2026-01-31_9223372036854775807":    http.StatusOK,
			"/expenses?before=1900-01-01_1":                      http.StatusOK,
			"/expenses/9223372036854775807":                      http.StatusNotFound,
			"/expenses/9223372036854775808":                      http.StatusNotFound,
			"/categories/9223372036854775807":                    http.StatusNotFound,
		} {
			check.Equal(t, address, user.Get(address).Status, status)
		}
	})
}

// FuzzRequest looks for what the table above has not thought of: each storage has to give the answer that the others give.
func FuzzRequest(f *testing.F) {
	for _, path := range []string{"/expenses?before=", "/categories?after=", "/add?category=",
		"/categories/1/rename?category=", "/categories/1/merge?into="} {
		for _, value := range []string{"%00", "%ff", "0000-01-01_1", "9223372036854775807"} {
			f.Add(strings.HasSuffix(path, "e=") || strings.HasSuffix(path, "r="), path+value, "category=food&price=1&revision=1&into=2")
			f.Add(true, path+value, strings.SplitN(path, "?", 2)[1]+value)
		}
	}
	users := map[string]*programtest.Visitor{}
	for _, k := range programtest.Storages() {
		users[k.Name] = programtest.Visit(f, programtest.Start(f, k.Make(f)).URL)
		users[k.Name].Add("food", "1.00")
		users[k.Name].Add("tea", "1.00")
	}
	f.Fuzz(func(t *testing.T, post bool, address, body string) {
		if parsed, err := url.ParseRequestURI(address); err != nil || parsed.Host != "" || !strings.HasPrefix(address, "/") {
			return
		}
		statuses := map[string]int{}
		for name, user := range users {
			user := user.For(t)
			var answer *programtest.Page
			if post {
				answer = user.Send(http.MethodPost, address, body, map[string]string{"Content-Type": programtest.FormType})
			} else {
				answer = user.Get(address)
			}
			sturdy(t, name, answer)
			statuses[name] = answer.Status
		}
		if statuses["memory"] != statuses["sqlite"] || statuses["memory"] != statuses["postgres"] {
			t.Errorf("the storages answer %v", statuses)
		}
	})
}
