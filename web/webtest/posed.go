package webtest

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"testing"

	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/core/member"
	"expense-tracker/web"
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
		return place(r.Context(), members, ledger.UserID(user), wish(r))
	}
	s := New(t, options)
	members = s.Services.Members
	return s
}

// place returns a user at work in the wished ledger, or else in the oldest, as account.Visits does.
func place(ctx context.Context, members *member.Service, user ledger.UserID, wish ledger.ID) (ledger.Actor, error) {
	all, err := members.Ledgers(ctx, user)
	if err != nil || len(all) == 0 {
		return ledger.Actor{User: user}, err
	}
	found := max(0, slices.IndexFunc(all, func(m member.Membership) bool { return m.Ledger.ID == wish }))
	return all[found].Actor(), nil
}
