package main

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"
)

// visitor is somebody with a browser that keeps cookies, follows no redirect by itself and runs no script.
type visitor struct {
	t    testing.TB
	url  string
	http *http.Client
}

func visit(t testing.TB, url string) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return &visitor{t: t, url: url, http: &http.Client{
		Transport: transport, Jar: jar, Timeout: 30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// send sends a request with the header's fields, and fails the test only if there is no answer.
func (v *visitor) send(method, path, body string, header map[string]string) *page {
	v.t.Helper()
	var reader io.Reader
	if body != "" {
		reader = strings.NewReader(body)
	}
	request, err := http.NewRequestWithContext(v.t.Context(), method, v.url+path, reader)
	if err != nil {
		v.t.Fatal(err)
	}
	for name, value := range header {
		if name == "Host" {
			request.Host = value
		}
		request.Header.Set(name, value)
	}
	response, err := v.http.Do(request) //nolint:bodyclose // read closes it
	if err != nil {
		v.t.Fatal(err)
	}
	return read(v.t, response)
}

func (v *visitor) get(path string) *page {
	v.t.Helper()
	return v.send(http.MethodGet, path, "", nil)
}

// form is what a form sends, as name, value, name, value.
func form(pairs ...string) url.Values {
	values := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		values.Add(pairs[i], pairs[i+1])
	}
	return values
}

const formType = "application/x-www-form-urlencoded"

// post sends a form and returns the answer itself, be it a redirect.
func (v *visitor) post(path string, values url.Values) *page {
	v.t.Helper()
	return v.send(http.MethodPost, path, values.Encode(), map[string]string{"Content-Type": formType})
}

// submit sends a form that has to be accepted and returns the page that the answer leads to.
func (v *visitor) submit(path string, values url.Values) *page {
	v.t.Helper()
	answer := v.post(path, values)
	if answer.status != http.StatusSeeOther {
		v.t.Fatalf("POST %s: %d: %s", path, answer.status, answer.problem())
	}
	next := v.get(answer.header.Get("Location"))
	if next.status != http.StatusOK {
		v.t.Fatalf("the page after POST %s: %d", path, next.status)
	}
	return next
}

// add adds an expense and returns the page that follows.
func (v *visitor) add(category, price string) *page {
	v.t.Helper()
	return v.submit("/add", form("category", category, "price", price))
}

// expect fails the test unless what was seen is what was wanted.
func expect[T comparable](t testing.TB, what string, seen, wanted T) {
	t.Helper()
	if seen != wanted {
		t.Errorf("%s: %v, not %v", what, seen, wanted)
	}
}

// contains fails the test unless the text has each of the parts.
func contains(t testing.TB, what, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%s does not say %q: %s", what, part, text)
		}
	}
}
