package search

import (
	"slices"
	"strconv"
	"strings"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/money"
	"expense-tracker/web/internal/address"
	"expense-tracker/web/internal/payer"
	"expense-tracker/web/internal/row"
	"expense-tracker/web/internal/words"
)

// mostChips is how many categories have a chip each. More of them share one, so that what is found is not far below.
const mostChips = 6

// chips returns the filters of a search that are on, each with the address of the same search without it.
func chips(in *words.Language, of payer.Company, asked address.SearchQuery, found expense.SearchPage) []chip {
	var all []chip
	with := func(shown chip, change func(*address.SearchQuery)) {
		other := asked
		other.Categories = slices.Clone(asked.Categories)
		change(&other)
		shown.Remove = address.Search(other)
		all = append(all, shown)
	}
	f := found.Filter
	if !f.From.IsZero() || !f.To.IsZero() {
		with(chip{Text: daysText(in, f.From, f.To)}, func(q *address.SearchQuery) { q.From, q.To = "", "" })
	}
	each := asked.Categories
	if len(found.Categories) > mostChips { // of a search that was refused each can be taken away
		with(chip{Text: in.N("%d category", "%d categories", int64(len(each)))}, func(q *address.SearchQuery) { q.Categories = nil })
		each = nil
	}
	for i, typed := range each {
		name, tile := shownQuery(asked).Categories[i], (*row.Tile)(nil)
		for _, c := range found.Categories {
			if strconv.FormatInt(int64(c.ID), 10) == strings.TrimSpace(typed) || strings.EqualFold(string(c.Name), strings.TrimSpace(typed)) {
				mark := row.TileOf(c)
				name, tile = string(c.Name), &mark
			}
		}
		with(chip{Text: name, Tile: tile, Typed: true}, func(q *address.SearchQuery) { q.Categories = slices.Delete(q.Categories, i, i+1) })
	}
	if f.Min != nil || f.Max != nil {
		with(chip{Text: pricesText(in, f.Min, f.Max)}, func(q *address.SearchQuery) { q.Min, q.Max = "", "" })
	}
	if f.Tag != "" {
		with(chip{Text: "#" + f.Tag, Typed: true}, func(q *address.SearchQuery) { q.Tag = "" })
	}
	if f.Currency != "" {
		with(chip{Text: f.Currency}, func(q *address.SearchQuery) { q.Currency = "" })
	}
	if f.Payer != 0 {
		with(chip{Text: in.T(paidBy, of.Called(f.Payer)), Typed: true}, func(q *address.SearchQuery) { q.PaidBy = "" })
	}
	if f.Deleted {
		with(chip{Text: in.T(onlyDeleted)}, func(q *address.SearchQuery) { q.Deleted = false })
	}
	return all
}

// daysText names the days from one to another, or the months if they are whole.
func daysText(in *words.Language, from, to civil.Date) string {
	switch {
	case to.IsZero():
		return in.T(fromDay, from)
	case from.IsZero():
		return in.T(toDay, to)
	case from == to:
		return in.FullDay(from)
	case from.Day == 1 && to.AddDays(1).Day == 1 && from.MonthOf() == to.MonthOf():
		return in.Month(from.MonthOf())
	case from.Day == 1 && to.AddDays(1).Day == 1:
		return in.T(fromTo, in.Month(from.MonthOf()), in.Month(to.MonthOf()))
	}
	return in.T(fromTo, in.FullDay(from), in.FullDay(to))
}

func pricesText(in *words.Language, least, most *money.Amount) string {
	switch {
	case least == nil:
		return in.T(upTo, *most)
	case most == nil:
		return in.T(atLeast, *least)
	}
	return in.T(fromTo, in.Amount(*least), in.Amount(*most))
}
