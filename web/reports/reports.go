// Package reports is the area of months and years: what was spent in one, how it changed, and where it went. It knows no other area.
package reports

import (
	"embed"
	"net/http"
	"strconv"
	"time"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/web/internal/address"
	"expense-tracker/web/internal/area"
	"expense-tracker/web/internal/keptpage"
	"expense-tracker/web/internal/page"
	"expense-tracker/web/internal/problem"
)

//go:embed templates
var templates embed.FS

// shelfBytes bounds the pages that are kept over all ledgers. One takes some 20 kB.
const shelfBytes = 8 << 20

// Area answers the requests about months and years. It is safe for concurrent use.
type Area struct {
	area.Tools
	service *expense.Service
	page    page.Template[view]
	kept    *keptpage.Shelf[span]
}

// New returns the area.
func New(service *expense.Service, tools area.Tools) *Area {
	a := &Area{Tools: tools, service: service}
	a.page.Define(tools.Frame, templates, "report")
	a.kept = keptpage.NewShelf(tools.Kept, shelfBytes, a.render)
	return a
}

// span is the month of a report, or the year where there is no month.
type span civil.Month

// first returns the first day of the span.
func (s span) first() civil.Date {
	if s.Month == 0 {
		s.Month = time.January
	}
	return civil.Month(s).First()
}

// last returns the last month of the span.
func (s span) last() civil.Month {
	if s.Month == 0 {
		s.Month = time.December
	}
	return civil.Month(s)
}

// Query names the report.
func (s span) Query() string { return "?of=" + strconv.Itoa(civil.Month(s).Number()) }

// Now answers GET /months: the current month is shown.
func (a *Area) Now(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	http.Redirect(w, r, address.Month(a.service.Today(actor).MonthOf()), http.StatusSeeOther)
	return nil
}

// ThisYear answers GET /years: the current year is shown.
func (a *Area) ThisYear(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	http.Redirect(w, r, address.Year(a.service.Today(actor).MonthOf().Year), http.StatusSeeOther)
	return nil
}

// Month answers GET /months/{month}.
func (a *Area) Month(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	text := r.PathValue("month")
	first, err := civil.ParseDate(text + "-01")
	if err != nil || first.MonthOf().String() != text {
		return problem.NotFound(err)
	}
	return a.kept.Serve(w, r, a.Words.Of(r), actor, span(first.MonthOf()), a.service.Today(actor))
}

// Year answers GET /years/{year}.
func (a *Area) Year(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	text := r.PathValue("year")
	first, err := civil.ParseDate(text + "-01-01")
	if err != nil || strconv.Itoa(first.Year) != text {
		return problem.NotFound(err)
	}
	return a.kept.Serve(w, r, a.Words.Of(r), actor, span{Year: first.Year}, a.service.Today(actor))
}
