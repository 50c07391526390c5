package journal

import (
	"net/http"
	"strconv"
	"time"

	"expense-tracker/core/account"
	"expense-tracker/core/ledger"
	"expense-tracker/web/internal/sheet"
)

// batch is how many events are fetched at a time.
const batch = 500

// columns are the header of the file. They only ever grow in number.
func columns() []string {
	return []string{"time", "last", "event", "account", "by", "address", "times"}
}

// send sends all events as a file.
func (a *Area) send(w http.ResponseWriter, r *http.Request, from source) error {
	before := account.EventID(0)
	next := func() (lines [][]string, more bool, err error) {
		found, err := from(before, batch)
		if err != nil {
			return nil, false, err
		}
		name, err := a.names(r.Context(), a.Words.Of(r), found.Events)
		if err != nil {
			return nil, false, err
		}
		for _, e := range found.Events {
			lines = append(lines, record(e, name))
		}
		before = found.Next
		return lines, before != 0, nil
	}
	return sheet.Send(w, "log.csv", columns(), next, func(err error) { a.Problems.Log(r.Context(), err) })
}

// record is an event as a line of the file. What nobody is known for stays empty.
func record(e account.Event, name func(ledger.UserID) string) []string {
	named := func(user ledger.UserID) string {
		if user == 0 {
			return ""
		}
		return sheet.Harmless(name(user))
	}
	return []string{
		e.At.UTC().Format(time.RFC3339), e.Last.UTC().Format(time.RFC3339), string(e.Kind), named(e.User), named(e.By),
		sheet.Harmless(e.Address), strconv.Itoa(e.Count),
	}
}
