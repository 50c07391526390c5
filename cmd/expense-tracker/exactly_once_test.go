package main

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// receipt is what the answer to an add says to have happened (added or known) to which expense.
type receipt struct {
	status   int
	kind, id string
}

// sendOnce sends an add from a browser of its own. It may be called by any goroutine.
func sendOnce(url string, values url.Values) (receipt, error) {
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	client := &http.Client{Timeout: 20 * time.Second, Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
	answer, err := client.PostForm(url+"/add", values)
	if err != nil {
		return receipt{}, err
	}
	defer func() { _ = answer.Body.Close() }() // it was only read
	got := receipt{status: answer.StatusCode}
	for _, cookie := range answer.Cookies() {
		if cookie.Name == "flash" {
			got.kind, got.id, _ = strings.Cut(cookie.Value, ".")
		}
	}
	return got, nil
}

func TestOneFormSentManyTimesAtOnceIsStoredOnce(t *testing.T) {
	onEach(t, storages(), func(t *testing.T, storage string) {
		const times = 50
		p := start(t, storage)
		values := form("category", "food", "price", "12.50", "idempotency_key", "pressed-again-and-again")
		var answers [times]receipt
		var failures [times]error
		var wait sync.WaitGroup
		for i := range times {
			wait.Go(func() { answers[i], failures[i] = sendOnce(p.URL, values) })
		}
		wait.Wait()
		kinds, ids := map[string]int{}, map[string]int{}
		for i, answer := range answers {
			if failures[i] != nil || answer.status != http.StatusSeeOther {
				t.Errorf("status %d, %v", answer.status, failures[i])
			}
			kinds[answer.kind]++
			ids[answer.id]++
		}
		if kinds["added"] != 1 || kinds["known"] != times-1 || len(ids) != 1 {
			t.Errorf("outcomes %v of expenses %v", kinds, ids)
		}
		home := visit(t, p.URL).get("/")
		expect(t, "rows", len(home.rows()), 1)
		expect(t, "total", home.total(), "12.50")
		expect(t, "accepted", value(t, p.URL, "expense_submissions_total", set{"outcome": "accepted"}), 1)
		expect(t, "duplicates", value(t, p.URL, "expense_submissions_total", set{"outcome": "duplicate"}), times-1)
	})
}

func TestAFormSentAgainIsKnown(t *testing.T) {
	onEach(t, storages(), func(t *testing.T, storage string) {
		user := visit(t, start(t, storage).URL)
		values := form("category", "food", "price", "1.00", "idempotency_key", user.get("/").field("idempotency_key"))
		contains(t, "the first time", user.submit("/add", values).message(), "Added")
		home := user.submit("/add", values) // the page of the POST is loaded again
		contains(t, "the second time", home.message(), "stored once")
		expect(t, "total", home.total(), "1.00")

		other := user.post("/add", with(values, "price", "2.00"))
		expect(t, "other content", other.status, http.StatusConflict)
		contains(t, "what is wrong", other.problem(), "already been sent, with something else in it")
		expect(t, "price as typed", other.field("price"), "2.00")
		expect(t, "total", user.get("/").total(), "1.00")
		home = user.submit("/add", with(values, "price", "2.00", "idempotency_key", other.field("idempotency_key")))
		expect(t, "total once it is meant", home.total(), "3.00")

		home = user.submit("/add", with(values, "idempotency_key", "another"))
		expect(t, "total with equal content under another key", home.total(), "4.00")
		expect(t, "rows", len(home.rows()), 3)
	})
}

func TestADeletedExpenseIsNotAddedAgainByItsForm(t *testing.T) {
	onEach(t, storages(), func(t *testing.T, storage string) {
		user := visit(t, start(t, storage).URL)
		values := form("category", "food", "price", "1.00", "idempotency_key", "a-key")
		link := user.submit("/add", values).newest().link
		user.submit(link+"/delete", form("revision", "1"))
		home := user.submit("/add", values)
		contains(t, "the message", home.message(), "deleted since")
		expect(t, "total", home.total(), "0.00")
	})
}

// with returns a copy of the form with other values for some fields.
func with(values url.Values, pairs ...string) url.Values {
	changed := url.Values{}
	for name := range values {
		changed.Set(name, values.Get(name))
	}
	for i := 0; i < len(pairs); i += 2 {
		changed.Set(pairs[i], pairs[i+1])
	}
	return changed
}
