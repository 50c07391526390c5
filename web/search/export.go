package search

import (
	"context"
	"encoding/csv"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/web/internal/address"
	"expense-tracker/web/internal/problem"
)

// batchTime is how long a client may take to fetch one batch.
const batchTime = 30 * time.Second

// columns are the header of the file. They only ever grow in number.
func columns() []string {
	return []string{"date", "category", "price", "currency", "payee", "note", "tags", "id", "refund", "deleted"}
}

// Export answers GET /search.csv: all that is found, in a file whose bytes are never all in memory. It may take longer than a request
// does, for each batch has a time of its own.
func (a *Area) Export(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	asked := address.SearchQueryOf(r.URL.Query())
	file := csv.NewWriter(w)
	file.UseCRLF = true
	begun := false
	begin := func() error {
		if begun {
			return nil
		}
		begun = true
		w.Header().Set("Content-Type", "text/csv; charset=utf-8; header=present")
		w.Header().Set("Content-Disposition", `attachment; filename="expenses-`+a.service.Today(actor).String()+`.csv"`)
		w.Header().Set("Cache-Control", "no-store")
		return file.Write(columns())
	}
	// A client that goes away is noticed by what is written to it.
	ctx := context.WithoutCancel(r.Context())
	err := a.service.EachFound(ctx, actor, asked.Draft(), func(batch []expense.Expense) error {
		_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(batchTime)) // where there is one
		if err := begin(); err != nil {
			return err
		}
		for _, e := range batch {
			if err := file.Write(record(e)); err != nil {
				return err
			}
		}
		file.Flush()
		return file.Error()
	})
	switch {
	case err != nil && begun:
		if file.Error() == nil { // it is not the client that has gone
			a.Problems.Log(ctx, err)
		}
		panic(http.ErrAbortHandler) // so that nobody takes a part for the whole
	case err != nil:
		in := a.Words.Of(r)
		return problem.OnPage(err, func(p problem.Problem) ([]byte, error) {
			return a.page.Render(a.refused(in, actor, asked, labels().Arrange(p)))
		})
	}
	if err := begin(); err != nil {
		return nil //nolint:nilerr // the client has gone
	}
	file.Flush()
	return nil
}

// record is an expense as a line of the file.
func record(e expense.Expense) []string {
	return []string{
		e.Date.String(), harmless(string(e.Category.Name)), e.Spent().Decimal(), e.Price.Currency().Code(),
		harmless(e.Payee), harmless(e.Note), harmless(string(e.Tags)), strconv.FormatInt(int64(e.ID), 10),
		strconv.FormatBool(e.Refund), strconv.FormatBool(e.Deleted),
	}
}

// harmless puts an apostrophe before a text that a spreadsheet would run as a formula. Some take the wide signs of East Asian keyboards
// for the usual ones.
func harmless(s string) string {
	if first, _ := utf8.DecodeRuneInString(s); s != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", first) {
		return "'" + s
	}
	return s
}
