package programtest

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"
)

// Visitor is somebody with a browser that keeps cookies, follows no redirect by itself and runs no script.
type Visitor struct {
	t    testing.TB
	URL  string
	HTTP *http.Client
}

// Visit returns a visitor of the site at an address, without a slash at the end, who has no cookie yet.
func Visit(t testing.TB, url string) *Visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return &Visitor{t: t, URL: url, HTTP: &http.Client{
		Transport: transport, Jar: jar, Timeout: 30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// For is the same visitor for another test, which is told what fails.
func (v *Visitor) For(t testing.TB) *Visitor { return &Visitor{t: t, URL: v.URL, HTTP: v.HTTP} }

// Send sends a request with the header's fields, and fails the test only if there is no answer.
func (v *Visitor) Send(method, path, body string, header map[string]string) *Page {
	v.t.Helper()
	var reader io.Reader
	if body != "" {
		reader = strings.NewReader(body)
	}
	request, err := http.NewRequestWithContext(v.t.Context(), method, v.URL+path, reader)
	if err != nil {
		v.t.Fatal(err)
	}
	for name, value := range header {
		if name == "Host" {
			request.Host = value
		}
		request.Header.Set(name, value)
	}
	response, err := v.HTTP.Do(request) //nolint:bodyclose // read closes it
	if err != nil {
		v.t.Fatal(err)
	}
	return read(v.t, response)
}

// Get asks for a page and returns the answer itself, be it a redirect.
func (v *Visitor) Get(path string) *Page {
	v.t.Helper()
	return v.Send(http.MethodGet, path, "", nil)
}

// Form is what a form sends, as name, value, name, value.
func Form(pairs ...string) url.Values {
	values := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		values.Add(pairs[i], pairs[i+1])
	}
	return values
}

// FormType is the content type of what a form sends.
const FormType = "application/x-www-form-urlencoded"

// Post sends a form and returns the answer itself, be it a redirect.
func (v *Visitor) Post(path string, values url.Values) *Page {
	v.t.Helper()
	return v.Send(http.MethodPost, path, values.Encode(), map[string]string{"Content-Type": FormType})
}

// Submit sends a form that has to be accepted and returns the page that the answer leads to.
func (v *Visitor) Submit(path string, values url.Values) *Page {
	v.t.Helper()
	answer := v.Post(path, values)
	if answer.Status != http.StatusSeeOther {
		v.t.Fatalf("POST %s: %d: %s", path, answer.Status, answer.Problem())
	}
	next := v.Get(answer.Header.Get("Location"))
	if next.Status != http.StatusOK {
		v.t.Fatalf("the page after POST %s: %d", path, next.Status)
	}
	return next
}

// Add adds an expense and returns the page that follows.
func (v *Visitor) Add(category, price string) *Page {
	v.t.Helper()
	return v.Submit("/add", Form("category", category, "price", price))
}
