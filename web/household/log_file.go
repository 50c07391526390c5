package household

import (
	"context"
	"net/http"
	"time"

	"expense-tracker/core/ledger"
	"expense-tracker/core/member"
	"expense-tracker/web/internal/sheet"
)

// logColumns are the header of the file of what happened. They only ever grow in number.
func logColumns() []string { return []string{"time", "event", "by", "member", "role", "text"} }

// LogFile answers GET /people/log.csv: all that happened, as a file. It may take longer than a page, for each part has a time of its own.
func (a *Area) LogFile(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	ctx, in := context.WithoutCancel(r.Context()), a.Words.Of(r)
	before := member.EventID(0)
	next := func() (lines [][]string, more bool, err error) {
		found, err := a.service.Events(ctx, actor, before)
		if err != nil {
			return nil, false, err
		}
		name, err := a.People.Of(ctx, in, usersOf(found.Events)...)
		if err != nil {
			return nil, false, err
		}
		for _, e := range found.Events {
			lines = append(lines, logLine(e, name))
		}
		before = found.Next
		return lines, before != 0, nil
	}
	return sheet.Send(w, "people.csv", logColumns(), next, func(err error) { a.Problems.Log(ctx, err) })
}

// logLine is an event as a line of the file. What it says nothing of stays empty.
func logLine(e member.Event, name func(ledger.UserID) string) []string {
	named := func(user ledger.UserID) string {
		if user == 0 {
			return ""
		}
		return sheet.Harmless(name(user))
	}
	role := ""
	if e.Role != 0 {
		role = e.Role.String()
	}
	return []string{e.At.UTC().Format(time.RFC3339), string(e.Kind), named(e.By), named(e.Of), role, sheet.Harmless(e.Text)}
}

// usersOf returns who appears in events.
func usersOf(events []member.Event) (users []ledger.UserID) {
	for _, e := range events {
		users = append(users, e.By, e.Of)
	}
	return users
}
