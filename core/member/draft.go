package member

import (
	"strings"
	"time"

	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
	"expense-tracker/core/text"
)

// The fields of the drafts, as violations name them and as forms send them.
const (
	FieldName     = "name"
	FieldCurrency = "currency"
	FieldZone     = "zone"
	FieldRole     = "role"
	FieldNote     = "note"
)

// MaxNote is the length of the longest note of an invitation, in characters.
const MaxNote = 100

// Draft is what a ledger shall be, as somebody typed it, unchecked.
type Draft struct {
	Name     string
	Currency string // a code
	Zone     string // an IANA name; empty for UTC
}

// InviteDraft is an invitation as somebody typed it, unchecked.
type InviteDraft struct {
	Token string // that a page has drawn for it, so that the same form again is recognised; a new one if empty
	Role  string
	Note  string
}

// violations collects what is wrong with a draft.
type violations []fault.Violation

func (v *violations) check(field string, err error) {
	if err != nil {
		*v = append(*v, fault.Violation{Field: field, Message: fault.Said(err)})
	}
}

func (v violations) fault(op string) error {
	if v == nil {
		return nil
	}
	return &fault.Error{Kind: fault.Invalid, Op: op, Violations: v}
}

// parse understands a draft, or returns an Invalid fault with a violation for every field that is wrong. Now is what the ledger is by
// then; its currency and zone may be what no list of today has.
func (d Draft) parse(op string, now ledger.Ledger) (ledger.Ledger, error) {
	var wrong violations
	described := now
	var err error
	described.Name, err = text.Line(d.Name, text.Rule{
		Max: ledger.MaxName, TooLong: "a ledger's name has at most %d characters; this has %d", Blank: "enter a name, such as Household",
	})
	wrong.check(FieldName, err)
	switch code := strings.ToUpper(strings.TrimSpace(d.Currency)); code {
	case "":
		wrong.check(FieldCurrency, fault.Refuse("enter a currency, such as EUR"))
	case now.Currency.Code():
	default:
		described.Currency, err = money.ParseCurrency(code)
		wrong.check(FieldCurrency, err)
	}
	if zone := strings.TrimSpace(d.Zone); zone != now.ZoneName() {
		described.Zone, err = parseZone(zone)
		wrong.check(FieldZone, err)
	}
	return described, wrong.fault(op)
}

// longestZone is more than the longest name of a zone has.
const longestZone = 64

func parseZone(name string) (*time.Location, error) {
	if len(name) <= longestZone && name != "Local" { // whose people live where the machine stands is said in its configuration
		if zone, err := time.LoadLocation(name); err == nil {
			return zone, nil
		}
	}
	return nil, fault.Refuse("enter a time zone, such as Europe/Berlin")
}

// ParseRole reads a role that a member can have, by its name.
func ParseRole(typed string) (ledger.Role, error) {
	for _, role := range Roles() {
		if typed == role.String() {
			return role, nil
		}
	}
	return 0, fault.Refuse("choose one of the roles in the list")
}

// Roles returns the roles that a member can have.
func Roles() []ledger.Role { return []ledger.Role{ledger.Viewer, ledger.Editor, ledger.Owner} }

// parse understands an invitation.
func (d InviteDraft) parse(op string) (Invitation, error) {
	var wrong violations
	var given Invitation
	var err error
	given.Role, err = ParseRole(d.Role)
	wrong.check(FieldRole, err)
	given.Note, err = text.Line(d.Note, text.Rule{Max: MaxNote, TooLong: "a note has at most %d characters; this has %d"})
	wrong.check(FieldNote, err)
	return given, wrong.fault(op)
}
