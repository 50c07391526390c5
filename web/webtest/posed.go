package webtest

import (
	"net/http"
	"strconv"
	"testing"

	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/core/member"
	"expense-tracker/web"
	"expense-tracker/web/household"
)

// Asker is the header of a request that says which user asks, on a site that NewPosed made.
const Asker = "X-User"

// NewPosed returns a site without log-in: the header Asker says who asks, and the members in which role. Without the header nobody does.
func NewPosed(t testing.TB, options web.Options) *Site {
	t.Helper()
	var members *member.Service
	wish := web.Wish(options.BaseURL)
	options.Actor = func(r *http.Request) (ledger.Actor, error) {
		user, err := strconv.Atoi(r.Header.Get(Asker))
		if err != nil || user == 0 {
			return ledger.Actor{}, fault.New(fault.Unauthenticated, "test", "")
		}
		return household.Actor(r.Context(), members, ledger.UserID(user), wish(r))
	}
	s := New(t, options)
	members = s.Services.Members
	return s
}
