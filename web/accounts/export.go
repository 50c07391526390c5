package accounts

import (
	"archive/zip"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"expense-tracker/core/account"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/core/member"
	"expense-tracker/web/internal/table"
)

// What the file says of a person. Its names only ever grow in number.
type (
	personData struct {
		Name          string        `json:"name"`
		Language      string        `json:"language,omitempty"`
		Administrator bool          `json:"administrator"`
		Created       time.Time     `json:"created"`
		Sessions      []sessionData `json:"sessions"`
		Ledgers       []ledgerData  `json:"ledgers"`
	}
	sessionData struct {
		Address string    `json:"address"`
		Browser string    `json:"browser"`
		Opened  time.Time `json:"opened"`
		Used    time.Time `json:"last_used"`
	}
	ledgerData struct {
		Number   int64     `json:"number"`
		Name     string    `json:"name"`
		Currency string    `json:"currency"`
		TimeZone string    `json:"time_zone"`
		Role     string    `json:"role"`
		Since    time.Time `json:"since"`
		File     string    `json:"expenses"` // with what the person has added
	}
)

// Export answers GET /account/data.zip with all that is kept of who asks: the account, the sessions, the ledgers, and what they have added
// to each. Its bytes are never all in memory, and each part of it has a time of its own.
func (a *Area) Export(w http.ResponseWriter, r *http.Request, _ ledger.Actor, who account.Signed) error {
	sessions, err := a.service.Sessions(r.Context(), who)
	if err != nil {
		return err
	}
	ledgers, err := a.options.Members.Ledgers(r.Context(), who.User.ID)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/zip")
	w.Header().Set("Content-Disposition", `attachment; filename="expense-tracker-`+who.Session.Used.Format(time.DateOnly)+`.zip"`)
	ctx := context.WithoutCancel(r.Context()) // a client that goes away is noticed by what is written to it
	written := &counted{to: w}
	file := zip.NewWriter(written)
	err = writePerson(file, who.User, sessions, ledgers)
	for _, m := range ledgers {
		if err == nil {
			err = a.writeAdded(ctx, w, file, m)
		}
	}
	if err == nil {
		err = file.Close()
	}
	if err != nil {
		if written.err == nil { // it is not the client that has gone
			a.Problems.Log(ctx, err)
		}
		panic(http.ErrAbortHandler) // so that nobody takes a part for the whole
	}
	return nil
}

// counted remembers that a write failed.
type counted struct {
	to  io.Writer
	err error
}

func (c *counted) Write(p []byte) (int, error) {
	n, err := c.to.Write(p)
	if err != nil {
		c.err = err
	}
	return n, err
}

func writePerson(file *zip.Writer, user account.User, sessions []account.Session, ledgers []member.Membership) error {
	data := personData{
		Name: user.Name, Language: user.Language, Administrator: user.Admin, Created: user.Created.UTC(),
		Sessions: []sessionData{}, Ledgers: []ledgerData{},
	}
	for _, s := range sessions {
		data.Sessions = append(data.Sessions, sessionData{s.Client.Address, s.Client.Agent, s.Opened.UTC(), s.Used.UTC()})
	}
	for _, m := range ledgers {
		data.Ledgers = append(data.Ledgers, ledgerData{
			Number: int64(m.Ledger.ID), Name: m.Ledger.Name, Currency: m.Ledger.Currency.Code(), TimeZone: m.Ledger.ZoneName(),
			Role: m.Role.String(), Since: m.Since.UTC(), File: fileOf(m),
		})
	}
	part, err := file.Create("account.json")
	if err != nil {
		return err
	}
	encoder := json.NewEncoder(part)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(data)
}

func fileOf(m member.Membership) string { return fmt.Sprintf("ledger-%d.csv", m.Ledger.ID) }

// batchTime is how long a client may take to fetch one batch.
const batchTime = 30 * time.Second

// writeAdded writes what a member has added to a ledger, and what of it was deleted.
func (a *Area) writeAdded(ctx context.Context, w http.ResponseWriter, file *zip.Writer, m member.Membership) error {
	part, err := file.Create(fileOf(m))
	if err != nil {
		return err
	}
	rows := csv.NewWriter(part)
	rows.UseCRLF = true
	if err := rows.Write(table.Columns()); err != nil {
		return err
	}
	for _, deleted := range []bool{false, true} {
		err := a.options.Expenses.EachFound(ctx, m.Actor(), expense.SearchDraft{Deleted: deleted}, func(batch []expense.Expense) error {
			_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(batchTime)) // where there is one
			names, err := a.payersOf(ctx, batch)
			if err != nil {
				return err
			}
			for _, e := range batch {
				if e.AddedBy != m.User {
					continue
				}
				if err := rows.Write(table.Record(e, names[e.PaidBy])); err != nil {
					return err
				}
			}
			rows.Flush()
			return rows.Error()
		})
		if err != nil {
			return err
		}
	}
	rows.Flush()
	return rows.Error()
}

// payersOf returns the names of those who have paid expenses.
func (a *Area) payersOf(ctx context.Context, all []expense.Expense) (map[ledger.UserID]string, error) {
	var users []ledger.UserID
	for _, e := range all {
		if e.PaidBy != 0 && !slices.Contains(users, e.PaidBy) {
			users = append(users, e.PaidBy)
		}
	}
	if users == nil {
		return nil, nil //nolint:nilnil // nobody has said who has paid
	}
	return a.service.Names(ctx, users)
}
