package expense

import (
	"context"

	"expense-tracker/core/civil"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
)

// CandidateCategoriesOfYear is how many categories of each month a storage compares to find the largest of the year. Where a month has
// more of them, one that is among the largest of the year and of none of its months may be missing.
const CandidateCategoriesOfYear = 100

// What a report of a service shows.
const (
	reportCategories = 8 + maxSearchCategories // those that stand alone, and as many others as one search finds
	reportLargest    = 5
)

// ReportQuery says which month or year a report is about and how much of everything it holds at most.
type ReportQuery struct {
	Month      civil.Month // the zero Month for a report of Year
	Year       int
	Categories int    // per currency
	Largest    int    // expenses, per currency
	Payers     int    // per currency; 0 for none
	Currency   string // code of the ledger's own currency
	Currencies int    // that Categories and Largest are about: the ledger's own, then those with the most expenses
}

// Report is a month or a year of a ledger at one moment. Lists of totals are ordered by currency code, then as said.
type Report struct {
	State      ledger.State
	Totals     []Total         // of the month or the year, one per currency used in it
	Before     []Total         // of the one before it
	YearBefore []Total         // of the same month a year before; none in a report of a year
	Months     []MonthTotal    // oldest first: the thirteen up to the month; or those of the year before, and of the year
	Days       []DayTotal      // of the month, oldest first; none in a report of a year
	Categories []CategoryTotal // the largest amount first, then by name; see CandidateCategories
	Paid       []PayerTotal    // of the month or the year: the largest amount first, then by user
	Largest    []Expense       // without refunds: the largest price first, of equal ones the one added last
}

// Span returns the first and the last month whose totals a report holds.
func (q ReportQuery) Span() (first, last civil.Month) {
	if q.Month.IsZero() {
		return civil.Month{Year: q.Year - 1, Month: 1}, civil.Month{Year: q.Year, Month: 12}
	}
	return civil.Month{Year: q.Month.Year - 1, Month: q.Month.Month}, q.Month
}

// Charted returns which of the currencies with these totals the report goes into, ordered by code.
func (q ReportQuery) Charted(totals []Total) []money.Currency {
	return Charted(totals, q.Currency, q.Currencies)
}

// Begin returns the report with what follows from the totals of its span's months, which are ordered by currency and month.
func (q ReportQuery) Begin(months []MonthTotal) (Report, error) {
	r := Report{Months: months}
	var err error
	sum := func(of func(civil.Month) bool) []Total {
		var totals []Total
		for _, m := range months {
			if !of(m.Month) || err != nil {
				continue
			}
			if last := len(totals) - 1; last >= 0 && totals[last].Amount.Currency() == m.Amount.Currency() {
				totals[last].Count += m.Count
				totals[last].Amount, err = totals[last].Amount.Add(m.Amount)
				continue
			}
			totals = append(totals, m.Total)
		}
		return totals
	}
	if q.Month.IsZero() {
		r.Totals = sum(func(m civil.Month) bool { return m.Year == q.Year })
		r.Before = sum(func(m civil.Month) bool { return m.Year == q.Year-1 })
	} else {
		first, _ := q.Span()
		before := q.Month.AddMonths(-1)
		r.Totals = sum(func(m civil.Month) bool { return m == q.Month })
		r.Before = sum(func(m civil.Month) bool { return m == before })
		r.YearBefore = sum(func(m civil.Month) bool { return m == first })
	}
	if err != nil {
		return Report{}, TotalOverflow("expense.Report", err)
	}
	return r, nil
}

// PaidBetween returns the first and the last month that Paid is about.
func (q ReportQuery) PaidBetween() (first, last civil.Month) {
	if q.Month.IsZero() {
		return civil.Month{Year: q.Year, Month: 1}, civil.Month{Year: q.Year, Month: 12}
	}
	return q.Month, q.Month
}

// MonthReport returns a report of a month. A month in which nothing can be spent is NotFound.
func (s *Service) MonthReport(ctx context.Context, actor ledger.Actor, month civil.Month) (Report, error) {
	return s.report(ctx, "expense.MonthReport", actor, ReportQuery{Month: month}, mayHave(month))
}

// DaysOf returns what was spent on each day of a month, the oldest first. A month in which nothing can be spent has none.
func (s *Service) DaysOf(ctx context.Context, actor ledger.Actor, month civil.Month) ([]DayTotal, error) {
	if err := actor.Require(ledger.Viewer, "expense.DaysOf"); err != nil {
		return nil, err
	}
	if !mayHave(month) {
		return nil, nil
	}
	report, err := s.store.Report(ctx, actor.Ledger.ID, ReportQuery{Month: month}) // of no currency, so without categories and expenses
	return report.Days, err
}

// mayHave reports whether something can be spent in a month.
func mayHave(m civil.Month) bool { return m.Month >= 1 && m.Month <= 12 && maySpendOn(m.First()) }

// YearReport returns a report of a year. A year in which nothing can be spent is NotFound.
func (s *Service) YearReport(ctx context.Context, actor ledger.Actor, year int) (Report, error) {
	return s.report(ctx, "expense.YearReport", actor, ReportQuery{Year: year}, maySpendOn(civil.Date{Year: year, Month: 1, Day: 1}))
}

func (s *Service) report(ctx context.Context, op string, actor ledger.Actor, query ReportQuery, exists bool) (Report, error) {
	if err := actor.Require(ledger.Viewer, op); err != nil {
		return Report{}, err
	}
	if !exists {
		return Report{}, fault.New(fault.NotFound, op, "nothing can be spent in such a month or year")
	}
	query.Categories, query.Largest = reportCategories, reportLargest
	if s.settings.Payers != nil {
		query.Payers = MaxPayers
	}
	query.Currency, query.Currencies = actor.Ledger.Currency.Code(), overviewCurrencies
	report, err := s.store.Report(ctx, actor.Ledger.ID, query)
	return report, asShown(op, err)
}
