package program_test

import (
	"net/http"
	"net/url"
	"sync"
	"testing"

	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/programtest"
)

func TestOneFormSentManyTimesAtOnceIsStoredOnce(t *testing.T) {
	programtest.OnEach(t, programtest.Storages(), func(t *testing.T, storage string) {
		const times = 50
		p := programtest.Start(t, storage)
		values := programtest.Form("category", "food", "price", "12.50", "idempotency_key", "pressed-again-and-again")
		var answers [times]programtest.Receipt
		var failures [times]error
		var wait sync.WaitGroup
		for i := range times {
			wait.Go(func() { answers[i], failures[i] = programtest.SendOnce(p.URL, values) })
		}
		wait.Wait()
		kinds, ids := map[string]int{}, map[string]int{}
		for i, answer := range answers {
			if failures[i] != nil || answer.Status != http.StatusSeeOther {
				t.Errorf("status %d, %v", answer.Status, failures[i])
			}
			kinds[answer.Kind]++
			ids[answer.ID]++
		}
		if kinds["added"] != 1 || kinds["known"] != times-1 || len(ids) != 1 {
			t.Errorf("outcomes %v of expenses %v", kinds, ids)
		}
		home := programtest.Visit(t, p.URL).Get("/")
		check.Equal(t, "rows", len(home.Rows()), 1)
		check.Equal(t, "total", home.Total(), "12.50")
		check.Equal(t, "accepted", programtest.Metric(t, p.URL, "expense_submissions_total", programtest.Labels{"outcome": "accepted"}), 1)
		check.Equal(t, "duplicates", programtest.Metric(t, p.URL, "expense_submissions_total",
			programtest.Labels{"outcome": "duplicate"}), times-1)
	})
}

func TestAFormSentAgainIsKnown(t *testing.T) {
	programtest.OnEach(t, programtest.Storages(), func(t *testing.T, storage string) {
		user := programtest.Visit(t, programtest.Start(t, storage).URL)
		values := programtest.Form("category", "food", "price", "1.00", "idempotency_key", user.Get("/").Field("idempotency_key"))
		check.Contains(t, "the first time", user.Submit("/add", values).Message(), "Added")
		home := user.Submit("/add", values) // the page of the POST is loaded again
		check.Contains(t, "the second time", home.Message(), "stored once")
		check.Equal(t, "total", home.Total(), "1.00")

		other := user.Post("/add", with(values, "price", "2.00"))
		check.Equal(t, "other content", other.Status, http.StatusConflict)
		check.Contains(t, "what is wrong", other.Problem(), "already been sent, with something else in it")
		check.Equal(t, "price as typed", other.Field("price"), "2.00")
		check.Equal(t, "total", user.Get("/").Total(), "1.00")
		home = user.Submit("/add", with(values, "price", "2.00", "idempotency_key", other.Field("idempotency_key")))
		check.Equal(t, "total once it is meant", home.Total(), "3.00")

		home = user.Submit("/add", with(values, "idempotency_key", "another"))
		check.Equal(t, "total with equal content under another key", home.Total(), "4.00")
		check.Equal(t, "rows", len(home.Rows()), 3)
	})
}

func TestADeletedExpenseIsNotAddedAgainByItsForm(t *testing.T) {
	programtest.OnEach(t, programtest.Storages(), func(t *testing.T, storage string) {
		user := programtest.Visit(t, programtest.Start(t, storage).URL)
		values := programtest.Form("category", "food", "price", "1.00", "idempotency_key", "a-key")
		link := user.Submit("/add", values).Newest().Link
		user.Submit(link+"/delete", programtest.Form("revision", "1"))
		home := user.Submit("/add", values)
		check.Contains(t, "the message", home.Message(), "deleted since")
		check.Equal(t, "total", home.Total(), "0.00")
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
