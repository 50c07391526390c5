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
	"expense-tracker/web/internal/sheet"
	"expense-tracker/web/internal/table"
)

// What the file says of a person. Its names only ever grow in number.
type (
	personData struct {
		Name          string        `json:"name"`
		Language      string        `json:"language,omitempty"`
		Administrator bool          `json:"administrator"`
		Created       time.Time     `json:"created"`
		Password      bool          `json:"password"` // there is one
		SecondStep    bool          `json:"second_step"`
		RecoveryLeft  int           `json:"recovery_codes_left"`
		Passkeys      []passkeyData `json:"passkeys"`
		Provider      *linkData     `json:"provider,omitempty"`
		Sessions      []sessionData `json:"sessions"`
		Ledgers       []ledgerData  `json:"ledgers"`
		Log           string        `json:"log"` // the file of what happened to the account
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

		Tokens []tokenData `json:"tokens"` // that the person has made, without their secrets
	}
)

// Export answers GET /account/data.zip with all that is kept of who asks: the account, what they sign in with but for what is secret of it,
// the sessions, what happened to the account, the ledgers with their tokens, and what they have added to each. Its bytes are never all in
// memory, and each part of it has a time of its own.
func (a *Area) Export(w http.ResponseWriter, r *http.Request, _ ledger.Actor, who account.Signed) error {
	ledgers, err := a.options.Members.Ledgers(r.Context(), who.User.ID)
	if err != nil {
		return err
	}
	data, err := a.personData(r.Context(), who, ledgers)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/zip")
	w.Header().Set("Content-Disposition", `attachment; filename="expense-tracker-`+who.Session.Used.Format(time.DateOnly)+`.zip"`)
	ctx := context.WithoutCancel(r.Context()) // a client that goes away is noticed by what is written to it
	written := &counted{to: w}
	file := zip.NewWriter(written)
	if err = writePerson(file, data); err == nil {
		err = a.writeLog(ctx, w, file, who)
	}
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

func writePerson(file *zip.Writer, data personData) error {
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
			sheet.GiveTime(w)
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
