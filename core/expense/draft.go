package expense

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"expense-tracker/core/civil"
	"expense-tracker/core/fault"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
	"expense-tracker/core/text"
)

// The fields of a Draft, as violations name them and as forms send them.
const (
	FieldCategory = "category"
	FieldPrice    = "price"
	FieldCurrency = "currency"
	FieldDate     = "date"
	FieldNote     = "note"
	FieldPayee    = "payee"
	FieldTags     = "tags"
	FieldRefund   = "refund"
	FieldLine     = "line"
	FieldKey      = "idempotency_key"
	FieldInto     = "into" // of a merge
)

// The years that a spending date may lie in: what lies outside is a slip of the finger.
const (
	firstYear = 1900
	lastYear  = 2199
)

// Draft is an expense as somebody typed it, unchecked.
type Draft struct {
	Category string
	Price    string
	Currency string // empty for the one that the price names, otherwise the ledger's own
	Date     string // YYYY-MM-DD; empty for today
	Note     string
	Payee    string
	Tags     string  // as ParseTags reads them
	Refund   bool    // the money came back
	Line     string  // all of it in one line, which fills what the fields leave open; only Add reads it
	PaidBy   *string // who has paid: a member's name, or PayerText; empty for nobody. nil leaves it as it is
	Key      string  // the idempotency key that came from outside; empty for a new one

	// Derived is the key of an expense that another module makes for one of its own rows. It comes before Key, and nobody outside can
	// say it.
	Derived idempotency.Key
	Payer   ledger.UserID // who has paid by what that row says, whether they are still in the ledger or not; 0 for nobody
}

// content is what a draft says once every field has been understood.
type content struct {
	category CategoryName
	price    money.Amount
	date     civil.Date
	note     string
	payee    string
	tags     Tags
	refund   bool
	payer    ledger.UserID
	anyPayer bool // it leaves open who has paid
}

// parse understands a draft, or returns an Invalid fault with a violation for every field that is wrong. The currency is one that can be
// chosen, or the one that the expense has already; so is its payer, see parsePayer.
func (s *Service) parse(
	ctx context.Context, op string, actor ledger.Actor, draft Draft, has money.Currency, former func(ledger.UserID) (bool, error),
) (content, error) {
	in := actor.Ledger
	var c content
	var violations []fault.Violation
	check := func(field string, err error) {
		if err != nil {
			violations = append(violations, fault.Violation{Field: field, Message: fault.Said(err)})
		}
	}
	var err error
	c.category, err = ParseCategoryName(draft.Category)
	check(FieldCategory, err)
	currency, err := s.parseCurrency(ctx, in, draft.currency(in), has)
	if failed := (*fault.Error)(nil); errors.As(err, &failed) {
		return content{}, err // the storage's, which is no violation
	}
	check(FieldCurrency, err)
	if err != nil {
		currency = in.Currency // so that the price is checked as well
	}
	c.price, err = money.ParsePrice(text.WithoutDirections(draft.Price), currency)
	check(FieldPrice, err)
	c.date, err = s.parseDate(in, draft.Date)
	check(FieldDate, err)
	c.note, err = parseNote(draft.Note)
	check(FieldNote, err)
	c.payee, err = parsePayee(draft.Payee)
	check(FieldPayee, err)
	c.tags, err = ParseTags(draft.Tags)
	check(FieldTags, err)
	c.refund = draft.Refund
	c.payer, c.anyPayer, err = s.parseDraftPayer(ctx, actor, draft, former)
	if failed := (*fault.Error)(nil); errors.As(err, &failed) {
		return content{}, err // the storage's, which is no violation
	}
	check(FieldPaidBy, err)
	if violations != nil {
		return content{}, &fault.Error{Kind: fault.Invalid, Op: op, Violations: violations}
	}
	return c, nil
}

// currency returns the code that the draft says: its own, or, where that is left empty, the one that its price names.
func (d Draft) currency(in ledger.Ledger) string {
	if strings.TrimSpace(d.Currency) == "" {
		if named, ok := money.CurrencyTyped(text.WithoutDirections(d.Price), in.Currency); ok {
			return named.Code()
		}
	}
	return d.Currency
}

// parseCurrency returns a typed currency as the storage counts it. The list of currencies is asked only whether it can be chosen.
func (s *Service) parseCurrency(ctx context.Context, in ledger.Ledger, typed string, has money.Currency) (money.Currency, error) {
	switch strings.ToUpper(strings.TrimSpace(typed)) {
	case "", in.Currency.Code():
		return in.Currency, nil
	case has.Code():
		return has, nil
	}
	listed, err := money.ParseCurrency(typed)
	if err != nil {
		return money.Currency{}, err
	}
	return currencyIn(ctx, s.store, listed)
}

// currencyIn returns a currency as the storage counts it, or as it is given if the storage has none of its code.
func currencyIn(ctx context.Context, store CurrencyStore, given money.Currency) (money.Currency, error) {
	stored, err := store.Currency(ctx, given.Code())
	if errors.Is(err, fault.NotFound) {
		return given, nil
	}
	return stored, err
}

// currencyOf returns the currency that an expense has, if a draft cannot say it otherwise: a list of today may have given it up.
func (s *Service) currencyOf(ctx context.Context, in ledger.ID, id ID, draft Draft) (money.Currency, error) {
	typed := strings.TrimSpace(draft.Currency)
	if _, err := money.ParseCurrency(typed); err == nil || typed == "" {
		return money.Currency{}, nil
	}
	e, err := s.store.Get(ctx, in, id)
	return e.Price.Currency(), err
}

// CanBeIn reports whether an expense can have a date in a year.
func CanBeIn(year int) bool { return year >= firstYear && year <= lastYear }

// maySpendOn reports whether the day can be a spending date.
func maySpendOn(day civil.Date) bool { return CanBeIn(day.Year) }

func (s *Service) parseDate(in ledger.Ledger, typed string) (civil.Date, error) {
	typed = strings.TrimSpace(typed)
	if typed == "" {
		return in.Today(s.settings.Now()), nil
	}
	date, err := civil.ParseDate(typed)
	if err != nil {
		return civil.Date{}, fault.Refuse("enter a date that exists, as YYYY-MM-DD")
	}
	if !maySpendOn(date) {
		return civil.Date{}, fault.Refuse("enter a date from %s to %s", strconv.Itoa(firstYear), strconv.Itoa(lastYear))
	}
	return date, nil
}

// fingerprint digests what the draft asks for, behind words that tell it from other changes; a date left open stays open.
func (c content) fingerprint(draft Draft, words ...string) idempotency.Fingerprint {
	date := ""
	if strings.TrimSpace(draft.Date) != "" {
		date = c.date.String()
	}
	parts := append(words, string(c.category), c.price.String(), date, c.note)
	return idempotency.FingerprintOf(append(parts, details(c.payee, c.tags, c.refund, c.payer)...)...)
}

// FingerprintOf digests an entry that did not come from a draft.
func FingerprintOf(e Entry) idempotency.Fingerprint {
	parts := []string{string(e.Category), e.Price.String(), e.Date.String(), e.Note}
	return idempotency.FingerprintOf(append(parts, details(e.Payee, e.Tags, e.Refund, e.PaidBy)...)...)
}

// details returns what a digest says of the fields that an expense may do without: nothing of one that is not there, so that an expense
// without them has the digest that it had when there were none.
func details(payee string, tags Tags, refund bool, payer ledger.UserID) []string {
	var parts []string
	if payee != "" {
		parts = append(parts, FieldPayee, payee)
	}
	if tags != "" {
		parts = append(parts, FieldTags, string(tags))
	}
	if refund {
		parts = append(parts, FieldRefund)
	}
	if payer != 0 {
		parts = append(parts, FieldPaidBy, PayerText(payer))
	}
	return parts
}
