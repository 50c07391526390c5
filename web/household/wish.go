package household

import (
	"net/http"
	"strconv"

	"expense-tracker/core/ledger"
	"expense-tracker/web/internal/cookie"
	"expense-tracker/web/internal/form"
)

// The cookie says which ledger a browser's user wants to see. It is a wish: whether they may is asked of the storage each time.
const (
	wishCookie  = "expense_ledger"
	wishSeconds = 365 * 24 * 60 * 60
)

// fieldLedger is what a form says of the ledger that its page showed. Its user may have gone to another one since, in another tab: what
// is typed belongs where it was typed.
const fieldLedger = "ledger"

// Wish returns what says which ledger a request's sender wants to see, or means by a form; 0 if they do not say.
func Wish(jar cookie.Jar) func(*http.Request) ledger.ID {
	return func(r *http.Request) ledger.ID {
		if meant := ofForm(r); meant != 0 {
			return meant
		}
		return parseWish(jar.Get(r, wishCookie))
	}
}

// Follow makes a browser go on in the ledger that a form was of, if it had gone to another.
func Follow(jar cookie.Jar, w http.ResponseWriter, r *http.Request, in ledger.ID) {
	if in != 0 && ofForm(r) == in && parseWish(jar.Get(r, wishCookie)) != in {
		setWish(jar, w, in)
	}
}

func parseWish(text string) ledger.ID {
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil || id < 1 {
		return 0
	}
	return ledger.ID(id)
}

// ofForm returns the ledger that a form names. A form that cannot be read names none, and cannot be read by who comes later.
func ofForm(r *http.Request) ledger.ID {
	if r.Method != http.MethodPost {
		return 0
	}
	if r.PostForm == nil {
		if err := form.Read(r); err != nil {
			r.Form, r.PostForm, r.MultipartForm, r.Body = nil, nil, nil, unreadable{err}
			return 0
		}
	}
	return parseWish(r.PostForm.Get(fieldLedger))
}

// unreadable is a body that could not be read.
type unreadable struct{ err error }

func (u unreadable) Read([]byte) (int, error) { return 0, u.err }

func (u unreadable) Close() error { return nil }

// setWish keeps a wish in the browser, or forgets it if it is 0.
func (a *Area) setWish(w http.ResponseWriter, id ledger.ID) { setWish(a.Cookies, w, id) }

func setWish(jar cookie.Jar, w http.ResponseWriter, id ledger.ID) {
	wish := ""
	if id != 0 {
		wish = strconv.FormatInt(int64(id), 10)
	}
	jar.Set(w, cookie.Cookie{Name: wishCookie, Value: wish, Seconds: wishSeconds})
}
