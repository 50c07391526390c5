// Package rates is the area of currencies: which ones the ledger uses beside its own, the rates that its people entered, and what all
// of it makes altogether.
package rates

import (
	"context"
	"embed"
	"strconv"

	"expense-tracker/core/ledger"
	"expense-tracker/core/rate"
	"expense-tracker/web/internal/altogether"
	"expense-tracker/web/internal/area"
	"expense-tracker/web/internal/form"
	"expense-tracker/web/internal/notice"
	"expense-tracker/web/internal/page"
	"expense-tracker/web/internal/words"
)

//go:embed templates
var templates embed.FS

// Area answers the requests about rates. It is safe for concurrent use.
type Area struct {
	area.Tools
	service *rate.Service

	list page.Template[listView]
	rate page.Template[rateView]

	entered, removed, restored notice.Kind
}

// New returns the area on a service.
func New(service *rate.Service, tools area.Tools) *Area {
	a := &Area{Tools: tools, service: service}
	a.entered = tools.Notices.Register("rated", a.describe("From %[4]s on: 1 %[1]s = %[2]s %[3]s."))
	a.removed = tools.Notices.Register("unrated", a.describe("Removed: 1 %[1]s = %[2]s %[3]s, from %[4]s on."))
	a.restored = tools.Notices.Register("rerated", a.describe("Here again: 1 %[1]s = %[2]s %[3]s, from %[4]s on."))
	a.list.Define(tools.Frame, templates, "rates")
	a.rate.Define(tools.Frame, templates, "rate")
	return a
}

// section is what the area belongs to in the navigation.
const section = "more"

// The titles of the area's pages.
const (
	titleList       words.Phrase = "Currencies"
	titleRate       words.Phrase = "Rate of %s"
	titleNotEntered words.Phrase = "Not saved"
	titleUnknown    words.Phrase = "Rate"
)

// equals is a rate as it is written beside its day.
const equals words.Phrase = "1 %s = %s %s"

// labels are the fields of the forms as the pages call them.
func labels() form.Labels {
	return form.Labels{
		{Name: rate.FieldCurrency, Text: "Currency"}, {Name: rate.FieldRate, Text: "Rate"}, {Name: rate.FieldDate, Text: "From"},
	}
}

// describe says what happened to a rate. One that is removed now can be put back.
func (a *Area) describe(what words.Phrase) notice.Describe {
	return func(ctx context.Context, in *words.Language, actor ledger.Actor, id int64) (*notice.Notice, error) {
		r, err := a.service.Get(ctx, actor, rate.ID(id))
		if err != nil {
			return nil, err
		}
		said := &notice.Notice{Text: in.T(what, r.Currency, in.Decimal(r.Value.String()), r.Home, in.Date(r.Day, a.service.Today(actor)))}
		if r.Removed {
			said.Undo, said.Revision = addressOf(r.ID())+"/restore", r.Seen().String()
		} else {
			said.Edit = addressOf(r.ID())
		}
		return said, nil
	}
}

func addressOf(id rate.ID) string { return altogether.Address + "/" + strconv.FormatInt(int64(id), 10) }
