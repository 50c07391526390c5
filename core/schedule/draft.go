package schedule

import (
	"errors"
	"strconv"
	"strings"

	"expense-tracker/core/civil"
	"expense-tracker/core/fault"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/money"
)

// The fields of a Draft that are not those of an expense, as violations name them and as forms send them.
const (
	FieldFrequency = "frequency"
	FieldEvery     = "every"
	FieldDay       = "day"
	FieldStart     = "start"
	FieldEnd       = "end"
	FieldFrom      = "from"  // the day of another price
	FieldPrice     = "price" // the expense's field
	FieldKey       = "idempotency_key"
)

// The bounds of a start.
const (
	firstYear = 1900
	// maxArrears is how many days back a start may lie. More is a slip of the finger, and would fill a ledger.
	maxArrears = 3660
)

// Draft is a schedule as somebody typed it, unchecked.
type Draft struct {
	Typed
	Frequency string
	Every     string // empty for 1
	Day       string // of a monthly rule; empty for the day of the start
	Start     string // YYYY-MM-DD; empty for today
	End       string // likewise; empty for none
	Key       string // the idempotency key of a creation; empty for a new one
}

// violations gathers what is wrong with a draft, field by field.
type violations []fault.Violation

func (v *violations) check(field string, err error) {
	if err != nil {
		*v = append(*v, fault.Violation{Field: field, Message: asAmount(fault.Said(err))})
	}
}

// orNil returns an Invalid fault, or nil if nothing is wrong.
func (v violations) orNil(op string) error {
	if len(v) == 0 {
		return nil
	}
	return &fault.Error{Kind: fault.Invalid, Op: op, Violations: v}
}

// parseRule understands when a draft repeats.
func parseRule(draft Draft, today civil.Date) (Rule, violations) {
	var wrong violations
	var err error
	rule := Rule{Frequency: Frequency(strings.TrimSpace(draft.Frequency))}
	switch rule.Frequency {
	case Daily, Weekly, Monthly, Yearly:
	default:
		wrong.check(FieldFrequency, fault.Refuse("choose how often it repeats"))
	}
	rule.Every, err = parseEvery(draft.Every)
	wrong.check(FieldEvery, err)
	rule.Start, err = parseDay(draft.Start, today)
	wrong.check(FieldStart, err)
	startIsKnown := err == nil
	if rule.Frequency == Monthly {
		rule.Day, err = parseDayOfMonth(draft.Day, rule.Start.Day)
		wrong.check(FieldDay, err)
	}
	rule.End, err = parseDay(draft.End, civil.Date{})
	wrong.check(FieldEnd, err)
	if startIsKnown && err == nil && !rule.End.IsZero() && rule.End.Compare(rule.Start) < 0 {
		wrong.check(FieldEnd, fault.Refuse("it ends before it starts"))
	} else if len(wrong) == 0 && !rule.End.IsZero() && rule.End.Compare(rule.First()) < 0 {
		wrong.check(FieldEnd, fault.Refuse("it ends before it falls due for the first time"))
	}
	return rule, wrong
}

func parseEvery(typed string) (int, error) {
	typed = strings.TrimSpace(typed)
	if typed == "" {
		return 1, nil
	}
	every, err := strconv.Atoi(typed)
	if err != nil || every < 1 || every > MaxEvery {
		return 0, fault.Refuse("enter a whole number from %d to %d", 1, MaxEvery)
	}
	return every, nil
}

func parseDayOfMonth(typed string, ofStart int) (int, error) {
	typed = strings.TrimSpace(typed)
	if typed == "" {
		return max(1, ofStart), nil
	}
	day, err := strconv.Atoi(typed)
	if err != nil || day < 1 || day > LastDay {
		return 0, fault.Refuse("choose a day from %d to %d, or the last one", 1, LastDay-1)
	}
	return day, nil
}

func parseDay(typed string, empty civil.Date) (civil.Date, error) {
	typed = strings.TrimSpace(typed)
	if typed == "" {
		return empty, nil
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

// checkStart refuses a start that lies too far back.
func checkStart(start, today civil.Date) error {
	if daysBetween(start, today) > maxArrears {
		return fault.Refuse("it can start ten years ago at most")
	}
	return nil
}

// with adds what another module found wrong. Its error is returned if it is no violation, such as that of a storage.
func (v *violations) with(err error) error {
	if err == nil {
		return nil
	}
	if !errors.Is(err, fault.Invalid) {
		return err
	}
	found := fault.ViolationsOf(err)
	if len(found) == 0 {
		return err
	}
	for i := range found {
		found[i].Message = asAmount(found[i].Message)
	}
	*v = append(append(violations{}, found...), *v...)
	return nil
}

// amountSaid is what is said of an amount where money says it of a price: people are asked for an amount here.
var amountSaid = map[fault.Phrase]fault.Phrase{
	money.PriceMissing:      "enter an amount, such as 12.50",
	money.PriceTooLong:      "this is too long for an amount",
	money.PriceNotAboveZero: "an amount is more than zero",
	money.PriceNegative:     "an amount is more than zero: for money that comes back, choose “Refund” and leave out the minus",
	money.PriceTooLarge:     "an amount is at most %s",
}

func asAmount(said fault.Text) fault.Text {
	if phrase, found := amountSaid[said.Phrase]; found {
		said.Phrase = phrase
	}
	return said
}

// fingerprint digests what a draft asks for.
func (d Draft) fingerprint(words ...string) idempotency.Fingerprint {
	t := d.Typed
	if t.PaidBy != nil {
		words = append(words, "paid by", *t.PaidBy)
	}
	return idempotency.FingerprintOf(append(words, d.Frequency, d.Every, d.Day, d.Start, d.End, t.Category, t.Price, t.Currency, t.Payee,
		t.Note, t.Tags, strconv.FormatBool(t.Refund))...)
}
