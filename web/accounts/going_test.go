package accounts_test

import (
	"context"
	"testing"
	"time"

	"expense-tracker/web"
	"expense-tracker/web/webtest"
)

// A large ledger takes longer to go than a request may last. It must not be left half gone, nor when the person has closed the browser.
func TestWhatGoesWithAnAccountHasItsTime(t *testing.T) {
	g := webtest.NewGated(t, web.Options{Timeout: 5 * time.Second})
	g.Join("Anna")
	g.Join("Ben")
	var left time.Duration
	g.Leaving = func(ctx context.Context) {
		if ends, bounded := ctx.Deadline(); bounded {
			left = time.Until(ends)
		}
	}
	g.As("Ben").Post("/account/delete", "password", webtest.Password, "sure", "1").Want(t, 200, "Your account is deleted")
	if left < time.Minute || left > time.Hour {
		t.Errorf("it has %s", left)
	}
}
