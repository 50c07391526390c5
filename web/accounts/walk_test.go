package accounts_test

import (
	"net/http"
	"strings"
	"testing"

	"expense-tracker/core/account"
	"expense-tracker/tests/rig/project"
	"expense-tracker/web"
	"expense-tracker/web/webtest"
)

// Of the pages of accounts, who is not signed in gets those where one signs in, and no other.
func TestWhoIsNotSignedInGetsNoAccount(t *testing.T) {
	gated := webtest.NewFederated(t, web.Options{}, account.Policy{})
	gated.Join("ada")
	walked := 0
	for _, route := range project.Routes(t) {
		method, path, _ := strings.Cut(route, " ")
		open := path == "/login" || strings.HasPrefix(path, "/login/") || path == "/logout" || path == "/setup" || path == "/setup/oidc" ||
			path == "/join/{token}/account"
		if !open && path != "/account" && !strings.HasPrefix(path, "/account/") {
			continue
		}
		walked++
		nobody, path := gated.Browser(), strings.NewReplacer("{id}", "1", "{token}", "1-00").Replace(path)
		answer := nobody.Get(path)
		if method == http.MethodPost {
			answer = nobody.Post(path, "name", "ada", "password", "wrong wrong wrong", "code", "wrong")
		}
		switch {
		case open && answer.StatusCode == http.StatusOK, open && method == http.MethodPost && answer.StatusCode != http.StatusInternalServerError,
			(path == "/setup" || path == "/login/code") && answer.StatusCode == http.StatusSeeOther,
			path == "/login/oidc/callback" && answer.StatusCode == http.StatusUnauthorized:
		case !open && method == http.MethodGet && strings.HasPrefix(answer.Header.Get("Location"), "/login?to="):
		case !open && method == http.MethodPost && answer.StatusCode == http.StatusUnauthorized:
		default:
			t.Errorf("%s: %d to %q", route, answer.StatusCode, answer.Header.Get("Location"))
		}
		if nobody.Cookie("expense_session") != nil {
			t.Errorf("%s signs in", route)
		}
	}
	if walked < 16 {
		t.Errorf("only %d routes were walked", walked)
	}
}
