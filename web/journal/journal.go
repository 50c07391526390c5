// Package journal is the area of what happened to accounts: to one's own, to those of a ledger's members for its owners, and to all for
// administrators. Each is a page, and a file.
package journal

import (
	"context"
	"embed"
	"net/http"
	"strconv"

	"expense-tracker/core/account"
	"expense-tracker/core/ledger"
	"expense-tracker/web/internal/address"
	"expense-tracker/web/internal/area"
	"expense-tracker/web/internal/page"
	"expense-tracker/web/internal/words"
)

//go:embed templates
var templates embed.FS

// Where the pages stand. The file of each has the same address with an ending.
const (
	ownAddress     = "/account/log"
	allAddress     = "/account/log/everybody"
	membersAddress = "/account/log/members"
	fileEnding     = ".csv"
)

// pageSize is how many events a page has.
const pageSize = 50

// Options are what the area asks of others.
type Options struct {
	Members func(ctx context.Context, actor ledger.Actor) ([]account.Watched, error) // of the actor's ledger, since they came
}

// Area answers the requests about what happened. It is safe for concurrent use.
type Area struct {
	area.Tools
	service *account.Service
	options Options
	page    page.Template[view]
}

// New returns the area on a service.
func New(service *account.Service, options Options, tools area.Tools) *Area {
	a := &Area{Tools: tools, service: service, options: options}
	a.page.Define(tools.Frame, templates, "journal")
	return a
}

// view is a page of what happened.
type view struct {
	page.Layout
	Heading, About string
	Events         []eventView
	First, Next    string // addresses; empty if there is nothing there
	File           string
	Everybody      string // where an administrator sees all; empty for others
	Back, BackTo   string
}

type eventView struct{ Text, When, Address string }

// The pages' titles and what they say.
const (
	titleOwn     words.Phrase = "What happened to your account"
	titleAll     words.Phrase = "What happened to all accounts"
	titleMembers words.Phrase = "Who signed in"
	aboutOwn     words.Phrase = "A try that was not yours? Choose another password."
	aboutAll     words.Phrase = "Tried names that nobody has are not kept: some people type their password there."
	aboutMembers words.Phrase = "Of the members of this ledger, since they came. Addresses are shown for failed tries only."
	backAccount  words.Phrase = "Account"
	backPeople   words.Phrase = "People"
	section                   = "more"
)

// source is where events come from, a part at a time.
type source func(before account.EventID, limit int) (account.EventPage, error)

// own returns the events of who asks.
func (a *Area) own(r *http.Request, who account.Signed) source {
	return func(before account.EventID, limit int) (account.EventPage, error) {
		return a.service.OwnEvents(r.Context(), who, before, limit)
	}
}

// all returns everybody's.
func (a *Area) all(r *http.Request, who account.Signed) source {
	return func(before account.EventID, limit int) (account.EventPage, error) {
		return a.service.AllEvents(r.Context(), who, before, limit)
	}
}

// members returns those of the members of the actor's ledger.
func (a *Area) members(r *http.Request, actor ledger.Actor) (source, error) {
	if err := actor.Require(ledger.Owner, "journal.members"); err != nil {
		return nil, err
	}
	members, err := a.options.Members(r.Context(), actor)
	return func(before account.EventID, limit int) (account.EventPage, error) { //nolint:contextcheck // the request has it
		return a.service.MemberEvents(r.Context(), actor, members, before, limit)
	}, err
}

// Own answers GET /account/log.
func (a *Area) Own(w http.ResponseWriter, r *http.Request, actor ledger.Actor, who account.Signed) error {
	shown := view{Back: a.Words.Of(r).T(backAccount), BackTo: "/account"}
	if who.User.Admin {
		shown.Everybody = allAddress
	}
	return a.show(w, r, actor, a.own(r, who), shown, titleOwn, aboutOwn, ownAddress)
}

// OwnFile answers GET /account/log.csv.
func (a *Area) OwnFile(w http.ResponseWriter, r *http.Request, _ ledger.Actor, who account.Signed) error {
	r = patient(r)
	return a.send(w, r, a.own(r, who))
}

// All answers GET /account/log/everybody.
func (a *Area) All(w http.ResponseWriter, r *http.Request, actor ledger.Actor, who account.Signed) error {
	shown := view{Back: a.Words.Of(r).T(titleOwn), BackTo: ownAddress}
	return a.show(w, r, actor, a.all(r, who), shown, titleAll, aboutAll, allAddress)
}

// AllFile answers GET /account/log/everybody.csv.
func (a *Area) AllFile(w http.ResponseWriter, r *http.Request, _ ledger.Actor, who account.Signed) error {
	r = patient(r)
	return a.send(w, r, a.all(r, who))
}

// Members answers GET /account/log/members.
func (a *Area) Members(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	from, err := a.members(r, actor)
	if err != nil {
		return err
	}
	shown := view{Back: a.Words.Of(r).T(backPeople), BackTo: "/people"}
	return a.show(w, r, actor, from, shown, titleMembers, aboutMembers, membersAddress)
}

// MembersFile answers GET /account/log/members.csv.
func (a *Area) MembersFile(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	r = patient(r)
	from, err := a.members(r, actor)
	if err != nil {
		return err
	}
	return a.send(w, r, from)
}

// patient returns a request for a file, which may take longer than a page: each batch of it has a time of its own.
func patient(r *http.Request) *http.Request { return r.WithContext(context.WithoutCancel(r.Context())) }

// show shows a page of events.
func (a *Area) show(
	w http.ResponseWriter, r *http.Request, actor ledger.Actor, from source, shown view, title, about words.Phrase, at string,
) error {
	before, err := placeOf(r)
	if err != nil {
		return err
	}
	found, err := from(before, pageSize)
	if err != nil {
		return err
	}
	in := a.Words.Of(r)
	name, err := a.names(r.Context(), in, found.Events)
	if err != nil {
		return err
	}
	shown.Layout, shown.Heading, shown.About = a.Frame.Layout(in, actor, in.T(title), section), in.T(title), in.T(about)
	today := a.service.Today(actor.Ledger)
	for _, e := range found.Events {
		shown.Events = append(shown.Events, eventView{Text: textOf(in, e, name), When: when(in, actor.Ledger, today, e), Address: e.Address})
	}
	shown.File = at + fileEnding
	if before != 0 {
		shown.First = at
	}
	if found.Next != 0 {
		shown.Next = at + "?before=" + strconv.FormatInt(int64(found.Next), 10)
	}
	return a.page.Show(w, shown)
}

func (a *Area) names(ctx context.Context, in *words.Language, events []account.Event) (func(ledger.UserID) string, error) {
	var users []ledger.UserID
	for _, e := range events {
		users = append(users, e.User, e.By)
	}
	return a.People.Of(ctx, in, users...)
}

func placeOf(r *http.Request) (account.EventID, error) {
	text := r.URL.Query().Get("before")
	if text == "" {
		return 0, nil
	}
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil || id < 1 {
		return 0, address.NoPlace()
	}
	return account.EventID(id), nil
}
