// Package household is the area of shared ledgers: which ones a user is in, who shares the current one, and how others come in. It knows
// users by their number, and asks the site for their names.
package household

import (
	"context"
	"embed"
	"net/http"
	"strconv"

	"expense-tracker/core/ledger"
	"expense-tracker/core/member"
	"expense-tracker/web/internal/address"
	"expense-tracker/web/internal/area"
	"expense-tracker/web/internal/form"
	"expense-tracker/web/internal/notice"
	"expense-tracker/web/internal/page"
	"expense-tracker/web/internal/people"
	"expense-tracker/web/internal/words"
)

//go:embed templates
var templates embed.FS

// Where the pages stand.
const (
	Address       = "/ledgers"
	PeopleAddress = "/people"
	logAddress    = PeopleAddress + "/log"
	joinAddress   = "/join/"
)

// People knows users' names.
type People = people.People

// Area answers the requests about ledgers and their members. It is safe for concurrent use.
type Area struct {
	area.Tools
	service *member.Service
	siteURL func(*http.Request) string

	ledgers page.Template[ledgersView]
	ledger  page.Template[ledgerView]
	members page.Template[peopleView]
	invited page.Template[invitedView]
	join    page.Template[joinView]
	log     page.Template[logView]

	happened notices
}

// notices are what can have happened.
type notices struct {
	made, opened, described, left, joined notice.Kind // to a ledger
	role, removed, withdrawn              notice.Kind // to somebody else
}

// New returns the area on a service. SiteURL returns the site's address without a path, as its users have it; as the request says if nil.
func New(service *member.Service, siteURL func(*http.Request) string, tools area.Tools) *Area {
	if siteURL == nil {
		siteURL = address.Site
	}
	a := &Area{Tools: tools, service: service, siteURL: siteURL}
	a.happened = notices{
		made:      tools.Notices.Register("ledgermade", ofLedger("“%s” is ready.")),
		opened:    tools.Notices.Register("ledgeropen", ofLedger("This is “%s”.")),
		described: tools.Notices.Register("ledgersaved", ofLedger("“%s” is saved.")),
		left:      tools.Notices.Register("ledgerleft", says("You have left the ledger.")),
		joined:    tools.Notices.Register("ledgerjoined", ofLedger("Welcome to “%s”.")),
		role:      tools.Notices.Register("role", a.describe("%s is %s now.")),
		removed:   tools.Notices.Register("memberremoved", says("They are out of the ledger.")),
		withdrawn: tools.Notices.Register("uninvited", says("The invitation is withdrawn.")),
	}
	a.ledgers.Define(tools.Frame, templates, "ledgers")
	a.ledger.Define(tools.Frame, templates, "ledger")
	a.members.Define(tools.Frame, templates, "people")
	a.invited.Define(tools.Frame, templates, "invited")
	a.join.Define(tools.Frame, templates, "join")
	a.log.Define(tools.Frame, templates, "log")
	return a
}

// section is what the area belongs to in the navigation.
const section = "more"

// labels are the fields of the forms as the pages call them.
func labels() form.Labels {
	return form.Labels{
		{Name: member.FieldName, Text: "Name"}, {Name: member.FieldCurrency, Text: "Home currency"}, {Name: member.FieldZone, Text: "Time zone"},
		{Name: member.FieldRole, Text: "Role"}, {Name: member.FieldNote, Text: "For whom"},
	}
}

func says(what words.Phrase) notice.Describe {
	return func(_ context.Context, in *words.Language, _ ledger.Actor, _ int64) (*notice.Notice, error) {
		return &notice.Notice{Text: in.T(what)}, nil
	}
}

// ofLedger says what happened to a ledger that the actor is in.
func ofLedger(what words.Phrase) notice.Describe {
	return func(_ context.Context, in *words.Language, actor ledger.Actor, id int64) (*notice.Notice, error) {
		if actor.Ledger.ID != ledger.ID(id) {
			return nil, nil
		}
		return &notice.Notice{Text: in.T(what, actor.Ledger.Name)}, nil
	}
}

// describe says which role a member has.
func (a *Area) describe(what words.Phrase) notice.Describe {
	return func(ctx context.Context, in *words.Language, actor ledger.Actor, id int64) (*notice.Notice, error) {
		all, err := a.service.Members(ctx, actor)
		if err != nil {
			return nil, err
		}
		found, ok := member.Find(all, ledger.UserID(id))
		if !ok {
			return nil, nil
		}
		name, err := a.People.Of(ctx, in, found.User)
		if err != nil {
			return nil, err
		}
		return &notice.Notice{Text: in.T(what, name(found.User), wordsOf(found.Role).name)}, nil
	}
}

// roleWords are how pages say a role: within a sentence, alone, and with what it may do.
type roleWords struct{ name, rank, about words.Phrase }

const (
	viewer      words.Phrase = "viewer"
	editor      words.Phrase = "editor"
	owner       words.Phrase = "owner"
	nobody      words.Phrase = "nobody"
	rankViewer  words.Phrase = "Viewer"
	rankEditor  words.Phrase = "Editor"
	rankOwner   words.Phrase = "Owner"
	aboutViewer words.Phrase = "Viewer: sees everything"
	aboutEditor words.Phrase = "Editor: adds and changes expenses, too"
	aboutOwner  words.Phrase = "Owner: decides on people, too"
)

// wordsOf returns how pages say a role.
func wordsOf(role ledger.Role) roleWords {
	switch role {
	case ledger.Viewer:
		return roleWords{viewer, rankViewer, aboutViewer}
	case ledger.Editor:
		return roleWords{editor, rankEditor, aboutEditor}
	case ledger.Owner:
		return roleWords{owner, rankOwner, aboutOwner}
	}
	return roleWords{name: nobody}
}

// choiceView is one of several roles.
type choiceView struct {
	Value, Name string
	Chosen      bool
}

func choices(in *words.Language, chosen string) []choiceView {
	var all []choiceView
	for _, role := range member.Roles() {
		all = append(all, choiceView{Value: role.String(), Name: in.T(wordsOf(role).about), Chosen: role.String() == chosen})
	}
	return all
}

func addressOf(id ledger.ID) string { return Address + "/" + strconv.FormatInt(int64(id), 10) }
