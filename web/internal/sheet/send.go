package sheet

import (
	"encoding/csv"
	"net/http"
	"time"
)

// partTime is how long a client may take to fetch one part of a file.
const partTime = 30 * time.Second

// GiveTime gives the client of an answer the time for its next part. So a long file may take longer than a page does.
func GiveTime(w http.ResponseWriter) {
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(partTime)) // where there is one
}

// Part returns the next lines of a file, and whether there are more.
type Part func() (lines [][]string, more bool, err error)

// Send sends a file of CSV, a part at a time, so that it is never whole in memory. It returns the error of the first part, before which
// nothing is sent. A later one is told to failed and breaks the answer off, so that nobody takes a part for the whole.
func Send(w http.ResponseWriter, name string, columns []string, next Part, failed func(error)) error {
	lines, more, err := next()
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8; header=present")
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	file := csv.NewWriter(w)
	file.UseCRLF = true
	_ = file.Write(columns) // what the client does not take, Error says below
	for {
		GiveTime(w)
		for _, line := range lines {
			_ = file.Write(line)
		}
		if file.Flush(); file.Error() != nil || !more {
			return nil //nolint:nilerr // the client has gone, or has all
		}
		if lines, more, err = next(); err != nil {
			failed(err)
			panic(http.ErrAbortHandler)
		}
	}
}
