package rate

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"expense-tracker/core/civil"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
)

// The fields of a Draft, as violations name them and as forms send them.
const (
	FieldCurrency = "currency"
	FieldRate     = "rate"
	FieldDate     = "date"
)

// The years that a rate's day may lie in, as those of expenses.
const (
	firstYear = 1900
	lastYear  = 2199
)

// Draft is a rate as somebody typed it, unchecked. It leads to the ledger's own currency.
type Draft struct {
	Currency string
	Rate     string
	Date     string // YYYY-MM-DD; empty for today
}

// parse understands a draft, or returns an Invalid fault with a violation for every field that is wrong.
func (s *Service) parse(ctx context.Context, op string, actor ledger.Actor, draft Draft) (Rate, error) {
	var violations []fault.Violation
	check := func(field string, err error) {
		if err != nil {
			violations = append(violations, fault.Violation{Field: field, Message: fault.Said(err)})
		}
	}
	rate := Rate{Key: Key{Home: actor.Ledger.Currency.Code()}}
	var err error
	rate.Currency, err = s.parseCurrency(ctx, actor, draft.Currency)
	if failed := (*fault.Error)(nil); errors.As(err, &failed) {
		return Rate{}, err // the storage's, which is no violation
	}
	check(FieldCurrency, err)
	rate.Value, err = ParseValue(draft.Rate)
	check(FieldRate, err)
	rate.Day, err = s.parseDate(actor, draft.Date)
	check(FieldDate, err)
	if violations != nil {
		return Rate{}, &fault.Error{Kind: fault.Invalid, Op: op, Violations: violations}
	}
	return rate, nil
}

// parseCurrency returns the code of a currency that is on the list of today, or that the ledger has used.
func (s *Service) parseCurrency(ctx context.Context, actor ledger.Actor, typed string) (string, error) {
	code := codeTyped(typed)
	switch code {
	case "":
		return "", fault.Refuse("enter a currency, such as EUR")
	case actor.Ledger.Currency.Code():
		return "", fault.Refuse("%s is this ledger's own currency, which needs no rate", code)
	}
	listed, err := money.ParseCurrency(code)
	if err == nil {
		return listed.Code(), nil
	}
	_, allTime, failed := s.spending.Spent(ctx, actor)
	if failed != nil {
		return "", failed
	}
	if slices.ContainsFunc(allTime, func(a money.Amount) bool { return a.Currency().Code() == code }) {
		return code, nil
	}
	return "", err
}

func (s *Service) parseDate(actor ledger.Actor, typed string) (civil.Date, error) {
	typed = strings.TrimSpace(typed)
	if typed == "" {
		return s.Today(actor), nil
	}
	day, err := civil.ParseDate(typed)
	if err != nil {
		return civil.Date{}, fault.Refuse("enter a date that exists, as YYYY-MM-DD")
	}
	if day.Year < firstYear || day.Year > lastYear {
		return civil.Date{}, fault.Refuse("enter a date from %s to %s", strconv.Itoa(firstYear), strconv.Itoa(lastYear))
	}
	return day, nil
}
