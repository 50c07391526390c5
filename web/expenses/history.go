package expenses

import (
	"net/http"
	"net/url"
	"strconv"

	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/web/internal/address"
	"expense-tracker/web/internal/payer"
	"expense-tracker/web/internal/row"
	"expense-tracker/web/internal/words"
)

// historyParameter says from which revision on an expense's page shows its history.
const historyParameter = "history"

// historyView is what happened to an expense, the newest first.
type historyView struct {
	Steps         []stepView
	Newest, Older string // addresses; empty if there is nothing there
}

// stepView is one change.
type stepView struct {
	What    string
	When    string // empty if it is not known
	Who     string // likewise, and where one user is all there is
	Changes []changeView
}

// changeView is what a change made of one field. What is empty was nothing.
type changeView struct{ Label, From, To string }

const (
	stepAdded    words.Phrase = "Added"
	stepDeleted  words.Phrase = "Deleted"
	stepRestored words.Phrase = "Brought back"
	stepChanged  words.Phrase = "Changed"
	stepSame     words.Phrase = "Saved as it was"
	stepAt       words.Phrase = "%s, %s" // a day and a time
	stepBy       words.Phrase = "by %s"
	addedBy      words.Phrase = "Added by %s"
)

// history returns the part of an expense's history that a request asks for; nil if the expense was never changed.
func (a *Area) history(r *http.Request, in *words.Language, actor ledger.Actor, id expense.ID, place cursor) (*historyView, error) {
	from := 0
	if text := r.URL.Query().Get(historyParameter); text != "" {
		number, err := strconv.ParseInt(text, 10, 32)
		if err != nil || number < 1 {
			return nil, address.NoPlace()
		}
		from = int(number)
	}
	page, err := a.service.History(r.Context(), actor, id, from)
	if err != nil || len(page.Steps) == 0 && from == 0 {
		return nil, err
	}
	view := &historyView{Older: historyAt(id, place, page.Older)}
	if from != 0 {
		view.Newest = row.Address(id) + place.Query() + "#history"
	}
	var users []ledger.UserID
	var said []expense.Expense
	for _, step := range page.Steps {
		said = append(said, step.Before.Expense, step.After.Expense)
	}
	of, err := a.Payers.Of(r.Context(), in, actor, said...)
	if err != nil {
		return nil, err
	}
	for _, step := range page.Steps {
		view.Steps = append(view.Steps, a.stepView(in, actor, of, step))
		users = append(users, step.After.By)
	}
	if a.People.IsAlone() {
		return view, nil
	}
	name, err := a.People.Of(r.Context(), in, users...)
	if err != nil {
		return nil, err
	}
	for i, user := range users {
		if user != 0 {
			view.Steps[i].Who = in.T(stepBy, name(user))
		}
	}
	return view, nil
}

// historyAt returns the address of a page of an expense's history; empty for no revision.
func historyAt(id expense.ID, place cursor, from int) string {
	if from == 0 {
		return ""
	}
	query := url.Values{historyParameter: {strconv.Itoa(from)}}.Encode()
	if at := place.Query(); at != "" {
		return row.Address(id) + at + "&" + query + "#history"
	}
	return row.Address(id) + "?" + query + "#history"
}

func (a *Area) stepView(in *words.Language, actor ledger.Actor, of payer.Company, step expense.Step) stepView {
	before, after := step.Before, step.After
	view := stepView{What: in.T(stepChanged)}
	if !after.At.IsZero() {
		day := actor.Ledger.Today(after.At)
		view.When = in.T(stepAt, in.ShortDay(day, a.service.Today(actor)), in.Clock(actor.Ledger.At(after.At)))
	}
	if before.Revision == 0 {
		view.What = in.T(stepAdded)
		return view
	}
	was, is := fieldsOf(in, of, before.Expense), fieldsOf(in, of, after.Expense)
	for i := range is {
		if was[i].text != is[i].text {
			view.Changes = append(view.Changes, changeView{Label: in.T(is[i].label), From: was[i].text, To: is[i].text})
		}
	}
	switch {
	case after.Deleted && !before.Deleted:
		view.What = in.T(stepDeleted)
	case before.Deleted && !after.Deleted:
		view.What = in.T(stepRestored)
	case view.Changes == nil:
		view.What = in.T(stepSame)
	}
	return view
}
