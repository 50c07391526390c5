package web

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

// flashCookie carries what just happened over the redirect that follows a POST: a kind and an id, and nothing of the content.
const (
	flashCookie  = "flash"
	flashSeconds = 60
)

// flash is what just happened, to which row.
type flash struct {
	kind string
	id   int64
}

// The kinds of flash.
const (
	flashAdded    = "added"
	flashKnown    = "known" // sent twice, stored once
	flashSaved    = "saved"
	flashDeleted  = "deleted"
	flashRestored = "restored"
	flashRenamed  = "renamed"
	flashMerged   = "merged"
)

// flashView is the message at the top of a page.
type flashView struct {
	Text string
	Undo string // where a POST undoes it; empty if there is no undo

	Revision string // that the undo starts from
}

// redirect sends the browser to a page of this site, which will say what happened.
func redirect(w http.ResponseWriter, r *http.Request, to string, happened flash) {
	setFlash(w, r, happened.kind+"."+strconv.FormatInt(happened.id, 10), flashSeconds)
	w.Header()["Location"] = []string{to}
	w.WriteHeader(http.StatusSeeOther)
}

func setFlash(w http.ResponseWriter, r *http.Request, value string, maxAge int) {
	http.SetCookie(w, &http.Cookie{ //nolint:gosec // Secure only under TLS, which one's own machine does without; the cookie holds no secret
		Name: flashCookie, Value: value, Path: "/", MaxAge: maxAge, HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: r.TLS != nil,
	})
}

// flashOf returns what a request's cookie says has happened; false if it says nothing that makes sense.
func flashOf(r *http.Request) (flash, bool) {
	cookie, err := r.Cookie(flashCookie)
	if err != nil {
		return flash{}, false
	}
	kind, digits, _ := strings.Cut(cookie.Value, ".")
	id, err := strconv.ParseInt(digits, 10, 64)
	return flash{kind: kind, id: id}, err == nil && id > 0
}

// takeFlash returns the message for a request and makes the browser forget it; nil if there is none.
func (s *Site) takeFlash(w http.ResponseWriter, r *http.Request, actor ledger.Actor) (*flashView, error) {
	happened, ok := flashOf(r)
	if !ok {
		return nil, nil
	}
	setFlash(w, r, "", -1)
	view, err := s.describe(r.Context(), actor, happened)
	if errors.Is(err, fault.NotFound) {
		return nil, nil // somebody else removed it in the meantime
	}
	return view, err
}

// describe looks up the row that something happened to, and says so.
func (s *Site) describe(ctx context.Context, actor ledger.Actor, happened flash) (*flashView, error) {
	switch happened.kind {
	case flashRenamed, flashMerged:
		summary, err := s.service.Category(ctx, actor, expense.CategoryID(happened.id))
		if err != nil {
			return nil, err
		}
		name := string(summary.Category.Name)
		if happened.kind == flashMerged {
			return &flashView{Text: "Merged into " + name + "."}, nil
		}
		return &flashView{Text: "Renamed to " + name + "."}, nil
	}
	e, err := s.service.Get(ctx, actor, expense.ID(happened.id))
	if err != nil {
		return nil, err
	}
	what := string(e.Category.Name) + ", " + e.Price.Format() + "."
	undo := "/expenses/" + strconv.FormatInt(happened.id, 10) + "/restore"
	revision := e.Seen().String()
	switch {
	case happened.kind == flashDeleted && e.Deleted:
		return &flashView{Text: "Deleted " + what, Undo: undo, Revision: revision}, nil
	case happened.kind == flashKnown && e.Deleted:
		return &flashView{Text: "This was added before, and deleted since: " + what, Undo: undo, Revision: revision}, nil
	case e.Deleted: // what happened had been sent before, and this came after it
		return &flashView{Text: "This was deleted since: " + what, Undo: undo, Revision: revision}, nil
	case happened.kind == flashKnown:
		return &flashView{Text: "This was added before, and is stored once: " + what}, nil
	case happened.kind == flashAdded:
		return &flashView{Text: "Added " + what}, nil
	case happened.kind == flashSaved:
		return &flashView{Text: "Saved " + what}, nil
	case happened.kind == flashRestored:
		return &flashView{Text: "Brought back " + what}, nil
	}
	return nil, nil
}
