package household

import (
	"context"
	"net/http"
	"time"

	"expense-tracker/core/fault"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/member"
	"expense-tracker/core/revision"
	"expense-tracker/web/internal/address"
	"expense-tracker/web/internal/form"
	"expense-tracker/web/internal/page"
	"expense-tracker/web/internal/problem"
	"expense-tracker/web/internal/words"
)

// ledgersView is the page of the ledgers that a user is in.
type ledgersView struct {
	page.Layout
	Ledgers []ledgerRow
}

type ledgerRow struct {
	Name, Currency, Role string
	Link                 string // of its own page
	Current              bool
}

// ledgerView is the page of one ledger: a new one, or one that is described anew.
type ledgerView struct {
	page.Layout
	New        bool
	Action     string
	Key        string // of a new one's form
	Revision   string
	Form       formView
	Owned      bool // by the reader, so that there is a form
	Configured bool // the currency and the zone are the configuration's
	Zones      []string
	Problem    *problem.Problem
}

type formView struct{ Name, Currency, Zone form.Field }

// The titles of the pages.
const (
	titleLedgers words.Phrase = "Ledgers"
	titleNew     words.Phrase = "A new ledger"
	titleNotMade words.Phrase = "Not saved"
	machine      words.Phrase = "the machine's own"
	fieldKey                  = "idempotency_key"
)

// Ledgers answers GET /ledgers.
func (a *Area) Ledgers(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	all, err := a.service.Ledgers(r.Context(), actor.User)
	if err != nil {
		return err
	}
	in := a.Words.Of(r)
	view := ledgersView{Layout: a.Frame.Layout(in, actor, in.T(titleLedgers), section)}
	for _, m := range all {
		view.Ledgers = append(view.Ledgers, ledgerRow{
			Name: m.Ledger.Name, Currency: m.Ledger.Currency.Code(), Role: in.T(wordsOf(m.Role).rank), Link: addressOf(m.Ledger.ID),
			Current: m.Ledger.ID == actor.Ledger.ID,
		})
	}
	if view.Notice, err = a.Notices.Take(w, r, in, actor); err != nil {
		return err
	}
	return a.ledgers.Show(w, view)
}

// Open answers POST /ledgers/{id}/open: from then on this browser shows that ledger.
func (a *Area) Open(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	found, err := a.inPath(r, actor)
	if err != nil {
		return err
	}
	a.setWish(w, found.Ledger.ID)
	a.happened.opened.Redirect(w, r, address.Home, int64(found.Ledger.ID))
	return nil
}

// inPath returns the actor in the ledger that a path names.
func (a *Area) inPath(r *http.Request, actor ledger.Actor) (ledger.Actor, error) {
	id, err := form.ID(r)
	if err != nil {
		return ledger.Actor{}, err
	}
	return a.service.Actor(r.Context(), actor.User, ledger.ID(id))
}

// New answers GET /ledgers/new.
func (a *Area) New(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	view := a.newView(a.Words.Of(r), actor)
	if !actor.Ledger.Currency.IsZero() {
		view.Form.Currency.Value, view.Form.Zone.Value = actor.Ledger.Currency.Code(), typedZone(actor.Ledger)
	}
	return a.ledger.Show(w, view)
}

func (a *Area) newView(in *words.Language, actor ledger.Actor) ledgerView {
	view := ledgerView{
		Layout: a.Frame.Layout(in, actor, in.T(titleNew), section), New: true, Owned: true, Action: Address,
		Key: string(a.NewKey()), Zones: zones(),
	}
	view.Form.Name.Focus = true
	return view
}

// Create answers POST /ledgers.
func (a *Area) Create(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	if err := form.Read(r); err != nil {
		return err
	}
	key := r.PostForm.Get(fieldKey)
	made, err := a.service.Create(r.Context(), actor.User, key, draftOf(r))
	if err != nil {
		return problem.OnPage(problem.MaybeChanged(err), func(p problem.Problem) ([]byte, error) {
			view := a.newView(a.Words.Of(r), actor)
			if _, invalid := idempotency.ParseKey(key); invalid == nil && p.Kind != fault.Conflict {
				view.Key = key
			}
			view.typed(r, p)
			return a.ledger.Render(view)
		})
	}
	a.setWish(w, made.Ledger.ID)
	a.happened.made.Redirect(w, r, address.Home, int64(made.Ledger.ID))
	return nil
}

func draftOf(r *http.Request) member.Draft {
	return member.Draft{
		Name: r.PostForm.Get(member.FieldName), Currency: r.PostForm.Get(member.FieldCurrency), Zone: r.PostForm.Get(member.FieldZone),
	}
}

// typed puts what was typed into the page again, with what is wrong about it.
func (v *ledgerView) typed(r *http.Request, p problem.Problem) {
	p = labels().Arrange(p)
	v.Form.Name.Focus = false
	focus := true
	for _, f := range []struct {
		field *form.Field
		name  string
	}{{&v.Form.Name, member.FieldName}, {&v.Form.Currency, member.FieldCurrency}, {&v.Form.Zone, member.FieldZone}} {
		*f.field = form.Field{Value: form.Typed(r, f.name), Error: p.MessageAt(f.name)}
		f.field.Focus = focus && f.field.Error != ""
		focus = focus && f.field.Error == ""
	}
	v.Problem, v.Title = &p, p.T(titleNotMade)
}

// Ledger answers GET /ledgers/{id}.
func (a *Area) Ledger(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	in := a.Words.Of(r)
	found, err := a.inPath(r, actor)
	if err != nil {
		return err
	}
	view := a.ledgerView(in, actor, found)
	if view.Notice, err = a.Notices.Take(w, r, in, found); err != nil {
		return err
	}
	return a.ledger.Show(w, view)
}

// ledgerView is the page of a ledger in which the actor is found.
func (a *Area) ledgerView(in *words.Language, actor, found ledger.Actor) ledgerView {
	own := found.Ledger
	view := ledgerView{
		Layout: a.Frame.Layout(in, actor, own.Name, section), Action: addressOf(own.ID), Owned: found.Role == ledger.Owner,
		Configured: a.service.IsConfigured(found), Revision: member.Seen(own).String(), Zones: zones(),
	}
	view.Form = formView{
		Name: form.Field{Value: own.Name}, Currency: form.Field{Value: own.Currency.Code()}, Zone: form.Field{Value: typedZone(own)},
	}
	if own.ZoneName() == time.Local.String() {
		view.Form.Zone.Value = in.T(machine)
	}
	return view
}

// typedZone returns a ledger's zone as it is typed; that of the machine is none that anybody types.
func typedZone(l ledger.Ledger) string {
	if l.ZoneName() == time.Local.String() {
		return time.UTC.String()
	}
	return l.ZoneName()
}

// Describe answers POST /ledgers/{id}.
func (a *Area) Describe(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	found, err := a.inPath(r, actor)
	if err != nil {
		return err
	}
	if err := form.Read(r); err != nil {
		return err
	}
	saw, err := form.Saw(r)
	var described ledger.Ledger
	if err == nil {
		described, err = a.service.Describe(r.Context(), found, saw, draftOf(r))
	}
	if err != nil {
		return a.describeAgain(r, actor, found, saw, problem.MaybeChanged(err))
	}
	a.happened.described.Redirect(w, r, addressOf(described.ID), int64(described.ID))
	return nil
}

// describeAgain shows the ledger's page as it was typed. What is seen now comes along after a conflict, so that sending again overwrites
// knowingly.
func (a *Area) describeAgain(r *http.Request, actor, found ledger.Actor, saw revision.Seen, err error) error {
	if kind := fault.KindOf(err); kind == fault.Forbidden || kind == fault.NotFound {
		return err
	}
	ctx, in := context.WithoutCancel(r.Context()), a.Words.Of(r)
	return problem.OnPage(err, func(p problem.Problem) ([]byte, error) {
		if now, missing := a.service.Actor(ctx, found.User, found.Ledger.ID); missing == nil {
			found = now
		}
		view := a.ledgerView(in, actor, found)
		if p.Kind != fault.Conflict && saw != (revision.Seen{}) {
			view.Revision = saw.String()
		}
		stored := view.Form
		view.typed(r, p)
		if view.Configured {
			view.Form.Currency, view.Form.Zone = stored.Currency, stored.Zone
		}
		return a.ledger.Render(view)
	})
}

// zones are suggested. Any name of the IANA database is one.
func zones() []string {
	return []string{
		"Africa/Cairo", "Africa/Johannesburg", "Africa/Lagos", "Africa/Nairobi", "America/Argentina/Buenos_Aires", "America/Bogota",
		"America/Chicago", "America/Denver", "America/Lima", "America/Los_Angeles", "America/Mexico_City", "America/New_York",
		"America/Sao_Paulo", "America/Toronto", "Asia/Bangkok", "Asia/Dubai", "Asia/Hong_Kong", "Asia/Jakarta", "Asia/Kolkata",
		"Asia/Manila", "Asia/Seoul", "Asia/Shanghai", "Asia/Singapore", "Asia/Tokyo", "Australia/Sydney", "Europe/Athens", "Europe/Berlin",
		"Europe/Istanbul", "Europe/Kyiv", "Europe/Lisbon", "Europe/London", "Europe/Madrid", "Europe/Paris", "Europe/Rome",
		"Europe/Stockholm", "Europe/Vienna", "Europe/Warsaw", "Europe/Zurich", "Pacific/Auckland", "UTC",
	}
}
