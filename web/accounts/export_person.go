package accounts

import (
	"archive/zip"
	"context"
	"encoding/csv"
	"errors"
	"net/http"
	"strconv"
	"time"

	"expense-tracker/core/account"
	"expense-tracker/core/fault"
	"expense-tracker/core/member"
	"expense-tracker/web/internal/sheet"
)

type (
	passkeyData struct {
		Name  string     `json:"name"`
		Added time.Time  `json:"added"`
		Used  *time.Time `json:"last_used,omitempty"`
	}
	linkData struct {
		Issuer  string    `json:"issuer"`
		Subject string    `json:"subject"`
		Shown   string    `json:"shown"`
		Linked  time.Time `json:"linked"`
	}
	tokenData struct {
		Name  string     `json:"name"`
		Scope string     `json:"scope"`
		Made  time.Time  `json:"made"`
		Ends  time.Time  `json:"ends"`
		Used  *time.Time `json:"last_used,omitempty"`
	}
)

// orNever returns a moment in UTC; nil if it never was.
func orNever(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	at = at.UTC()
	return &at
}

// personData gathers what is kept of who asks.
func (a *Area) personData(ctx context.Context, who account.Signed, ledgers []member.Membership) (personData, error) {
	data := personData{
		Name: who.User.Name, Language: who.User.Language, Administrator: who.User.Admin, Created: who.User.Created.UTC(),
		Passkeys: []passkeyData{}, Sessions: []sessionData{}, Ledgers: []ledgerData{}, Log: fileLog,
	}
	has, noPassword := a.service.HasPassword(ctx, who)
	second, noSecond := a.service.SecondFactor(ctx, who)
	keys, noKeys := a.service.Passkeys(ctx, who)
	sessions, noSessions := a.service.Sessions(ctx, who)
	if err := errors.Join(noPassword, noSecond, noKeys, noSessions); err != nil {
		return personData{}, err
	}
	data.Password, data.SecondStep, data.RecoveryLeft = has, second.On, second.Left
	for _, p := range keys {
		data.Passkeys = append(data.Passkeys, passkeyData{p.Name, p.Added.UTC(), orNever(p.Used)})
	}
	for _, s := range sessions {
		data.Sessions = append(data.Sessions, sessionData{s.Client.Address, s.Client.Agent, s.Opened.UTC(), s.Used.UTC()})
	}
	if a.federation != nil {
		switch link, err := a.federation.LinkOf(ctx, who); {
		case err == nil:
			data.Provider = &linkData{link.Issuer, link.Subject, link.Shown, link.Linked.UTC()}
		case !errors.Is(err, fault.NotFound):
			return personData{}, err
		}
	}
	for _, m := range ledgers {
		tokens, err := a.tokensOf(ctx, m)
		if err != nil {
			return personData{}, err
		}
		data.Ledgers = append(data.Ledgers, ledgerData{
			Number: int64(m.Ledger.ID), Name: m.Ledger.Name, Currency: m.Ledger.Currency.Code(), TimeZone: m.Ledger.ZoneName(),
			Role: m.Role.String(), Since: m.Since.UTC(), File: fileOf(m), Tokens: tokens,
		})
	}
	return data, nil
}

// tokensOf returns those that a member has made and that were not revoked.
func (a *Area) tokensOf(ctx context.Context, m member.Membership) ([]tokenData, error) {
	own := []tokenData{}
	if a.options.Tokens == nil {
		return own, nil
	}
	all, err := a.options.Tokens.List(ctx, m.Actor())
	for _, t := range all {
		if t.By == m.User {
			own = append(own, tokenData{t.Name, string(t.Scope), t.At.UTC(), t.Until.UTC(), orNever(t.Used)})
		}
	}
	return own, err
}

// fileLog is the file of what happened to the account.
const fileLog = "log.csv"

// logBatch is how many events are read at a time.
const logBatch = 500

// writeLog writes what happened to the account of who asks, the newest first.
func (a *Area) writeLog(ctx context.Context, w http.ResponseWriter, file *zip.Writer, who account.Signed) error {
	part, err := file.Create(fileLog)
	if err != nil {
		return err
	}
	rows := csv.NewWriter(part)
	rows.UseCRLF = true
	if err := rows.Write([]string{"time", "last", "event", "by", "address", "times"}); err != nil {
		return err
	}
	var before account.EventID
	for {
		sheet.GiveTime(w)
		found, err := a.service.OwnEvents(ctx, who, before, logBatch)
		if err != nil {
			return err
		}
		for _, e := range found.Events {
			by := ""
			if e.By == who.User.ID {
				by = sheet.Harmless(who.User.Name)
			}
			err := rows.Write([]string{
				e.At.UTC().Format(time.RFC3339), e.Last.UTC().Format(time.RFC3339), string(e.Kind), by, sheet.Harmless(e.Address),
				strconv.Itoa(e.Count),
			})
			if err != nil {
				return err
			}
		}
		rows.Flush()
		if before = found.Next; before == 0 || rows.Error() != nil {
			return rows.Error()
		}
	}
}
