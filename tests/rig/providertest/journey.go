package providertest

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"expense-tracker/tests/rig/programtest"
)

// Leave sends a form of the program's that begins an attempt, and returns where the browser goes.
func Leave(t testing.TB, v *programtest.Visitor, path string, form url.Values) string {
	t.Helper()
	page := v.Post(path, form)
	address, found := strings.CutPrefix(page.Header.Get("Refresh"), "0; url=")
	if page.Status != http.StatusOK || !found {
		t.Fatalf("%s leads nowhere: %d %s", path, page.Status, page.Problem())
	}
	return address
}

// Client returns a browser with cookies of its own, for the provider's pages.
func Client(t testing.TB) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar, Timeout: 30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// follow asks for an address, or sends a form there, and returns where the answer leads.
func follow(t testing.TB, client *http.Client, address string, form url.Values) *url.URL {
	t.Helper()
	method := http.MethodGet
	if form != nil {
		method = http.MethodPost
	}
	request, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	if form != nil {
		request.Header.Set("Content-Type", programtest.FormType)
	}
	answer, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	next, err := answer.Location()
	if err != nil {
		t.Fatalf("%s leads nowhere: %d", address, answer.StatusCode)
	}
	return next
}

// Abroad follows a provider from an address on, until it leads back to the site. It returns the path there.
func Abroad(t testing.TB, client *http.Client, address, site string) string {
	t.Helper()
	for range 5 {
		next := follow(t, client, address, nil).String()
		if back, found := strings.CutPrefix(next, site); found {
			return back
		}
		address = next
	}
	t.Fatal("the provider leads around")
	return ""
}

// SignIn signs somebody in at the real provider, and returns the path with which the browser comes back to the site.
func SignIn(t testing.TB, client *http.Client, address, name, site string) string {
	t.Helper()
	form := follow(t, client, address, nil)
	next := follow(t, client, form.Scheme+"://"+form.Host+form.Path,
		programtest.Form("id", form.Query().Get("authRequestID"), "username", name, "password", Password))
	return Abroad(t, client, next.String(), site)
}
