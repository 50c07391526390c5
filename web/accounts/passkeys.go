package accounts

import (
	"errors"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"expense-tracker/core/account"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/web/internal/form"
	"expense-tracker/web/internal/page"
	"expense-tracker/web/internal/problem"
	"expense-tracker/web/internal/words"
)

// fieldAnswer is what a browser answers that was asked for a passkey.
const fieldAnswer = "answer"

// passkeysView is the page of one's passkeys.
type passkeysView struct {
	page.Layout
	User     string
	Nowhere  bool // there are no passkeys where the pages are
	Passkeys []passkeyView
	Name     form.Field
	Password form.Field
	Proof    form.Field // what a passkey is removed with
	Codes    bool       // that may be a code
	Problem  *problem.Problem
}

type passkeyView struct {
	Name, Added, Used string // Used is empty if it never was
	Remove            string // address that the form is sent to
}

// askView is the page whose script asks the browser for a passkey, and sends the answer.
type askView struct {
	page.Layout
	New     bool // to make one
	Action  string
	Options string
	Name    string // of a new one
	onward
	Other string // what leads to the page to sign in says; nothing for a new one
}

const (
	saidPasskeyAdded   words.Phrase = "Passkey added. Every other browser was signed out."
	saidPasskeyRemoved words.Phrase = "Passkey removed. Every other browser was signed out."
	titlePasskeys      words.Phrase = "Passkeys"
	titleNewPasskey    words.Phrase = "A new passkey"
	titleUsePasskey    words.Phrase = "Sign in with a passkey"
)

// site returns where the pages are, and whether browsers use passkeys there: only at a name, for one that leads elsewhere tomorrow is of
// no use, and only where nobody between reads along.
func (a *Area) site(r *http.Request) (site string, ok bool) {
	if a.options.SiteURL != nil {
		site = a.options.SiteURL(r)
	} else {
		site = "http://" + r.Host
	}
	address, err := url.Parse(site)
	if err != nil {
		return site, false
	}
	host := address.Hostname()
	if _, err := netip.ParseAddr(host); err == nil || host == "" {
		return site, false
	}
	return site, address.Scheme == "https" || host == "localhost" || strings.HasSuffix(host, ".localhost")
}

// hasPasskeys reports whether browsers use passkeys where the pages are.
func (a *Area) hasPasskeys(r *http.Request) bool {
	_, ok := a.site(r)
	return ok
}

// Passkeys answers GET /account/passkeys.
func (a *Area) Passkeys(w http.ResponseWriter, r *http.Request, actor ledger.Actor, who account.Signed) error {
	view, err := a.passkeysView(r, actor, who)
	if err != nil {
		return err
	}
	view.Name.Value = device(a.Words.Of(r), r.UserAgent())
	if view.Notice, err = a.Notices.Take(w, r, a.Words.Of(r), actor); err != nil {
		return err
	}
	return a.passkeys.Show(w, view)
}

func (a *Area) passkeysView(r *http.Request, actor ledger.Actor, who account.Signed) (passkeysView, error) {
	all, err := a.service.Passkeys(r.Context(), who)
	if err != nil {
		return passkeysView{}, err
	}
	in := a.Words.Of(r)
	view := passkeysView{Layout: a.Frame.Layout(in, actor, in.T(titlePasskeys), section), User: who.User.Name}
	view.Nowhere = !a.hasPasskeys(r)
	if len(all) > 0 {
		state, err := a.service.SecondFactor(r.Context(), who)
		if err != nil {
			return passkeysView{}, err
		}
		view.Codes = state.On
	}
	today := actor.Ledger.Today(who.Session.Used)
	for _, p := range all {
		shown := passkeyView{
			Name: p.Name, Added: in.ShortDay(actor.Ledger.Today(p.Added), today),
			Remove: addressPasskeys + "/" + strconv.FormatInt(int64(p.ID), 10) + "/remove",
		}
		if !p.Used.IsZero() {
			shown.Used = in.T(momentOf, in.ShortDay(actor.Ledger.Today(p.Used), today), in.Clock(actor.Ledger.At(p.Used)))
		}
		view.Passkeys = append(view.Passkeys, shown)
	}
	return view, nil
}

// noPasskeysHere is the error where browsers use no passkeys.
func noPasskeysHere() error {
	return fault.New(fault.Conflict, "accounts.passkeys", "no passkey works here: that needs a site with a name that is reached by https")
}

// NewPasskey answers POST /account/passkeys with a page that asks the browser. There is no redirect, since no other request may show it.
func (a *Area) NewPasskey(w http.ResponseWriter, r *http.Request, actor ledger.Actor, who account.Signed) error {
	if err := form.Read(r); err != nil {
		return err
	}
	name, asked, err := r.PostForm.Get(account.FieldName), account.Asked{}, error(nil)
	site, ok := a.site(r)
	if ok {
		asked, err = a.service.AskForNew(r.Context(), who, site, name, r.PostForm.Get(account.FieldPassword), a.client(r))
	} else {
		err = noPasskeysHere()
	}
	if err != nil {
		return a.passkeysAgain(r, actor, who, problem.MaybeChanged(err))
	}
	in := a.Words.Of(r)
	a.setHalf(w, asked.Token)
	return a.ask.Show(w, askView{
		Layout: a.Frame.Layout(in, actor, in.T(titleNewPasskey), section), New: true, Action: addressPasskeys + "/new",
		Options: string(asked.Options), Name: name,
	})
}

// AddPasskey answers POST /account/passkeys/new with what the browser made.
func (a *Area) AddPasskey(w http.ResponseWriter, r *http.Request, actor ledger.Actor, who account.Signed) error {
	if err := form.Read(r); err != nil {
		return err
	}
	opened, err := a.service.AddPasskey(r.Context(), who, a.half(r), r.PostForm.Get(account.FieldName), []byte(r.PostForm.Get(fieldAnswer)),
		a.client(r))
	if err != nil {
		return a.passkeysAgain(r, actor, who, problem.MaybeChanged(err))
	}
	a.setHalf(w, "")
	a.admit(w, opened)
	a.passkeyAdded.Redirect(w, r, addressPasskeys, 1)
	return nil
}

// RemovePasskey answers POST /account/passkeys/{id}/remove.
func (a *Area) RemovePasskey(w http.ResponseWriter, r *http.Request, actor ledger.Actor, who account.Signed) error {
	id, err := form.ID(r)
	if err != nil {
		return err
	}
	if err := form.Read(r); err != nil {
		return err
	}
	opened, err := a.service.RemovePasskey(r.Context(), who, account.PasskeyID(id), r.PostForm.Get(account.FieldProof), a.client(r))
	if errors.Is(err, fault.NotFound) {
		return err
	}
	if err != nil {
		return a.passkeysAgain(r, actor, who, problem.MaybeChanged(err))
	}
	a.admit(w, opened)
	a.passkeyRemoved.Redirect(w, r, addressPasskeys, 1)
	return nil
}

// passkeysAgain shows the page with a form that was refused.
func (a *Area) passkeysAgain(r *http.Request, actor ledger.Actor, who account.Signed, err error) error {
	view, failed := a.passkeysView(r, actor, who)
	if failed != nil {
		return failed
	}
	return problem.OnPage(err, func(p problem.Problem) ([]byte, error) {
		p = labels().Arrange(p)
		view.Title, view.Problem = p.Title, &p
		view.Name, view.Password.Error = typed(r, p, account.FieldName), p.MessageAt(account.FieldPassword)
		view.Proof.Error = p.MessageAt(account.FieldProof)
		if view.Proof.Error != "" {
			view.Name.Value = device(p.In, r.UserAgent()) // the other form is as it was
		}
		focusFirst(&view.Proof, &view.Name, &view.Password)
		return a.passkeys.Render(view)
	})
}

// UsePasskey answers POST /login/passkey with a page that asks the browser for a passkey.
func (a *Area) UsePasskey(w http.ResponseWriter, r *http.Request) error {
	if err := form.Read(r); err != nil {
		return err
	}
	next := onwardOf(r)
	asked, err := account.Asked{}, error(nil)
	site, ok := a.site(r)
	if ok {
		asked, err = a.service.AskForAny(r.Context(), site, a.client(r))
	} else {
		err = noPasskeysHere()
	}
	if err != nil {
		return a.loginAgain(r, next, err)
	}
	in := a.Words.Of(r)
	a.setHalf(w, asked.Token)
	return a.ask.Show(w, askView{
		Layout: a.Frame.Bare(in, in.T(titleUsePasskey)), Action: addressPasskey + "/answer", Options: string(asked.Options),
		onward: next, Other: in.T("Sign in with the password"),
	})
}

// SignInWithPasskey answers POST /login/passkey/answer.
func (a *Area) SignInWithPasskey(w http.ResponseWriter, r *http.Request) error {
	if err := form.Read(r); err != nil {
		return err
	}
	next := onwardOf(r)
	opened, err := a.service.SignInWithPasskey(r.Context(), a.half(r), []byte(r.PostForm.Get(fieldAnswer)), a.client(r))
	a.options.SignedIn(r.Context(), err)
	a.setHalf(w, "")
	if err != nil {
		return a.loginAgain(r, next, err)
	}
	return a.enter(w, r, opened, next)
}
