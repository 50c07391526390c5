// Package payer says who has paid, and asks who that was, where several people share a ledger. Where one person is all there is, no page
// says a word of it.
package payer

import (
	"context"
	"slices"

	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/core/text"
	"expense-tracker/web/internal/form"
	"expense-tracker/web/internal/people"
	"expense-tracker/web/internal/row"
	"expense-tracker/web/internal/words"
)

// Payers knows who shares a ledger.
type Payers interface {
	// Payers returns the members of a ledger that has several; none of another.
	Payers(ctx context.Context, actor ledger.Actor) ([]expense.Payer, error)
}

// Teller tells who shares a ledger.
type Teller struct {
	payers Payers
	people people.Teller
}

// NewTeller returns a teller of who shares a ledger, and of those who did, whom people knows by name.
func NewTeller(payers Payers, people people.Teller) Teller { return Teller{payers, people} }

// Company is who shares a ledger, as one of them sees it. Of the zero Company nothing is known.
type Company struct {
	alone   bool // one person is all there is
	asks    ledger.UserID
	members []expense.Payer
	name    func(ledger.UserID) string
}

// Of returns who shares the actor's ledger. The payers of the expenses are known by name, too, if they have left it.
func (t Teller) Of(ctx context.Context, in *words.Language, actor ledger.Actor, also ...expense.Expense) (Company, error) {
	users := make([]ledger.UserID, len(also))
	for i, e := range also {
		users[i] = e.PaidBy
	}
	return t.With(ctx, in, actor, users...)
}

// With is Of for users.
func (t Teller) With(ctx context.Context, in *words.Language, actor ledger.Actor, also ...ledger.UserID) (Company, error) {
	if t.people.IsAlone() {
		return Company{alone: true}, nil
	}
	c := Company{asks: actor.User}
	var err error
	if c.members, err = t.payers.Payers(ctx, actor); err != nil {
		return Company{}, err
	}
	known := make(map[ledger.UserID]string, len(c.members))
	for _, m := range c.members {
		known[m.User] = m.Name
	}
	var left []ledger.UserID
	for _, user := range also {
		if user != 0 && known[user] == "" {
			left = append(left, user)
		}
	}
	others, err := t.people.Of(ctx, in, left...)
	if err != nil {
		return Company{}, err
	}
	c.name = func(user ledger.UserID) string {
		if name := known[user]; name != "" {
			return name
		}
		return others(user)
	}
	return c, nil
}

// IsShared reports whether the ledger has several members.
func (c Company) IsShared() bool { return len(c.members) > 1 }

// Has reports whether a user is in the ledger.
func (c Company) Has(user ledger.UserID) bool {
	return slices.ContainsFunc(c.members, func(p expense.Payer) bool { return p.User == user })
}

// Name returns what a payer is called; empty for nobody, and where there is nothing to tell apart.
func (c Company) Name(user ledger.UserID) string {
	if user == 0 || c.name == nil || !c.IsShared() && user == c.asks {
		return ""
	}
	return c.name(user)
}

// Called is Name, for where all of them stand side by side.
func (c Company) Called(user ledger.UserID) string {
	if c.name == nil {
		return ""
	}
	return c.name(user)
}

// Tile returns the mark of a payer: a letter, in a colour that stays theirs.
func (c Company) Tile(user ledger.UserID) row.Tile {
	known := expense.NewCategory(expense.CategoryID(user), expense.CategoryName(c.Called(user)), expense.Look{Icon: "•"}, false)
	return row.Tile{Colour: string(known.Colour), Mark: known.Initial()}
}

// Said says who has paid an expense, in few words; empty for nobody.
func (c Company) Said(in *words.Language, e expense.Expense) string {
	const paidBy words.Phrase = "paid by %s"
	if name := c.Name(e.PaidBy); name != "" {
		return in.T(paidBy, name)
	}
	return ""
}

// notSaid stands where nobody has said who has paid.
const notSaid words.Phrase = "Not said"

// NotSaid returns what stands where nobody has said who has paid.
func NotSaid(in *words.Language) string { return in.T(notSaid) }

// Ask returns the field that asks who has paid, with what was typed; nil for the one who asks. It has no choices where there is nothing
// to ask. What was typed stays chosen, whoever that may be.
func (c Company) Ask(in *words.Language, typed *string, wrong string) form.Select {
	s := form.Select{Field: form.Field{Error: wrong}}
	if typed == nil {
		me := expense.PayerText(c.asks)
		typed = &me
	}
	s.Value = form.Shown(*typed)
	isKnown := c.alone || c.name != nil
	if c.IsShared() || s.Value != "" && (wrong != "" || !isKnown) {
		s.Choices = c.choices(in, s.Value)
	}
	return s
}

// AskSeveral returns the field that asks who has paid several expenses: nothing leaves each as it is.
func (c Company) AskSeveral(in *words.Language, typed, wrong string) form.Select {
	const asItIs words.Phrase = "As it is"
	s := c.Ask(in, &typed, wrong)
	if s.Choices == nil {
		return s
	}
	unpaid := form.Choice{Value: expense.Unpaid, Text: in.T(notSaid), Chosen: typed == expense.Unpaid}
	if unpaid.Chosen {
		s.Choices = s.Choices[1:] // which showed it as it was typed
	}
	for i := range s.Choices {
		if s.Choices[i].Value == "" {
			s.Choices[i].Text = in.T(asItIs)
		}
	}
	s.Choices = append(s.Choices, unpaid)
	return s
}

// AskWhose returns the field that asks whose payments are searched for: nothing is anybody's.
func (c Company) AskWhose(in *words.Language, typed, wrong string) form.Select {
	const anybody words.Phrase = "Anybody"
	s := c.Ask(in, &typed, wrong)
	for i := range s.Choices {
		if s.Choices[i].Value == "" {
			s.Choices[i].Text = in.T(anybody)
		}
	}
	return s
}

// choices are the members, who asks before the others, behind nobody. What was typed and is none of them comes first.
func (c Company) choices(in *words.Language, typed string) []form.Choice {
	const you words.Phrase = "%s (you)"
	members := slices.Clone(c.members)
	if i := slices.IndexFunc(members, func(p expense.Payer) bool { return p.User == c.asks }); i > 0 {
		members = slices.Insert(slices.Delete(members, i, i+1), 0, c.members[i])
	}
	choices := []form.Choice{{Text: in.T(notSaid), Chosen: typed == ""}}
	found := typed == ""
	for _, m := range members {
		choice := form.Choice{Value: expense.PayerText(m.User), Text: c.name(m.User)}
		choice.Chosen = !found && (choice.Value == typed || m.Name != "" && text.Fold(m.Name) == text.Fold(typed))
		if found = found || choice.Chosen; m.User == c.asks {
			choice.Text = in.T(you, choice.Text)
		}
		choices = append(choices, choice)
	}
	if !found {
		other := form.Choice{Value: typed, Text: typed, Chosen: true}
		const asBefore words.Phrase = "As it was chosen"
		switch number := expense.PayerNumber(typed); {
		case number != 0 && c.name != nil:
			other.Text = c.name(number)
		case number != 0:
			other.Text = in.T(asBefore)
		}
		choices = append([]form.Choice{other}, choices...)
	}
	return choices
}
