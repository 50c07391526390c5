package token

import (
	"slices"
	"strings"
	"time"

	"expense-tracker/core/civil"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/core/text"
)

// The fields of the draft, as violations name them and as forms send them.
const (
	FieldName  = "name"
	FieldScope = "scope"
	FieldEnds  = "ends"
	FieldUntil = "until"
)

// UntilDay stands in FieldEnds for the day in FieldUntil.
const UntilDay = "day"

// MaxDays is how long a token lasts at most. None lasts for ever: a program that is forgotten shall not keep a door open.
const MaxDays = 365

// Days returns how many days tokens usually last.
func Days() []string { return []string{"30", "90", "365"} }

// Draft is a token as somebody asked for it, unchecked.
type Draft struct {
	Name  string
	Scope string
	Ends  string // after so many of Days, or UntilDay
	Until string // the last day, such as 2027-01-31
}

// parse understands a draft, or returns an Invalid fault with a violation for every field that is wrong.
func (d Draft) parse(op string, in ledger.Ledger, now time.Time) (Token, error) {
	var wrong []fault.Violation
	check := func(field string, err error) {
		if err != nil {
			wrong = append(wrong, fault.Violation{Field: field, Message: fault.Said(err)})
		}
	}
	made := Token{Scope: Scope(d.Scope), At: now}
	var err error
	made.Name, err = text.Line(d.Name, text.Rule{
		Max: MaxName, TooLong: "a token's name has at most %d characters; this has %d", Blank: "enter a name, such as Phone or Backup",
	})
	check(FieldName, err)
	if !slices.Contains(Scopes(), made.Scope) {
		check(FieldScope, fault.Refuse("choose what the token is for"))
	}
	field := FieldEnds
	if d.Ends == UntilDay {
		field = FieldUntil
	}
	made.Until, err = d.until(in, now)
	check(field, err)
	if wrong != nil {
		return Token{}, &fault.Error{Kind: fault.Invalid, Op: op, Violations: wrong}
	}
	return made, nil
}

// until returns when the token ends: with the last day, as the ledger's people have it.
func (d Draft) until(in ledger.Ledger, now time.Time) (time.Time, error) {
	today := in.Today(now)
	for i, days := range Days() {
		if d.Ends == days {
			return in.StartOf(today.AddDays([]int{30, 90, MaxDays}[i] + 1)).UTC(), nil
		}
	}
	if d.Ends != UntilDay {
		return time.Time{}, fault.Refuse("choose when the token ends")
	}
	last, err := civil.ParseDate(strings.TrimSpace(d.Until))
	if err != nil {
		return time.Time{}, fault.Refuse("enter the last day, such as %s", today.AddDays(MaxDays).String())
	}
	if last.Compare(today) < 0 || last.Compare(today.AddDays(MaxDays)) > 0 {
		return time.Time{}, fault.Refuse("a token ends today at the earliest, and on %s at the latest", today.AddDays(MaxDays).String())
	}
	return in.StartOf(last.AddDays(1)).UTC(), nil
}
