// Package settings is the area of what a reader sets for themselves: the language, and whether letters are keys. Beside it stands what the
// ledger has. It knows no other area.
package settings

import (
	"context"
	"embed"
	"net/http"
	"slices"

	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/web/internal/area"
	"expense-tracker/web/internal/cookie"
	"expense-tracker/web/internal/form"
	"expense-tracker/web/internal/notice"
	"expense-tracker/web/internal/page"
	"expense-tracker/web/internal/problem"
	"expense-tracker/web/internal/words"
)

//go:embed templates
var templates embed.FS

// Address is where the page stands.
const Address = "/settings"

// The fields of the form, and the cookies, which last a year. The pages' script reads the one about keys, since kept pages are the same for
// all.
const (
	fieldLanguage = "language"
	fieldNoKeys   = "no_keys"
	cookieName    = "language"
	cookieKeys    = "keys"
	keysOff       = "off"
	cookieSeconds = 365 * 24 * 60 * 60
)

// unknown is said of a language that has no catalogue.
const unknown fault.Phrase = "choose one of the languages in the list"

// The page's phrases that no template has.
const (
	title   words.Phrase = "Settings"
	itself  words.Phrase = "English" // each catalogue has the name of its own language here, in that language
	saved   words.Phrase = "Settings saved."
	machine words.Phrase = "the machine's own"
)

// Area answers the requests about settings. It is safe for concurrent use.
type Area struct {
	area.Tools
	page  page.Template[view]
	saved notice.Kind
}

type view struct {
	page.Layout
	Languages []languageView
	Browsers  bool // the browser's languages decide
	NoKeys    bool // single letters do nothing
	Problem   *problem.Problem
	Ledger    ledgerView
}

type languageView struct {
	Tag, Name string
	Chosen    bool
}

type ledgerView struct{ Name, Currency, Zone string }

// New returns the area.
func New(tools area.Tools) *Area {
	a := &Area{Tools: tools}
	a.saved = tools.Notices.Register("set", func(_ context.Context, in *words.Language, _ ledger.Actor, _ int64) (*notice.Notice, error) {
		return &notice.Notice{Text: in.T(saved)}, nil
	})
	a.page.Define(tools.Frame, templates, "settings")
	return a
}

// Language returns what says which tag a request's sender has set here, or nothing.
func Language(jar cookie.Jar) func(*http.Request) string {
	return func(r *http.Request) string { return jar.Get(r, cookieName) }
}

// Show answers GET /settings. It asks nothing of the storage.
func (a *Area) Show(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	view := a.view(r, actor)
	var err error
	if view.Notice, err = a.Notices.Take(w, r, a.Words.Of(r), actor); err != nil {
		return err
	}
	return a.page.Show(w, view)
}

// Save answers POST /settings. No language means that the browser's decide.
func (a *Area) Save(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	if err := form.Read(r); err != nil {
		return err
	}
	tag := r.PostFormValue(fieldLanguage)
	if tag != "" && !slices.ContainsFunc(a.Words.All(), func(l *words.Language) bool { return l.Tag() == tag }) {
		return problem.OnPage(fault.Field("settings.Save", fieldLanguage, unknown), func(p problem.Problem) ([]byte, error) {
			view := a.view(r, actor)
			view.NoKeys = r.PostForm.Get(fieldNoKeys) != ""
			p = form.Labels{{Name: fieldLanguage, Text: "Language"}}.Arrange(p)
			view.Problem = &p
			return a.page.Render(view)
		})
	}
	SetLanguage(a.Cookies, w, tag)
	keys := ""
	if r.PostForm.Get(fieldNoKeys) != "" {
		keys = keysOff
	}
	a.Cookies.Set(w, cookie.Cookie{Name: cookieKeys, Value: keys, Seconds: cookieSeconds, Shown: true})
	a.saved.Redirect(w, r, Address, 1)
	return nil
}

// SetLanguage makes a language that of all pages of a reader; none stands for what the browser asks for.
func SetLanguage(jar cookie.Jar, w http.ResponseWriter, tag string) {
	jar.Set(w, cookie.Cookie{Name: cookieName, Value: tag, Seconds: cookieSeconds})
}

func (a *Area) view(r *http.Request, actor ledger.Actor) view {
	in, set := a.Words.Of(r), a.Cookies.Get(r, cookieName)
	own := actor.Ledger
	shown := view{
		Layout: a.Frame.Layout(in, actor, in.T(title), "more"), Browsers: set == "",
		Ledger: ledgerView{Name: own.Name, Currency: own.Currency.Code(), Zone: own.ZoneName()},
	}
	shown.NoKeys = a.Cookies.Get(r, cookieKeys) == keysOff
	if own.ZoneName() == "Local" {
		shown.Ledger.Zone = in.T(machine)
	}
	for _, l := range a.Words.All() {
		if l.Tag() == words.Pseudo && set != words.Pseudo {
			continue // it is for those who look for missing texts
		}
		shown.Languages = append(shown.Languages, languageView{Tag: l.Tag(), Name: l.T(itself), Chosen: set != "" && l.Tag() == in.Tag()})
	}
	return shown
}
