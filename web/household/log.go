package household

import (
	"net/http"
	"strconv"

	"expense-tracker/core/ledger"
	"expense-tracker/core/member"
	"expense-tracker/web/internal/address"
	"expense-tracker/web/internal/page"
	"expense-tracker/web/internal/words"
)

// logView is the page of what happened to the ledger and its members.
type logView struct {
	page.Layout
	Ledger      string
	Events      []eventView
	First, Next string // addresses; empty if there is nothing there
	File        string
}

type eventView struct{ Text, When string }

// What can have happened. The first is who did it.
const (
	titleLog       words.Phrase = "What happened"
	didCreate      words.Phrase = "%s made the ledger “%s”."
	didDescribe    words.Phrase = "%s changed the ledger, which is “%s” now."
	didInvite      words.Phrase = "%s invited somebody as %s."
	didInviteNoted words.Phrase = "%s invited %[3]s as %[2]s."
	didWithdraw    words.Phrase = "%s withdrew an invitation as %s."
	didJoin        words.Phrase = "%s joined as %s."
	didLeave       words.Phrase = "%s left."
	didRemove      words.Phrase = "%s removed %s."
	didSetRole     words.Phrase = "%s gave %s the role %s."
	didMakeReader  words.Phrase = "%s made the token “%s”, which reads."
	didMakeWriter  words.Phrase = "%s made the token “%s”, which reads and adds."
	didRevoke      words.Phrase = "%s revoked the token “%s” of %s."
	didSomething   words.Phrase = "%s changed something."
	onDayAt        words.Phrase = "%s, %s" // a day and a time
)

// Log answers GET /people/log.
func (a *Area) Log(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	before, err := placeOf(r)
	if err != nil {
		return err
	}
	found, err := a.service.Events(r.Context(), actor, before)
	if err != nil {
		return err
	}
	in, today := a.Words.Of(r), a.service.Today(actor.Ledger)
	name, err := a.People.Of(r.Context(), in, usersOf(found.Events)...)
	if err != nil {
		return err
	}
	view := logView{Layout: a.Frame.Layout(in, actor, in.T(titleLog), section), Ledger: actor.Ledger.Name, File: logAddress + ".csv"}
	for _, e := range found.Events {
		when := in.T(onDayAt, in.ShortDay(actor.Ledger.Today(e.At), today), in.Clock(actor.Ledger.At(e.At)))
		view.Events = append(view.Events, eventView{Text: textOf(in, e, name), When: when})
	}
	if before != 0 {
		view.First = logAddress
	}
	if found.Next != 0 {
		view.Next = logAddress + "?before=" + strconv.FormatInt(int64(found.Next), 10)
	}
	return a.log.Show(w, view)
}

func placeOf(r *http.Request) (member.EventID, error) {
	text := r.URL.Query().Get("before")
	if text == "" {
		return 0, nil
	}
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil || id < 1 {
		return 0, address.NoPlace()
	}
	return member.EventID(id), nil
}

func textOf(in *words.Language, e member.Event, name func(ledger.UserID) string) string {
	by := name(e.By)
	switch e.Kind {
	case member.Created:
		return in.T(didCreate, by, e.Text)
	case member.Described:
		return in.T(didDescribe, by, e.Text)
	case member.Invited:
		if e.Text != "" {
			return in.T(didInviteNoted, by, wordsOf(e.Role).name, e.Text)
		}
		return in.T(didInvite, by, wordsOf(e.Role).name)
	case member.Withdrawn:
		return in.T(didWithdraw, by, wordsOf(e.Role).name)
	case member.Joined:
		return in.T(didJoin, by, wordsOf(e.Role).name)
	case member.Left:
		return in.T(didLeave, by)
	case member.Removed:
		return in.T(didRemove, by, name(e.Of))
	case member.RoleChanged:
		return in.T(didSetRole, by, name(e.Of), wordsOf(e.Role).name)
	case member.TokenMade:
		if e.Role >= ledger.Editor {
			return in.T(didMakeWriter, by, e.Text)
		}
		return in.T(didMakeReader, by, e.Text)
	case member.TokenRevoked:
		return in.T(didRevoke, by, e.Text, name(e.Of))
	}
	return in.T(didSomething, by)
}
