package journal

import (
	"encoding/csv"
	"net/http"
	"strconv"
	"time"

	"expense-tracker/core/account"
	"expense-tracker/core/ledger"
	"expense-tracker/web/internal/sheet"
)

// A file is fetched in batches, each of which a client may take so long for.
const (
	batch     = 500
	batchTime = 30 * time.Second
)

// columns are the header of the file. They only ever grow in number.
func columns() []string {
	return []string{"time", "last", "event", "account", "by", "address", "times"}
}

// send sends all events as a file, whose bytes are never all in memory.
func (a *Area) send(w http.ResponseWriter, r *http.Request, from source, err error) error {
	if err != nil {
		return err
	}
	found, err := from(0, batch)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8; header=present")
	w.Header().Set("Content-Disposition", `attachment; filename="log.csv"`)
	file := csv.NewWriter(w)
	file.UseCRLF = true
	_ = file.Write(columns()) // what the client does not take, Error says below
	for {
		_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(batchTime)) // where there is one
		name, err := a.names(r.Context(), a.Words.Of(r), found.Events)
		if err == nil {
			for _, e := range found.Events {
				_ = file.Write(record(e, name))
			}
			if file.Flush(); file.Error() != nil || found.Next == 0 {
				return nil //nolint:nilerr // the client has gone, or has all
			}
			found, err = from(found.Next, batch)
		}
		if err != nil {
			a.Problems.Log(r.Context(), err)
			panic(http.ErrAbortHandler) // so that nobody takes a part for the whole
		}
	}
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
