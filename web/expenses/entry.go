package expenses

import (
	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/money"
	"expense-tracker/web/internal/row"
	"expense-tracker/web/internal/words"
)

// entryView is the form for a new expense: the amount first, the categories used most as tiles, and the rest folded.
type entryView struct {
	formView
	Sign    string // of the currency, beside the amount
	Choices []choiceView
	Folded  string // what stands in the fold, in few words
	Open    bool   // the fold has something to see
}

// choiceView is a category to choose by one tap.
type choiceView struct {
	row.Tile
	Name   string
	Chosen bool
}

// newEntry puts a form into its places. What was typed of a category that has a tile is chosen there.
func newEntry(in *words.Language, form formView, frequent []expense.Category, today civil.Date, own money.Currency) entryView {
	const (
		folded words.Phrase = "%s · %s · Note"
		shared words.Phrase = "%s · %s · %s · Note" // with who has paid
	)
	view := entryView{formView: form}
	for _, c := range frequent {
		choice := choiceView{Tile: row.TileOf(c), Name: string(c.Name)}
		if form.Category.Error == "" && form.Category.Value == choice.Name {
			choice.Chosen, view.Category.Value = true, ""
		}
		view.Choices = append(view.Choices, choice)
	}
	currency, code := own, own.Code()
	if typed := form.Currency.Value; typed != "" && typed != code {
		code = typed
		if other, err := money.ParseCurrency(typed); err == nil {
			currency, code = other, other.Code()
		}
	}
	view.Sign = in.Sign(currency)
	day := form.Date.Value
	if date, err := civil.ParseDate(day); err == nil {
		day = in.ShortDay(date, today)
	} else if day == "" {
		day = in.Today()
	}
	view.Folded = in.T(folded, day, code)
	for _, c := range form.PaidBy.Choices {
		if c.Chosen {
			view.Folded = in.T(shared, day, code, c.Text)
		}
	}
	view.Open = form.Note.Value != "" || form.Date.Error != "" || form.Currency.Error != "" || form.PaidBy.Error != "" ||
		form.Note.Error != "" || form.More
	return view
}
