package accounts

import (
	"errors"
	"net/http"
	"strconv"

	"expense-tracker/core/account"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/web/internal/form"
	"expense-tracker/web/internal/page"
	"expense-tracker/web/internal/words"
)

// sessionsView is the page of where one is signed in.
type sessionsView struct {
	page.Layout
	Sessions []sessionView
	Others   bool // there is more than this one
}

type sessionView struct {
	Device  string
	Address string // of the network
	Used    string
	This    bool   // is the one that asks
	End     string // address of the form that ends it
}

const (
	momentOf      words.Phrase = "%s, %s"    // a day and a time
	deviceOn      words.Phrase = "%s on %s"  // a browser on a system
	deviceUnknown words.Phrase = "A browser" // or a program that does not say what it is
)

// Sessions answers GET /account/sessions.
func (a *Area) Sessions(w http.ResponseWriter, r *http.Request, actor ledger.Actor, who account.Signed) error {
	all, err := a.service.Sessions(r.Context(), who)
	if err != nil {
		return err
	}
	in := a.Words.Of(r)
	view := sessionsView{Layout: a.Frame.Layout(in, actor, in.T(titleSessions), section), Others: len(all) > 1}
	today := actor.Ledger.Today(who.Session.Used)
	for _, s := range all {
		day := actor.Ledger.Today(s.Used)
		view.Sessions = append(view.Sessions, sessionView{
			Device: device(in, s.Client.Agent), Address: s.Client.Address, This: s.ID == who.Session.ID,
			Used: in.T(momentOf, in.ShortDay(day, today), in.Clock(actor.Ledger.At(s.Used))),
			End:  addressSessions + "/" + strconv.FormatInt(int64(s.ID), 10) + "/end",
		})
	}
	if view.Notice, err = a.Notices.Take(w, r, in, actor); err != nil {
		return err
	}
	return a.sessions.Show(w, view)
}

// EndSession answers POST /account/sessions/{id}/end. One that is over already, such as by another tab, was to be.
func (a *Area) EndSession(w http.ResponseWriter, r *http.Request, _ ledger.Actor, who account.Signed) error {
	id, err := form.ID(r)
	if err != nil {
		return err
	}
	if err = form.Read(r); err == nil {
		err = a.service.EndSession(r.Context(), who, account.SessionID(id))
	}
	if err != nil && !errors.Is(err, fault.NotFound) {
		return err
	}
	a.ended.Redirect(w, r, addressSessions, 1)
	return nil
}

// EndOthers answers POST /account/sessions/end.
func (a *Area) EndOthers(w http.ResponseWriter, r *http.Request, _ ledger.Actor, who account.Signed) error {
	err := form.Read(r)
	if err == nil {
		_, err = a.service.EndOthers(r.Context(), who)
	}
	if err != nil {
		return err
	}
	a.endedAll.Redirect(w, r, addressSessions, 1)
	return nil
}
