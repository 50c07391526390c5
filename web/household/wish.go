package household

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/core/member"
	"expense-tracker/web/internal/cookie"
)

// The cookie says which ledger a browser's user wants to see. It is a wish: whether they may is asked of the storage each time.
const (
	wishCookie  = "expense_ledger"
	wishSeconds = 365 * 24 * 60 * 60
)

// Wish returns what says which ledger a request's sender wants to see; 0 if they do not say.
func Wish(jar cookie.Jar) func(*http.Request) ledger.ID {
	return func(r *http.Request) ledger.ID {
		id, err := strconv.ParseInt(jar.Get(r, wishCookie), 10, 64)
		if err != nil || id < 1 {
			return 0
		}
		return ledger.ID(id)
	}
}

// setWish keeps a wish in the browser, or forgets it if it is 0.
func (a *Area) setWish(w http.ResponseWriter, id ledger.ID) {
	wish := ""
	if id != 0 {
		wish = strconv.FormatInt(int64(id), 10)
	}
	a.Cookies.Set(w, cookie.Cookie{Name: wishCookie, Value: wish, Seconds: wishSeconds})
}

// Actor returns a user as who asks in the ledger that a request wishes for, and else in the oldest one that the user is in. A user who
// is in none is an actor without a ledger and a role.
func Actor(ctx context.Context, members *member.Service, user ledger.UserID, wish ledger.ID) (ledger.Actor, error) {
	if wish != 0 {
		actor, err := members.Actor(ctx, user, wish)
		if err == nil || !errors.Is(err, fault.NotFound) {
			return actor, err
		}
	}
	first, err := members.First(ctx, user)
	if errors.Is(err, fault.NotFound) {
		return ledger.Actor{User: user}, nil
	}
	return first, err
}
