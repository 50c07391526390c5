package accounts

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"expense-tracker/core/account"
	"expense-tracker/web/internal/form"
	"expense-tracker/web/internal/page"
	"expense-tracker/web/internal/problem"
)

// fieldKept has a form that was sent when its sender was not signed in any more. It goes from page to page; only on the way to an
// identity provider and back does the storage have it, see withKept.
const fieldKept = "kept"

// onward is where somebody goes once they are signed in.
type onward struct {
	To   string // a path of this site
	Kept string // a form that is sent once more then; see keptForm
}

// onwardOf reads it from a form that leads to the next way to sign in.
func onwardOf(r *http.Request) onward {
	return onward{localPath(r.PostForm.Get(fieldTo)), r.PostForm.Get(fieldKept)}
}

// keptForm is such a form: where it was sent, and what it had.
type keptForm struct {
	Path   string
	Fields url.Values
}

// keptView is the page that sends a form once more, now that its sender is signed in.
type keptView struct {
	page.Layout
	Again problem.Again
	To    string // where to go instead
}

// KeepForm returns err, of who is not signed in, as one that is answered by the page to sign in, with the form that was sent. The form of
// who sends a password or another secret is not kept, and the page says so.
func (a *Area) KeepForm(r *http.Request, err error) error {
	packed, said := "", saidNotKept
	if unread := form.Read(r); unread == nil {
		packed = keptForm{localPath(r.URL.RequestURI()), r.PostForm}.pack()
	}
	switch {
	case strings.HasPrefix(r.URL.Path, addressSessions+"/"): // another tab, or another browser, was faster
		said = saidOut
	case packed == "":
	case len(packed) > a.options.LongestKept:
		packed = ""
	default:
		said = saidKept
	}
	return problem.OnPage(err, func(p problem.Problem) ([]byte, error) {
		p.Title, p.Text = p.T(titleRefused), p.T(said)
		return a.login.Render(a.loginView(r, p.In, p.Title, onward{a.cameFrom(r), packed}, &p))
	})
}

// cameFrom returns the page of this site that a form stood on, as far as its browser says.
func (a *Area) cameFrom(r *http.Request) string {
	from, err := url.Parse(r.Referer())
	if err != nil || from.Host != r.Host {
		return localPath("")
	}
	return localPath(from.RequestURI())
}

// isSecret reports whether a field is written into no page.
func isSecret(field string) bool { return field == "token" || isOnlyTyped(field) }

// isOnlyTyped reports whether a field has what each sending needs anew.
func isOnlyTyped(field string) bool {
	return slices.Contains([]string{
		account.FieldPassword, account.FieldNew, account.FieldCode, account.FieldProof, account.FieldConfirm, fieldAnswer,
	}, field)
}

// CanBeResent reports whether a form has no field that each sending needs anew, such as a password.
func CanBeResent(fields url.Values) bool {
	for name := range fields {
		if isOnlyTyped(name) {
			return false
		}
	}
	return true
}

// isKept reports whether forms of a path are: what has to do with signing in begins anew.
func isKept(path string) bool {
	for _, own := range []string{Address, AddressLogin, addressSetup, "/logout"} {
		if path == own || strings.HasPrefix(path, own+"/") || strings.HasPrefix(path, own+"?") {
			return false
		}
	}
	return path != localPath("")
}

// pack writes the form as one line; nothing if it is not kept.
func (f keptForm) pack() string {
	if !isKept(f.Path) {
		return ""
	}
	fields := url.Values{}
	for name, values := range f.Fields {
		if !isSecret(name) {
			fields[name] = values
		}
	}
	return base64.RawURLEncoding.EncodeToString([]byte(f.Path + " " + fields.Encode()))
}

// unpack reads what pack wrote. Whatever else a request brings is no form.
func unpack(packed string) (keptForm, bool) {
	text, err := base64.RawURLEncoding.DecodeString(packed)
	if err != nil || packed == "" {
		return keptForm{}, false
	}
	path, encoded, _ := strings.Cut(string(text), " ")
	fields, err := url.ParseQuery(encoded)
	if err != nil || localPath(path) != path || !isKept(path) {
		return keptForm{}, false
	}
	return keptForm{path, fields}, true
}

// showKept answers with the page that sends a form once more. Its key and its revision are what they were, so that nothing is doubled.
func (a *Area) showKept(w http.ResponseWriter, r *http.Request, f keptForm, to string) error {
	in := a.Words.Of(r)
	view := keptView{Layout: a.Frame.Bare(in, in.T(titleKept)), Again: form.Again(f.Path, f.Fields, in.T("Send it now")), To: to}
	view.Again.Focus = true
	return a.kept.Show(w, view)
}
