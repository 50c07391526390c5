package sqlschedule

import (
	"database/sql"
	"fmt"
	"strings"

	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/core/civil"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
	"expense-tracker/core/schedule"
)

// row is a schedule as the database shows it.
type row struct {
	id                            int64
	frequency, start              string
	end                           sql.NullString
	every, day                    int
	category, price, currency     string
	payee, note, tags             string
	refund                        bool
	prices, gaps                  string
	madeTo                        string
	made, lastExpense, categoryID int64
	revision                      int
	paidBy                        ledger.UserID
}

// scan reads the columns of selectSchedules.
func (s *Store) scan(from sqlkit.Scanner) (schedule.Schedule, error) {
	var r row
	if err := from.Scan(&r.id, &r.frequency, &r.every, &r.day, &r.start, &r.end, &r.category, &r.price, &r.currency, &r.payee, &r.note,
		&r.tags, &r.refund, &r.prices, &r.gaps, &r.madeTo, &r.made, &r.lastExpense, &r.categoryID, &r.revision, &r.paidBy); err != nil {
		return schedule.Schedule{}, err
	}
	found, err := s.toSchedule(r)
	if err != nil {
		return schedule.Schedule{}, fmt.Errorf("schedule %d: %w", r.id, err)
	}
	return found, nil
}

func (s *Store) toSchedule(r row) (found schedule.Schedule, err error) {
	currency, err := s.currencies.Stored(r.currency)
	if err != nil {
		return schedule.Schedule{}, err
	}
	found = schedule.Schedule{
		ID: schedule.ID(r.id), Revision: r.revision,
		Rule: schedule.Rule{Frequency: schedule.Frequency(r.frequency), Every: r.every, Day: r.day},
		Spending: schedule.Spending{
			Category: r.category, Payee: r.payee, Note: r.note, Tags: r.tags, Refund: r.refund, PaidBy: r.paidBy,
		},
		Progress: schedule.Progress{Made: r.made, Last: r.lastExpense, Category: r.categoryID},
	}
	if found.Spending.Price, err = s.currencies.ParseAmount(r.price, currency); err != nil {
		return schedule.Schedule{}, fmt.Errorf("price: %w", err)
	}
	if found.Prices, err = readPrices(r.prices, currency); err != nil {
		return schedule.Schedule{}, err
	}
	if found.Gaps, err = readGaps(r.gaps); err != nil {
		return schedule.Schedule{}, err
	}
	if found.Rule.Start, err = civil.ParseDate(r.start); err != nil {
		return schedule.Schedule{}, err
	}
	if r.end.Valid {
		if found.Rule.End, err = civil.ParseDate(r.end.String); err != nil {
			return schedule.Schedule{}, err
		}
	}
	found.Progress.To, err = civil.ParseDate(r.madeTo)
	return found, err
}

// date returns a day as a column takes it: NULL where there is none.
func date(d civil.Date, isThere bool) sql.NullString {
	if !isThere {
		return sql.NullString{}
	}
	return sql.NullString{String: d.String(), Valid: true}
}

// writePrices writes later prices as "2027-01-01=1250.00 2028-01-01=1300.00".
func writePrices(prices []schedule.PriceFrom) string {
	texts := make([]string, len(prices))
	for i, p := range prices {
		texts[i] = p.From.String() + "=" + p.Price.Decimal()
	}
	return strings.Join(texts, " ")
}

func readPrices(text string, c money.Currency) (prices []schedule.PriceFrom, err error) {
	for _, one := range strings.Fields(text) {
		day, decimal, _ := strings.Cut(one, "=")
		var p schedule.PriceFrom
		if p.From, err = civil.ParseDate(day); err != nil {
			return nil, fmt.Errorf("prices %q: %w", text, err)
		}
		if p.Price, err = money.FromDecimal(decimal, c); err != nil {
			return nil, fmt.Errorf("prices %q: %w", text, err)
		}
		prices = append(prices, p)
	}
	return prices, nil
}

// writeGaps writes gaps as "2026-12-01/2026-12-02 2027-03-01/", one of which goes on.
func writeGaps(gaps []schedule.Gap) string {
	texts := make([]string, len(gaps))
	for i, g := range gaps {
		texts[i] = g.String()
	}
	return strings.Join(texts, " ")
}

func readGaps(text string) (gaps []schedule.Gap, err error) {
	for _, one := range strings.Fields(text) {
		from, to, _ := strings.Cut(one, "/")
		var g schedule.Gap
		if g.From, err = civil.ParseDate(from); err != nil {
			return nil, fmt.Errorf("gaps %q: %w", text, err)
		}
		if to != "" {
			if g.To, err = civil.ParseDate(to); err != nil {
				return nil, fmt.Errorf("gaps %q: %w", text, err)
			}
		}
		gaps = append(gaps, g)
	}
	return gaps, nil
}
