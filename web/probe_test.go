package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/web"
	"expense-tracker/web/webtest"
)

const probeSecret = "a secret of the probe's own"

// asProbe asks a site as a probe with a secret does.
func asProbe(t *testing.T, site *webtest.Site, method, target, secret string, fields url.Values) webtest.Answer {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, target, strings.NewReader(fields.Encode()))
	r.Header.Set(web.ProbeHeader, "yes")
	r.Header.Set("Authorization", "Bearer "+secret)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return site.Do(r)
}

func TestTheProbeHasALedgerOfItsOwn(t *testing.T) {
	s := webtest.New(t, web.Options{ProbeSecret: probeSecret})
	s.Post("/add", "category", "food", "price", "12.50").Want(t, http.StatusSeeOther)
	form := url.Values{"category": {"probe"}, "price": {"1"}, "note": {"probe word-1"}, "idempotency_key": {"k"}}
	for i, replayed := range []string{"", "true"} {
		added := asProbe(t, s, http.MethodPost, "/add", probeSecret, form)
		if added.StatusCode != http.StatusSeeOther || added.Header.Get(web.ProbeHeader) == "" ||
			added.Header.Get("Idempotent-Replayed") != replayed {
			t.Errorf("add %d: %d, %v", i, added.StatusCode, added.Header)
		}
	}
	asProbe(t, s, http.MethodGet, "/", probeSecret, nil).Want(t, http.StatusOK, "probe word-1", "!food")
	asProbe(t, s, http.MethodGet, "/search.csv?q=word", probeSecret, nil).Want(t, http.StatusOK, "probe word-1", "!food")
	s.Get("/").Want(t, http.StatusOK, "food", "!probe")
	s.Get("/search.csv").Want(t, http.StatusOK, "food", "!probe")
	if s.Stored() != 1 {
		t.Errorf("%d expenses are counted, want people's", s.Stored())
	}
	if found, err := s.Store.List(t.Context(), ledger.Probe, expense.ListQuery{Limit: 10}); err != nil || len(found) != 1 ||
		found[0].AddedBy != ledger.ProbeUser {
		t.Errorf("the probe's ledger has %+v, %v", found, err)
	}
}

func TestWhoSaysToBeTheProbeIsTheProbeOrNobody(t *testing.T) {
	with, without := webtest.New(t, web.Options{ProbeSecret: probeSecret}), webtest.New(t, web.Options{})
	form := url.Values{"category": {"food"}, "price": {"1"}}
	for _, tt := range []struct {
		what, method, target, secret string
		site                         *webtest.Site
		status                       int
	}{
		{"another secret", http.MethodPost, "/add", probeSecret + "x", with, http.StatusUnauthorized},
		{"no secret", http.MethodPost, "/add", "", with, http.StatusUnauthorized},
		{"no secret where none is set", http.MethodPost, "/add", "", without, http.StatusUnauthorized},
		{"a secret where none is set", http.MethodPost, "/add", probeSecret, without, http.StatusUnauthorized},
		{"a page where none is set", http.MethodGet, "/", probeSecret, without, http.StatusUnauthorized},
		{"another page", http.MethodGet, "/categories", probeSecret, with, http.StatusForbidden},
		{"a change", http.MethodPost, "/expenses/1/delete", probeSecret, with, http.StatusForbidden},
	} {
		answer := asProbe(t, tt.site, tt.method, tt.target, tt.secret, form)
		if answer.StatusCode != tt.status {
			t.Errorf("%s: %d, want %d: %.200s", tt.what, answer.StatusCode, tt.status, answer.Body)
		}
	}
	// What does not say so is a person's or a program's, whatever its secret.
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
	r.Header.Set("Authorization", "Bearer "+probeSecret)
	if answer := with.Do(r); answer.Header.Get(web.ProbeHeader) != "" {
		t.Errorf("it is answered as the probe: %v", answer.Header)
	}
	if n := with.Stored() + without.Stored(); n != 0 {
		t.Errorf("%d expenses were added", n)
	}
}
