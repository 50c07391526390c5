// Package ledger says whose books are meant and who asks: a ledger as data, the roles in it, and the actor that every use case takes.
// It is part of the kernel: every module of the core may know it, and it knows none of them.
package ledger

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"expense-tracker/core/civil"
	"expense-tracker/core/fault"
	"expense-tracker/core/money"
)

// ID names a ledger: a book of expenses that one or more people share. Every stored row belongs to exactly one.
type ID int64

// Default is the one ledger of an installation without accounts.
const Default ID = 1

// Probe is the ledger of the program's own probe. It was never defined and has no members: no list and no job of all ledgers has it, and
// neither what people see nor the operator's counts. Numbers above zero are people's.
const Probe ID = -1

// IsPeoples reports whether a ledger is one of people, and not the program's own.
func (id ID) IsPeoples() bool { return id > 0 }

// DefaultName is the name of a ledger that nobody has named.
const DefaultName = "Expenses"

// MaxName is the length of the longest name, in characters (Unicode code points).
const MaxName = 100

// Ledger is what a ledger is, without its rows.
type Ledger struct {
	ID       ID
	Name     string         // one line of 1 to MaxName characters
	Currency money.Currency // of a price that names none
	Zone     *time.Location // decides which day today is; nil for UTC
}

// Today returns the day that it is for the ledger's people at the moment now.
func (l Ledger) Today(now time.Time) civil.Date { return civil.DateOf(now.In(l.zone())) }

// At returns a moment as the clocks of the ledger's people show it.
func (l Ledger) At(moment time.Time) time.Time { return moment.In(l.zone()) }

// StartOf returns the moment at which a day begins for the ledger's people: its midnight, if it has one.
func (l Ledger) StartOf(day civil.Date) time.Time {
	start := time.Date(day.Year, day.Month, day.Day, 0, 0, 0, 0, l.zone())
	if civil.DateOf(start).Compare(day) < 0 { // the clocks went forward over midnight: the day begins with that
		_, start = start.ZoneBounds()
	}
	return start
}

// ZoneName returns the zone's name in the IANA database, or Local for the machine's own.
func (l Ledger) ZoneName() string { return l.zone().String() }

// Equal reports whether both say the same. Two locations of one name are one zone, so == does not do.
func (l Ledger) Equal(other Ledger) bool {
	return l.ID == other.ID && l.Name == other.Name && l.Currency == other.Currency && l.ZoneName() == other.ZoneName()
}

// Check returns an Invalid fault that names op if a storage cannot keep the ledger.
func (l Ledger) Check(op string) error {
	for _, err := range []error{checkName(l.Name), checkCurrency(l.Currency), checkZone(l.ZoneName())} {
		if err != nil {
			return &fault.Error{Kind: fault.Invalid, Op: op, Err: fmt.Errorf("ledger %d: %w", l.ID, err)}
		}
	}
	return nil
}

func (l Ledger) zone() *time.Location {
	if l.Zone == nil {
		return time.UTC
	}
	return l.Zone
}

func checkName(name string) error {
	switch n := utf8.RuneCountInString(name); {
	case strings.TrimSpace(name) == "":
		return errors.New("it has no name")
	case n > MaxName:
		return fmt.Errorf("its name has %d characters; at most %d are allowed", n, MaxName)
	case !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl):
		return fmt.Errorf("its name %q has characters that cannot be shown", name)
	}
	return nil
}

func checkCurrency(c money.Currency) error {
	if c.IsZero() {
		return errors.New("it has no currency")
	}
	return nil
}

func checkZone(name string) error {
	_, err := time.LoadLocation(name)
	return err
}
