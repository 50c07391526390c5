package row

import (
	"embed"
	"io/fs"
	"strconv"
	"strings"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/web/internal/words"
)

//go:embed templates
var templates embed.FS

// Parts returns the templates "row", which shows a View as an item of a list, "days", which shows a list of Day, "pager", which leads to
// what is Newer and Older than a page of a list, and "pages", which leads to the First and the Next page of one that goes one way only.
func Parts() fs.FS { return templates }

// View is one expense of a list.
type View struct {
	ID     int64
	Link   string // address of its page
	Label  string // what the link says to those who hear it: category, price and date
	Tile   Tile
	Title  string // the category
	Text   string // payee and note
	Tags   string // as "#work #family"
	PaidBy string // who has paid, in few words; may be empty
	Refund bool
	Price  string
	When   string // the day in few words, where no heading says it; may be empty
	Lit    bool   // something just happened to it
}

// Of returns an expense as lists show it. The query of the list's place is kept in the link, for the way back.
func Of(in *words.Language, e expense.Expense, query string) View {
	const label words.Phrase = "%s, %s, %s"
	price := in.Amount(e.Spent())
	return View{
		ID: int64(e.ID), Link: Address(e.ID) + query, Label: in.T(label, string(e.Category.Name), price, e.Date),
		Tile: TileOf(e.Category), Title: string(e.Category.Name), Text: about(e), Tags: e.Tags.Typed(), Refund: e.Refund, Price: price,
	}
}

// about returns what is said of an expense below its category, on one line: whom it went to, and what for.
func about(e expense.Expense) string {
	note := strings.ReplaceAll(e.Note, "\n", " · ")
	if e.Payee != "" && note != "" {
		return e.Payee + " · " + note
	}
	return e.Payee + note
}

// SayPayers says of each expense of a list's days who has paid it. The expenses are those that the days were made of.
func SayPayers(days []Day, expenses []expense.Expense, said func(expense.Expense) string) {
	next := 0
	for i := range days {
		for n := range days[i].Rows {
			days[i].Rows[n].PaidBy = said(expenses[next])
			next++
		}
	}
}

// Address returns the address of an expense's page.
func Address(id expense.ID) string { return "/expenses/" + strconv.FormatInt(int64(id), 10) }

// Anchor returns the fragment that leads to an expense in a list.
func Anchor(id expense.ID) string { return "#e" + strconv.FormatInt(int64(id), 10) }

// Day is a day of a list, with the expenses of that day that are on the page.
type Day struct {
	Date  string // YYYY-MM-DD
	Text  string // as people say it
	Total string // of the whole day; may be empty
	Rows  []View
}

// Days groups a stretch of a list, which is ordered by date, by its days. The expense that something just happened to is lit.
func Days(in *words.Language, expenses []expense.Expense, today civil.Date, query string, lit expense.ID) []Day {
	days := make([]Day, 0, 16)
	var last civil.Date
	for _, e := range expenses {
		if e.Date != last || len(days) == 0 {
			days = append(days, Day{Date: e.Date.String(), Text: in.Day(e.Date, today)})
			last = e.Date
		}
		shown := Of(in, e, query)
		shown.Lit = e.ID == lit
		day := &days[len(days)-1]
		day.Rows = append(day.Rows, shown)
	}
	return days
}
