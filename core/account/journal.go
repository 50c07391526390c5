package account

import (
	"context"
	"slices"
	"time"

	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

// EventID names an event. IDs rise with time.
type EventID int64

// EventKind is what can happen to an account.
type EventKind string

// The kinds of events, as storages keep them.
const (
	EventSetUp    EventKind = "set_up"            // the first account was made
	EventAdded    EventKind = "added"             // another was
	EventSignedIn EventKind = "signed_in"         // a session was opened
	EventFailed   EventKind = "sign_in_failed"    // as often as Count says
	EventRefused  EventKind = "sign_in_throttled" // came too often, as often as Count says
	EventLeft     EventKind = "signed_out"
	EventEnded    EventKind = "sessions_ended" // of other browsers, by hand
	EventPassword EventKind = "password_changed"
	EventRenamed  EventKind = "renamed"
	EventDisabled EventKind = "disabled"
	EventEnabled  EventKind = "enabled"
	EventPromoted EventKind = "promoted"
	EventDemoted  EventKind = "demoted"

	EventSecondOn  EventKind = "second_factor_on"
	EventSecondOff EventKind = "second_factor_off"
	EventRecovered EventKind = "recovery_code_used"
	EventKeyAdded  EventKind = "passkey_added"
	EventKeyGone   EventKind = "passkey_removed"
	EventLinked    EventKind = "provider_linked"
	EventUnlinked  EventKind = "provider_unlinked"
	EventRemoved   EventKind = "removed"
)

// Event is a line of the log of accounts. It never has what somebody typed as a name and is none: people type passwords there.
type Event struct {
	ID      EventID // given by the storage
	At      time.Time
	Last    time.Time // of those that are counted in this one; At where there is one
	Kind    EventKind
	User    ledger.UserID // whose account it is; 0 for a name that nobody has
	By      ledger.UserID // who did it; 0 for the operator, and for who is not known
	Address string        // where it came from; empty if that is not known, or from too many places to say
	Count   int           // how often it happened; 1 but for EventFailed and EventRefused
}

// How failed tries are counted together, so that no flood of them fills the storage.
const (
	FoldedWithin = time.Hour // tries on one account from one network within it are one event
	MaxNetworks  = 20        // that an account has events of within it; those of more networks are one event, without an address
)

// FoldOf returns what the events of a moment are counted together by.
func FoldOf(at time.Time) int64 { return at.Unix() / int64(FoldedWithin/time.Second) }

// JournalKept is how long events are kept.
const JournalKept = 365 * 24 * time.Hour

// Watched is a user whose events are asked for, from a moment on.
type Watched struct {
	User  ledger.UserID
	Since time.Time // zero for all that there are
}

// Query says which events are asked for.
type Query struct {
	Of     []Watched // nil for those of everybody, and of nobody
	Before EventID   // only earlier ones; 0 for all
	Limit  int
}

// Journal keeps what happened to accounts. Open writes EventSignedIn, what creates or changes an account writes what Happened says of that,
// and what makes and takes away a link writes what LinkedBy and UnlinkedBy say, in the same transaction.
type Journal interface {
	// Note writes an event.
	Note(ctx context.Context, event Event) error
	// Fail writes that somebody failed to sign in, from a network, as often as the event's Count says. Tries are counted together as
	// FoldedWithin and MaxNetworks say; those of EventRefused whatever their network is, without an address.
	Fail(ctx context.Context, event Event, network string) error
	// Events returns events, the newest first, at the cost of those alone.
	Events(ctx context.Context, query Query) ([]Event, error)
	// TidyEvents removes what is older than a moment, a part at a time.
	TidyEvents(ctx context.Context, before time.Time) error
}

// Origin is when an account is made or changed, and by whom, for the journal. It is not kept with the account.
type Origin struct {
	At   time.Time
	Self bool // by the user, and not by the operator
}

// SignedInBy returns what there is to say of a session that was opened.
func SignedInBy(s Session) Event {
	return Event{At: s.Opened, Last: s.Opened, Kind: EventSignedIn, User: s.User, By: s.User, Address: s.Client.Address, Count: 1}
}

// LinkedBy returns what there is to say of a link that a user got.
func LinkedBy(user ledger.UserID, link Link) Event {
	return Event{At: link.Linked, Last: link.Linked, Kind: EventLinked, User: user, By: user, Count: 1}
}

// UnlinkedBy returns what there is to say of a link that a user has no more.
func UnlinkedBy(user ledger.UserID, at time.Time) Event {
	return Event{At: at, Last: at, Kind: EventUnlinked, User: user, By: user, Count: 1}
}

// Happened returns what there is to say of an account that was changed, or created if it had no ID before. A newcomer's is added when it is
// whole.
func Happened(before, after Account) []Event {
	var kinds []EventKind
	say := func(kind EventKind, happened bool) {
		if happened {
			kinds = append(kinds, kind)
		}
	}
	switch {
	case after.isNewcomer() || before.isNewcomer() && isGone(after.Name): // there is, and was, nobody yet
	case isGone(after.Name):
		say(EventRemoved, !isGone(before.Name))
	case before.isNewcomer():
		say(EventAdded, true)
	case before.ID == 0:
		say(EventSetUp, after.ID == 1)
		say(EventAdded, after.ID != 1)
	default:
		say(EventRenamed, before.Name != after.Name)
		say(EventPassword, before.Hash != after.Hash && before.Generation != after.Generation)
		say(EventDisabled, after.Disabled && !before.Disabled)
		say(EventEnabled, before.Disabled && !after.Disabled)
		say(EventPromoted, after.Admin && !before.Admin)
		say(EventDemoted, before.Admin && !after.Admin)
		say(EventSecondOn, after.Factor.On && !before.Factor.On)
		say(EventSecondOff, before.Factor.On && !after.Factor.On)
		say(EventRecovered, isOneLess(before.Factor, after.Factor))
		say(EventKeyAdded, len(after.Passkeys) > len(before.Passkeys))
		say(EventKeyGone, len(after.Passkeys) < len(before.Passkeys))
	}
	var by ledger.UserID
	if after.Origin.Self {
		by = after.ID
	}
	events := make([]Event, len(kinds))
	for i, kind := range kinds {
		events[i] = Event{At: after.Origin.At, Last: after.Origin.At, Kind: kind, User: after.ID, By: by, Count: 1}
	}
	return events
}

// stamped is a storage that is told with each change who makes it, and when, so that no use case can forget to.
type stamped struct {
	Store
	now      func() time.Time
	operator bool
}

// Create implements Users.
func (s stamped) Create(ctx context.Context, given Account) (User, error) {
	given.Origin = s.origin()
	return s.Store.Create(ctx, given)
}

// CreateFirst implements Setup.
func (s stamped) CreateFirst(ctx context.Context, code Digest, given Account) (User, error) {
	given.Origin = s.origin()
	return s.Store.CreateFirst(ctx, code, given)
}

// CreateExpected implements Identities.
func (s stamped) CreateExpected(ctx context.Context, given Account, email string) (User, error) {
	given.Origin = s.origin()
	return s.Store.CreateExpected(ctx, given, email)
}

// CreateLinked implements Identities.
func (s stamped) CreateLinked(ctx context.Context, given Account, link Link) (User, error) {
	given.Origin = s.origin()
	return s.Store.CreateLinked(ctx, given, link)
}

// CreateFirstLinked implements Identities.
func (s stamped) CreateFirstLinked(ctx context.Context, code Digest, given Account, link Link) (User, error) {
	given.Origin = s.origin()
	return s.Store.CreateFirstLinked(ctx, code, given, link)
}

// Change implements Users.
func (s stamped) Change(ctx context.Context, id ledger.UserID, revise func(Account) (Account, error)) (Account, error) {
	return s.Store.Change(ctx, id, func(a Account) (Account, error) {
		revised, err := revise(a)
		revised.Origin = s.origin()
		return revised, err
	})
}

// Remove implements Users.
func (s stamped) Remove(ctx context.Context, id ledger.UserID, revise func(Account) (Account, error)) (Account, error) {
	return s.Store.Remove(ctx, id, func(a Account) (Account, error) {
		revised, err := revise(a)
		revised.Origin = s.origin()
		return revised, err
	})
}

func (s stamped) origin() Origin { return Origin{At: s.now(), Self: !s.operator} }

// note writes an event about a user by the user. What cannot be written down keeps nobody from what they do.
func (s *Service) note(ctx context.Context, kind EventKind, user ledger.UserID, from Client) {
	now := s.settings.Now()
	_ = s.store.Note(ctx, Event{At: now, Last: now, Kind: kind, User: user, By: user, Address: from.tidy().Address, Count: 1})
}

// failed writes that somebody failed to sign in as a user, 0 for a name that nobody has. That name is written nowhere.
func (s *Service) failed(ctx context.Context, user ledger.UserID, from Client) {
	now := s.settings.Now()
	event := Event{At: now, Last: now, Kind: EventFailed, User: user, Address: from.tidy().Address, Count: 1}
	_ = s.store.Fail(ctx, event, from.network())
}

// EventPage is a part of the journal.
type EventPage struct {
	Events []Event
	Next   EventID // before which the next page is; 0 if this is the last
}

// OwnEvents returns what happened to the account of who asks, the newest first; what was before an ID unless it is 0.
func (s *Service) OwnEvents(ctx context.Context, who Signed, before EventID, limit int) (EventPage, error) {
	return s.events(ctx, Query{Of: []Watched{{User: who.User.ID}}, Before: before, Limit: limit})
}

// AllEvents returns what happened to all accounts, and failed on none, to an administrator.
func (s *Service) AllEvents(ctx context.Context, who Signed, before EventID, limit int) (EventPage, error) {
	if !who.User.Admin {
		return EventPage{}, fault.New(fault.Forbidden, "account.AllEvents", "this is for administrators")
	}
	return s.events(ctx, Query{Before: before, Limit: limit})
}

// MemberEvents returns what an owner of a ledger may know of its members' accounts: that they sign in, and that somebody failed to. Of
// what was before they came it says nothing, and nothing of from where they sign in themselves.
func (s *Service) MemberEvents(
	ctx context.Context, actor ledger.Actor, members []Watched, before EventID, limit int,
) (EventPage, error) {
	if err := actor.Require(ledger.Owner, "account.MemberEvents"); err != nil {
		return EventPage{}, err
	}
	if len(members) == 0 {
		return EventPage{}, nil
	}
	found, err := s.events(ctx, Query{Of: members, Before: before, Limit: limit})
	if err != nil {
		return EventPage{}, err
	}
	found.Events = slices.DeleteFunc(found.Events, func(e Event) bool { return e.Kind == EventRenamed })
	for i, e := range found.Events {
		if e.Kind != EventFailed {
			found.Events[i].Address = ""
		}
	}
	return found, nil
}

func (s *Service) events(ctx context.Context, asked Query) (EventPage, error) {
	s.WriteDown(ctx)
	limit := asked.Limit
	asked.Limit++
	events, err := s.store.Events(ctx, asked)
	if err != nil || len(events) <= limit {
		return EventPage{Events: events}, err
	}
	return EventPage{Events: events[:limit], Next: events[limit-1].ID}, nil
}

// isOneLess reports whether a recovery code was taken.
func isOneLess(before, after Factor) bool {
	return before.On && after.On && len(after.Recovery) == len(before.Recovery)-1 &&
		!slices.ContainsFunc(after.Recovery, func(d Digest) bool { return !slices.Contains(before.Recovery, d) })
}
