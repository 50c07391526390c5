// Package area is what an area of the site is made of: the shape of its handlers, and the tools that all areas share.
package area

import (
	"context"
	"log/slog"
	"net/http"

	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/web/internal/altogether"
	"expense-tracker/web/internal/chart"
	"expense-tracker/web/internal/cookie"
	"expense-tracker/web/internal/form"
	"expense-tracker/web/internal/keptpage"
	"expense-tracker/web/internal/notice"
	"expense-tracker/web/internal/page"
	"expense-tracker/web/internal/payer"
	"expense-tracker/web/internal/people"
	"expense-tracker/web/internal/planned"
	"expense-tracker/web/internal/problem"
	"expense-tracker/web/internal/row"
	"expense-tracker/web/internal/words"
)

// Handler answers a request of a known actor: it decodes, calls one use case, and renders or redirects. The error that it returns
// becomes a page by way of problem.Desk; it must not have written then.
type Handler func(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error

// Tools are what the site hands to each area.
type Tools struct {
	Words    *words.Book
	Frame    *page.Frame
	Problems *problem.Desk
	Notices  *notice.Board
	Cookies  cookie.Jar
	Kept     *keptpage.Keeper
	NewKey   func() idempotency.Key // makes each form's idempotency key
	Sums     altogether.Teller      // says what totals of several currencies make
	Plans    planned.Teller         // says what is left of a month's budgets
	People   people.Teller          // says who did something
	Payers   payer.Teller           // says and asks who has paid
}

// Site is what the tools need to know of the site.
type Site struct {
	Words     *words.Book
	Cookies   cookie.Jar
	About     page.About
	States    keptpage.States
	Rates     altogether.Rates // may be nil
	Budgets   planned.Budgets  // may be nil
	People    people.People    // may be nil
	Payers    payer.Payers     // asked only where People is known
	NewKey    func() idempotency.Key
	Logger    *slog.Logger
	RequestID func(context.Context) string
}

// NewTools returns the tools of a site.
func NewTools(site Site) Tools {
	frame := page.NewFrame(site.Words, site.About,
		problem.Parts(), form.Parts(), chart.Parts(), row.Parts(), altogether.Parts(), planned.Parts())
	problems := problem.NewDesk(site.Words, frame, site.Logger, site.RequestID)
	known := people.NewTeller(site.People)
	return Tools{
		Words: site.Words, Cookies: site.Cookies, Notices: notice.NewBoard(site.Cookies),
		Frame: frame, Problems: problems, Kept: keptpage.NewKeeper(site.States, site.NewKey), NewKey: site.NewKey,
		Sums: altogether.NewTeller(site.Rates), Plans: planned.NewTeller(site.Budgets),
		People: known, Payers: payer.NewTeller(site.Payers, known),
	}
}
