package problem

import (
	"context"
	"embed"
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"strconv"

	"expense-tracker/core/account"
	"expense-tracker/core/fault"
	"expense-tracker/web/internal/address"
	"expense-tracker/web/internal/bearer"
	"expense-tracker/web/internal/page"
	"expense-tracker/web/internal/words"
)

//go:embed templates
var templates embed.FS

// Parts returns the templates "problem", which shows a Problem above a form, and "again", which shows an Again.
func Parts() fs.FS { return templates }

// Desk answers errors, and logs those that no user can mend.
type Desk struct {
	book      *words.Book
	frame     *page.Frame
	page      page.Template[view]
	logger    *slog.Logger
	requestID func(context.Context) string
}

// view is the page of a problem that no form can mend.
type view struct {
	page.Layout
	Problem Problem
	Again   *Again // a form that may be sent once more; nil if there is none
}

// Again is a form that is sent once more by a button.
type Again struct {
	Path   string
	Fields []Typed  // all that it has
	Shown  []string // what its sender may know again
	Button string   // what it says
	Focus  bool     // it takes the focus
}

// Typed is a field as it was sent.
type Typed struct{ Name, Value string }

// NewDesk returns a desk. The request's id is shown beside a fault of our own, so that its line in the log can be found.
func NewDesk(book *words.Book, frame *page.Frame, logger *slog.Logger, requestID func(context.Context) string) *Desk {
	d := &Desk{book: book, frame: frame, logger: logger, requestID: requestID}
	d.page.Define(frame, templates, "fault")
	return d
}

// Answer is the one place that turns an error into a status and a page. Nothing may have been written before.
func (d *Desk) Answer(w http.ResponseWriter, r *http.Request, err error) {
	in := d.book.Of(r)
	p := d.explain(r.Context(), in, err)
	var refused *refusal
	if errors.As(err, &refused) && refused.allow != "" {
		w.Header().Set("Allow", refused.allow)
	}
	if hasWait(p.Kind) {
		w.Header().Set("Retry-After", strconv.Itoa(secondsToWait(err)))
	}
	if page := r.URL.RequestURI(); hasWait(p.Kind) && r.Method == http.MethodGet && address.IsHere(page) {
		p.Reopen = page
	}
	byToken := bearer.IsIn(r)
	challenge(w.Header(), p.Kind, byToken)
	if byToken {
		page.SendText(w, in, p.Status, p.forProgram())
		return
	}
	var own *onPage
	if errors.As(err, &own) {
		content, broken := own.show(p)
		if broken == nil {
			page.Send(w, in, p.Status, content)
			return
		}
		d.Log(r.Context(), broken)
	}
	if p.Kind == fault.Unauthenticated && r.Method == http.MethodPost {
		p.Add("What you sent was not stored: sign in, go back, and send it again.")
	}
	content, broken := d.Page(p, nil)
	if broken != nil {
		d.Log(r.Context(), broken)
		content = []byte(p.Title)
	}
	page.Send(w, in, p.Status, content)
}

// AnswerPanic answers a request whose handler panicked. The recovery from the panic has logged it.
func (d *Desk) AnswerPanic(w http.ResponseWriter, r *http.Request) {
	in := d.book.Of(r)
	p := Problem{
		In: in, Kind: fault.Internal, Status: statusOf(fault.Internal), RequestID: d.requestID(r.Context()), asked: askerOf(nil),
	}
	p.say(ofKind(p.Kind))
	content, err := d.Page(p, nil)
	if err != nil {
		content = []byte(p.Title)
	}
	page.Send(w, in, p.Status, content)
}

// Page renders the page of a problem that no form can mend, with a button to try again unless that is nil.
func (d *Desk) Page(p Problem, again *Again) ([]byte, error) {
	layout := d.frame.Layout(p.language(d.book), p.asked.actor, p.Title, "")
	if p.asked.stranger || p.Kind == fault.Unauthenticated || p.Status == http.StatusMisdirectedRequest { // no link would lead anywhere
		layout = d.frame.Bare(p.language(d.book), p.Title)
	}
	return d.page.Render(view{Layout: layout, Problem: p, Again: again})
}

// explain finds status and words for an error, and logs what is our own fault.
func (d *Desk) explain(ctx context.Context, in *words.Language, err error) Problem {
	var refused *refusal
	if errors.As(err, &refused) {
		p := refused.problem(in)
		p.asked = askerOf(err)
		return p
	}
	p := Problem{In: in, Kind: fault.KindOf(err), asked: askerOf(err)}
	p.Status = statusOf(p.Kind)
	p.say(ofKind(p.Kind))
	if text := fault.TextOf(err); !text.IsEmpty() && p.Kind != fault.Internal {
		p.Text = in.Text(text)
	}
	var doubted *doubt
	if errors.As(err, &doubted) && p.Kind == fault.Unavailable {
		p.Text = doubted.explain(in)
	}
	for _, v := range fault.ViolationsOf(err) {
		p.Fields = append(p.Fields, Field{Name: v.Field, Message: in.Text(v.Message)})
	}
	if p.IsOurs() {
		p.RequestID = d.requestID(ctx)
		d.Log(ctx, err)
	}
	return p
}

// Log writes down a failure that no user can mend. It does so though the client may have gone: a fault of our own stays one.
func (d *Desk) Log(ctx context.Context, err error) {
	switch {
	case errors.Is(err, account.ErrAway): // its adapter has said so
	case fault.KindOf(err) == fault.Unavailable && ctx.Err() != nil:
		d.logger.DebugContext(ctx, "storage unavailable to a client that has gone", "error", err)
	case fault.KindOf(err) == fault.Unavailable:
		d.logger.WarnContext(ctx, "storage unavailable", "error", err)
	default:
		d.logger.ErrorContext(ctx, "internal error", "error", err)
	}
}
