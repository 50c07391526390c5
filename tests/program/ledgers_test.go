package program_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/programtest"
)

// One user has several ledgers without an account: each has its own rows, currency and name, over a restart too, and what repeats is made
// in each of them.
func TestOneUserHasSeveralLedgers(t *testing.T) {
	programtest.OnEach(t, programtest.DurableStorages(), func(t *testing.T, storage string) {
		p := programtest.Start(t, storage)
		user, other := programtest.Visit(t, p.URL), programtest.Visit(t, p.URL)
		user.Add("food", "1.00")
		journey := user.Submit("/ledgers", programtest.Form("name", "Journey", "currency", "EUR", "zone", "Europe/Berlin"))
		check.Equal(t, "rows of a new ledger", len(journey.Rows()), 0)
		check.Equal(t, "its currency", journey.Field("currency"), "EUR")
		check.Equal(t, "its total", user.Add("sushi", "12.00").Total(), "12.00")
		check.Equal(t, "another browser's total", other.Get("/").Total(), "1.00")
		start := time.Now().AddDate(0, 0, -2).Format(time.DateOnly)
		user.Submit("/repeats", programtest.Form("category", "ticket", "price", "3", "frequency", "yearly", "every", "1", "start", start))
		check.Eventually(t, time.Minute, "what repeats in the second ledger", func() bool { return user.Get("/").Total() == "15.00" })
		check.Equal(t, "another ledger's expense", other.Get(user.Get("/").Newest().Link).Status, http.StatusNotFound)
		user.Submit("/ledgers/1", programtest.Form("name", "Household", "revision", user.Get("/ledgers/1").Field("revision")))
		if err := p.Stop(); err != nil {
			t.Fatal(err)
		}

		again := programtest.Visit(t, programtest.Start(t, storage).URL)
		if page := again.Get("/"); page.Total() != "1.00" || !strings.Contains(page.Body, "Household") {
			t.Errorf("after a restart the first ledger has %s: %s", page.Total(), page.Body)
		}
		check.Equal(t, "the second ledger after a restart", again.Submit("/ledgers/2/open", nil).Total(), "15.00")
		check.Equal(t, "a ledger that is not there", again.Post("/ledgers/9/open", nil).Status, http.StatusNotFound)
	})
}

// An invitation is a secret: its token stands in the log in no way, however the request ends.
func TestNoTokenOfAnInvitationIsLogged(t *testing.T) {
	p := programtest.Start(t, "memory:")
	user := programtest.Visit(t, p.URL)
	secret := strings.Repeat("0a", 32)
	check.Equal(t, "invited", user.Post("/people/invitations", programtest.Form("role", "viewer", "token", "1-"+secret)).Status, http.StatusOK)
	for path, status := range map[string]int{
		"/join/1-" + secret: http.StatusOK, "/join/9-" + secret: http.StatusNotFound, "/join/" + secret + "/x": http.StatusNotFound,
	} {
		check.Equal(t, path, user.Get(path).Status, status)
		user.Post(path, nil)
	}
	metrics := user.Get("/metrics").Body
	if err := p.Stop(); err != nil { // which writes all of the log
		t.Fatal(err)
	}
	for what, text := range map[string]string{"log": p.Output(), "metrics": metrics} {
		if strings.Contains(text, secret) || !strings.Contains(text, "/join/{token}") {
			t.Errorf("the %s says: %s", what, text)
		}
	}
}
