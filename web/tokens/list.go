package tokens

import (
	"context"
	"net/http"
	"strconv"

	"expense-tracker/core/fault"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/token"
	"expense-tracker/web/internal/form"
	"expense-tracker/web/internal/page"
	"expense-tracker/web/internal/problem"
	"expense-tracker/web/internal/words"
)

// listView is the page of the tokens to the current ledger.
type listView struct {
	page.Layout
	Ledger   string // its name
	Tokens   []tokenView
	Unread   bool // they cannot be read now
	Everyone bool // the reader is an owner, who sees all members' tokens
	Form     formView
	Problem  *problem.Problem
}

type tokenView struct {
	Name, About, Ends, Used string
	Over                    bool
	Revoke                  string // address of the form
}

type formView struct {
	Key                      string
	Name, Scope, Ends, Until form.Field
	Scopes, Days             []choiceView
	Least, Most              string // days
}

// choiceView is one of several.
type choiceView struct {
	Value, Name string
	Chosen      bool
}

// What the page says of a token.
const (
	mayRead   words.Phrase = "Reads: fetches CSV files"
	mayWrite  words.Phrase = "Reads and adds: sends expenses, too"
	readsBy   words.Phrase = "Reads, in the name of %s"
	writesBy  words.Phrase = "Reads and adds, in the name of %s"
	endsOn    words.Phrase = "Ends after %s"
	endedOn   words.Phrase = "Ended after %s"
	usedLast  words.Phrase = "last used: %s"
	neverUsed words.Phrase = "never used"
	onDayAt   words.Phrase = "%s, %s" // a day and a time
	afterDays words.Phrase = "After %s days"
	onADay    words.Phrase = "On a day of your choice"
)

// fieldKey is the idempotency key of the form.
const fieldKey = "idempotency_key"

// usualDays is what the form proposes.
const usualDays = "90"

// List answers GET /tokens.
func (a *Area) List(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	in := a.Words.Of(r)
	view, err := a.listView(r.Context(), in, actor)
	if err != nil {
		return err
	}
	if view.Notice, err = a.Notices.Take(w, r, in, actor); err != nil {
		return err
	}
	return a.list.Show(w, view)
}

func (a *Area) listView(ctx context.Context, in *words.Language, actor ledger.Actor) (listView, error) {
	all, err := a.service.List(ctx, actor)
	if err != nil {
		return listView{}, err
	}
	users := make([]ledger.UserID, 0, len(all))
	for _, t := range all {
		users = append(users, t.By)
	}
	name, err := a.People.Of(ctx, in, users...)
	if err != nil {
		return listView{}, err
	}
	own, today := actor.Ledger, a.service.Today(actor.Ledger)
	view := listView{
		Layout: a.Frame.Layout(in, actor, in.T(titleTokens), section), Ledger: own.Name, Everyone: actor.Role == ledger.Owner,
		Form: a.formView(in, actor, token.Draft{Scope: string(token.Read), Ends: usualDays}),
	}
	for _, t := range all {
		about := readsBy
		if t.Scope == token.Write {
			about = writesBy
		}
		ends, last := endsOn, own.Today(t.Until.Add(-1))
		over := last.Compare(today) < 0
		if over {
			ends = endedOn
		}
		shown := tokenView{
			Name: t.Name, About: in.T(about, name(t.By)), Ends: in.T(ends, in.Date(last, today)), Used: in.T(neverUsed), Over: over,
			Revoke: Address + "/" + strconv.FormatInt(int64(t.ID), 10) + "/revoke",
		}
		if !t.Used.IsZero() {
			shown.Used = in.T(usedLast, in.T(onDayAt, in.ShortDay(own.Today(t.Used), today), in.Clock(own.At(t.Used))))
		}
		view.Tokens = append(view.Tokens, shown)
	}
	return view, nil
}

// formView returns the form as a draft has it. Who may not write is not offered to.
func (a *Area) formView(in *words.Language, actor ledger.Actor, draft token.Draft) formView {
	today := a.service.Today(actor.Ledger)
	shown := formView{
		Key: string(a.NewKey()), Name: form.Field{Value: form.Shown(draft.Name)}, Until: form.Field{Value: form.Shown(draft.Until)},
		Least: today.String(), Most: today.AddDays(token.MaxDays).String(),
	}
	for _, scope := range token.Scopes() {
		if actor.Role < scope.Role() {
			continue
		}
		name := mayRead
		if scope == token.Write {
			name = mayWrite
		}
		shown.Scopes = append(shown.Scopes, choiceView{string(scope), in.T(name), draft.Scope == string(scope)})
	}
	for _, days := range token.Days() {
		shown.Days = append(shown.Days, choiceView{days, in.T(afterDays, days), draft.Ends == days})
	}
	shown.Days = append(shown.Days, choiceView{token.UntilDay, in.T(onADay), draft.Ends == token.UntilDay})
	return shown
}

// again returns err as one that shows the page again, as it is now, with what was typed.
func (a *Area) again(r *http.Request, actor ledger.Actor, title words.Phrase, err error, draft *token.Draft) error {
	ours := problem.IsOurs(err)
	if kind := fault.KindOf(err); kind == fault.Forbidden || kind == fault.NotFound || ours && draft == nil {
		return err
	}
	ctx, in := context.WithoutCancel(r.Context()), a.Words.Of(r)
	return problem.OnPage(err, func(p problem.Problem) ([]byte, error) {
		view := listView{Layout: a.Frame.Layout(in, actor, in.T(titleTokens), section), Ledger: actor.Ledger.Name, Unread: true}
		if !ours {
			var missing error
			if view, missing = a.listView(ctx, in, actor); missing != nil {
				return a.Problems.Page(p, nil)
			}
		}
		p = labels().Arrange(p)
		if draft != nil {
			view.Form = a.typed(r, actor, in, p, *draft)
		}
		view.Problem, view.Title = &p, in.T(title)
		return a.list.Render(view)
	})
}

// typed returns the form as it was typed, with what is wrong about it. It keeps its key unless that one has made a token.
func (a *Area) typed(r *http.Request, actor ledger.Actor, in *words.Language, p problem.Problem, draft token.Draft) formView {
	shown := a.formView(in, actor, draft)
	if key, wrong := idempotency.ParseKey(r.PostForm.Get(fieldKey)); wrong == nil && p.Kind != fault.Conflict {
		shown.Key = string(key)
	}
	focus := true
	for _, f := range []struct {
		field *form.Field
		name  string
	}{
		{&shown.Name, token.FieldName}, {&shown.Scope, token.FieldScope}, {&shown.Ends, token.FieldEnds}, {&shown.Until, token.FieldUntil},
	} {
		f.field.Error = p.MessageAt(f.name)
		f.field.Focus = focus && f.field.Error != ""
		focus = focus && f.field.Error == ""
	}
	return shown
}
