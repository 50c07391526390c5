package load

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"time"

	"expense-tracker/cmd/chaos/internal/evidence"
)

const (
	requestTimeout = 4 * time.Second
	minPause       = 30 * time.Millisecond
	maxPause       = 300 * time.Millisecond
)

// Instances are where the program's pages are just now.
type Instances interface {
	URLs() []string
	// Enter waits until a request may be sent. leave is called when it has ended.
	Enter() (leave func())
	// Repeats reports whether a proxy before them may send a request a second time.
	Repeats() bool
}

// browser asks any instance as a browser does, and tries again until there is a final answer.
type browser struct {
	http      *http.Client
	instances Instances
	random    *rand.Rand
	record    *evidence.Record
	ledger    string // that it is in, as its cookie says; empty for the default one
}

func newBrowser(instances Instances, record *evidence.Record, random *rand.Rand) browser {
	return browser{http: &http.Client{
		Timeout: requestTimeout, Transport: &http.Transport{},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}, instances: instances, random: random, record: record}
}

// answer is an answer.
type answer struct {
	status int
	body   string
	flash  string // what the answer says to have happened: kind.id
	ledger string // where the answer leads to; empty for where it was
	tries  int
	// location is where the answer leads to, if anywhere.
	location string
	request  string
	// firstTry and answered are when the first try began and when this answer was there.
	firstTry, answered time.Time
}

func (a answer) String() string { return fmt.Sprintf("%s: %d at try %d", a.request, a.status, a.tries) }

// once asks one instance once.
func (b *browser) once(ctx context.Context, method, base, path string, form url.Values, flash string) (answer, error) {
	request, err := http.NewRequestWithContext(ctx, method, base+path, strings.NewReader(form.Encode()))
	if err != nil {
		return answer{}, err
	}
	if method == http.MethodPost {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if b.ledger != "" {
		request.AddCookie(&http.Cookie{Name: ledgerCookie, Value: b.ledger}) //nolint:gosec // likewise
	}
	if flash != "" {
		request.AddCookie(&http.Cookie{Name: "flash", Value: flash}) //nolint:gosec // as a browser sends it
	}
	a, err := b.exchange(request)
	if err != nil {
		b.record.Lost(method+" "+path+" at "+base, err)
		return answer{}, err
	}
	a.request = method + " " + path
	b.record.Answer(a.request+" at "+base, a.status, a.body)
	if a.status == http.StatusSeeOther { // the page that says so; only its being sound matters
		_, _ = b.once(ctx, http.MethodGet, base, a.location, nil, a.flash)
	}
	return a, nil
}

// proxyGotNone is how HAProxy says that the instance it asked went away with the answer, and so did the one that it asked after it: what a
// browser without a proxy sees as no answer.
const proxyGotNone = "The server returned an invalid or incomplete response."

var errGotNone = errors.New("the proxy got none")

// exchange sends a request and reads its answer.
func (b *browser) exchange(request *http.Request) (answer, error) {
	defer b.instances.Enter()()
	response, err := b.http.Do(request) //nolint:gosec // to the program that is tried
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close() //nolint:errcheck // it was only read
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return answer{}, err
	}
	if response.StatusCode == http.StatusBadGateway && strings.Contains(string(body), proxyGotNone) {
		return answer{}, errGotNone
	}
	a := answer{status: response.StatusCode, body: string(body), location: response.Header.Get("Location"), answered: time.Now()}
	for _, cookie := range response.Cookies() {
		switch cookie.Name {
		case "flash":
			a.flash = cookie.Value
		case ledgerCookie:
			a.ledger = cookie.Value
		}
	}
	return a, nil
}

var errNoAnswer = errors.New("no final answer")

// ask asks until there is a final answer, the very same each time.
func (b *browser) ask(ctx context.Context, method, path string, form url.Values) (answer, error) {
	firstTry := time.Now()
	for tries := 1; ; tries++ {
		urls := b.instances.URLs()
		a, err := b.once(ctx, method, urls[b.random.IntN(len(urls))], path, form, "")
		a.tries, a.firstTry = tries, firstTry
		final := err == nil && a.status < http.StatusInternalServerError && a.status != http.StatusTooManyRequests
		if final {
			return a, nil
		}
		select {
		case <-ctx.Done():
			return answer{}, fmt.Errorf("%s %s: %w after %d tries: last %d, %w", method, path, errNoAnswer, tries, a.status, err)
		case <-time.After(minPause + time.Duration(b.random.Int64N(int64(maxPause-minPause)))):
		}
	}
}

// page asks for a page that has to be there.
func (b *browser) page(ctx context.Context, path string) (page, error) {
	a, err := b.ask(ctx, http.MethodGet, path, nil)
	if err != nil {
		return page{}, err
	}
	if a.status != http.StatusOK {
		b.record.Breach(a.String(), a.body)
		return page{}, errRefused
	}
	return understand(a.body), nil
}

// errRefused is an answer that no right program gives; it is in the record.
var errRefused = errors.New("refused")
