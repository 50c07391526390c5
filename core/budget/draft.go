package budget

import (
	"strings"

	"expense-tracker/core/civil"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
	"expense-tracker/core/text"
)

// The fields of a Draft, as violations name them and as forms send them.
const (
	FieldCategory = "category"
	FieldAmount   = "amount"
	FieldCurrency = "currency"
	FieldFrom     = "from"
	FieldCarry    = "carry"
)

// Draft is a term as somebody typed it, unchecked.
type Draft struct {
	Amount   string
	Currency string // empty for the ledger's own
	From     string // YYYY-MM; empty for this month
	Carry    bool
}

// parse understands a draft, or returns an Invalid fault with a violation for every field that is wrong.
func (s *Service) parse(op string, in ledger.Ledger, draft Draft) (Term, error) {
	var violations []fault.Violation
	check := func(field string, err error) {
		if err != nil {
			violations = append(violations, fault.Violation{Field: field, Message: fault.Said(err)})
		}
	}
	currency := in.Currency
	if typed := strings.ToUpper(strings.TrimSpace(draft.Currency)); typed != "" && typed != currency.Code() {
		listed, err := money.ParseCurrency(typed)
		check(FieldCurrency, err)
		if err == nil {
			currency = listed
		}
	}
	limit, err := parseLimit(text.WithoutDirections(draft.Amount), currency)
	check(FieldAmount, err)
	from, err := s.parseMonth(in, draft.From)
	check(FieldFrom, err)
	if violations != nil {
		return Term{}, &fault.Error{Kind: fault.Invalid, Op: op, Violations: violations}
	}
	return Term{From: from, Limit: limit, Carry: draft.Carry}, nil
}

// aboveZero is said of nothing and less. A budget of zero would be over with its first expense: what is meant is that it ends.
const aboveZero fault.Phrase = "a budget is more than zero; one that you have can be ended"

// parseLimit reads an amount as prices are read, and says what is wrong in the words of budgets.
func parseLimit(typed string, c money.Currency) (money.Amount, error) {
	typed = strings.TrimSpace(typed)
	if typed == "" {
		return money.Amount{}, fault.Refuse("enter an amount, such as 300")
	}
	if strings.HasPrefix(typed, "-") || strings.HasPrefix(typed, "−") {
		return money.Amount{}, fault.Refuse(aboveZero)
	}
	limit, err := money.ParsePrice(typed, c)
	if err == nil {
		return limit, nil
	}
	switch fault.Said(err).Phrase {
	case money.PriceNotAboveZero:
		return money.Amount{}, fault.Refuse(aboveZero)
	case money.PriceTooLarge, money.PriceTooLong:
		return money.Amount{}, fault.Refuse("a budget is at most %s", money.FromMinor(money.MaxMinor, c))
	}
	return money.Amount{}, err
}

// parseMonth reads YYYY-MM of a month that is not too far from this one.
func (s *Service) parseMonth(in ledger.Ledger, typed string) (civil.Month, error) {
	this := in.Today(s.settings.Now()).MonthOf()
	typed = strings.TrimSpace(typed)
	if typed == "" {
		return this, nil
	}
	day, err := civil.ParseDate(typed + "-01")
	if err != nil {
		return civil.Month{}, fault.Refuse("enter a month that exists, as YYYY-MM")
	}
	month, first, last := day.MonthOf(), this.AddMonths(-MaxAhead), this.AddMonths(MaxAhead)
	if month.Number() < first.Number() || month.Number() > last.Number() {
		return civil.Month{}, fault.Refuse("enter a month from %s to %s", first.String(), last.String())
	}
	return month, nil
}
