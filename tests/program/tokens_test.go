package program_test

import (
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/programtest"
)

// secretIn finds a token in a page or a log.
var secretIn = regexp.MustCompile(`et_[0-9]+_[0-9a-f]{64}`)

// makeToken makes a token as who is signed in.
func makeToken(t *testing.T, user *programtest.Visitor, scope string) string {
	t.Helper()
	page := user.Post("/tokens", programtest.Form("name", "Script", "scope", scope, "ends", "30"))
	secret := secretIn.FindString(page.Body)
	if page.Status != http.StatusOK || secret == "" {
		t.Fatalf("no token: %d: %s", page.Status, page.Body)
	}
	return secret
}

// withToken sends a request as a program without cookies does.
func withToken(t *testing.T, url, secret, method, path, body string) *programtest.Page {
	t.Helper()
	headers := map[string]string{"Authorization": "Bearer " + secret}
	if body != "" {
		headers["Content-Type"] = "application/x-www-form-urlencoded"
	}
	return programtest.Visit(t, url).Send(method, path, body, headers)
}

// A token is good on every instance, and dead on every one at once; nothing that the program writes has it.
func TestATokenIsKnownToEveryInstance(t *testing.T) {
	programtest.OnEach(t, programtest.DurableStorages(), func(t *testing.T, storage string) {
		one, two := programtest.StartGated(t, storage), programtest.StartGated(t, storage)
		admin := programtest.Visit(t, one.URL)
		admin.SignIn("admin", programtest.AdminPassword)
		secret := makeToken(t, admin, "write")
		for range 2 {
			for _, url := range []string{one.URL, two.URL} {
				added := withToken(t, url, secret, http.MethodPost, "/add", "category=tea&price=1.50&idempotency_key=once")
				check.Equal(t, "adding", added.Status, http.StatusSeeOther)
				check.Equal(t, "what follows", withToken(t, url, secret, http.MethodGet, added.Header.Get("Location"), "").Status, http.StatusOK)
			}
		}
		check.Equal(t, "what is stored", programtest.Stored(t, storage), 1)
		wrong := secret[:len(secret)-8] + "00000000"
		check.Equal(t, "a wrong one", withToken(t, two.URL, wrong, http.MethodGet, "/search.csv", "").Status, http.StatusUnauthorized)
		check.Equal(t, "in an address", programtest.Visit(t, two.URL).Get("/search.csv?access_token="+secret).Status, http.StatusUnauthorized)

		check.Equal(t, "revoking", admin.Post("/tokens/1/revoke", nil).Status, http.StatusSeeOther)
		for _, url := range []string{one.URL, two.URL} {
			check.Equal(t, "a revoked one", withToken(t, url, secret, http.MethodGet, "/search.csv", "").Status, http.StatusUnauthorized)
		}
		metrics := programtest.Visit(t, one.URL)
		for what, text := range map[string]string{"the log": one.Output() + two.Output(), "the list": admin.Get("/tokens").Body,
			"the metrics": metrics.Get("/metrics").Body} {
			if strings.Contains(strings.ReplaceAll(text, "access_token="+secret, ""), secret[5:]) {
				t.Errorf("%s has the token", what)
			}
		}
	})
}

// The operator's disabling ends a user's tokens for good.
func TestADisabledUsersTokensStayDead(t *testing.T) {
	storage := programtest.NewSQLite(t)
	p := programtest.StartGated(t, storage)
	admin := programtest.Visit(t, p.URL)
	admin.SignIn("admin", programtest.AdminPassword)
	secret := makeToken(t, admin, "read")
	check.Equal(t, "at first", withToken(t, p.URL, secret, http.MethodGet, "/search.csv", "").Status, http.StatusOK)
	programtest.Succeed(t, "user", "add", "other", "--admin", "--storage", storage) // so that admin is not the last one
	for _, change := range []string{"disable", "enable"} {
		programtest.Succeed(t, "user", change, "admin", "--storage", storage)
		check.Equal(t, "after "+change, withToken(t, p.URL, secret, http.MethodGet, "/search.csv", "").Status, http.StatusUnauthorized)
	}
}

// Where nobody signs in, a script that brings a token works as one that brings none.
func TestATokenIsPassedOverWhereNobodySignsIn(t *testing.T) {
	p := programtest.Start(t, "memory:")
	added := withToken(t, p.URL, "et_1_x", http.MethodPost, "/add", "category=tea&price=1.50")
	check.Equal(t, "adding", added.Status, http.StatusSeeOther)
	check.Equal(t, "the page of tokens", programtest.Visit(t, p.URL).Get("/tokens").Status, http.StatusNotFound)
}

// Uses at once are written down once, and no add waits for that.
func TestUsesAtOnceAreWrittenDownOnce(t *testing.T) {
	programtest.OnEach(t, programtest.DurableStorages(), func(t *testing.T, storage string) {
		p := programtest.StartGated(t, storage)
		admin := programtest.Visit(t, p.URL)
		admin.SignIn("admin", programtest.AdminPassword)
		secret := makeToken(t, admin, "write")
		var all sync.WaitGroup
		for range 16 {
			all.Go(func() {
				if added := withToken(t, p.URL, secret, http.MethodPost, "/add", "category=tea&price=1"); added.Status != http.StatusSeeOther {
					t.Errorf("adding: %d", added.Status)
				}
			})
		}
		all.Wait()
		check.Equal(t, "what is stored", programtest.Stored(t, storage), 16)
		touched := func() float64 {
			return programtest.Metric(t, p.URL, "expense_store_operation_duration_seconds", programtest.Labels{"operation": "token_touch"})
		}
		for range 100 {
			if touched() > 0 {
				break
			}
			time.Sleep(50 * time.Millisecond)
		}
		check.Equal(t, "uses that were written down", touched(), 1)
	})
}
