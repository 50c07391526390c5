package address

import (
	"net/url"
	"slices"
	"strings"

	"expense-tracker/core/expense"
)

// SearchQuery is a search as its address has it, each field as it is typed. An empty field is left out.
type SearchQuery struct {
	Query                             string
	Categories                        []string // names or ids
	Tag, Currency, From, To, Min, Max string
	PaidBy                            string // a member's name, or expense.PayerText
	Deleted                           bool
}

// SearchPath is where searches are answered, and SearchFile where they are answered as a file.
const (
	SearchPath = "/search"
	SearchFile = "/search.csv"
)

// Search returns the address of what a search finds.
func Search(q SearchQuery) string { return SearchPath + q.Encode() }

// Encode returns the query with its question mark; empty for one that asks for nothing.
func (q SearchQuery) Encode() string {
	values := url.Values{}
	for _, c := range q.Categories {
		if c != "" {
			values.Add("category", c)
		}
	}
	for name, value := range map[string]string{
		"q": q.Query, "tag": q.Tag, "currency": q.Currency, "from": q.From, "to": q.To, "min": q.Min, "max": q.Max,
		expense.FieldPaidBy: q.PaidBy,
	} {
		if value != "" {
			values.Set(name, value)
		}
	}
	if q.Deleted {
		values.Set("deleted", "1")
	}
	if len(values) == 0 {
		return ""
	}
	return "?" + values.Encode()
}

// FieldDeleted is the field of a search among what is deleted.
const FieldDeleted = "deleted"

// SearchFields are the names that the address of a search may have.
func SearchFields() []string {
	return []string{
		expense.FieldQuery, expense.FieldCategory, expense.FieldTag, expense.FieldCurrency, expense.FieldFrom, expense.FieldTo,
		expense.FieldMin, expense.FieldMax, expense.FieldPaidBy, FieldDeleted,
	}
}

// SearchQueryOf returns what an address asks for, as it was typed.
func SearchQueryOf(values url.Values) SearchQuery {
	one := func(name string) string { return values.Get(name) }
	asked := SearchQuery{
		Query: one(expense.FieldQuery), Tag: one(expense.FieldTag), Currency: one(expense.FieldCurrency),
		From: one(expense.FieldFrom), To: one(expense.FieldTo), Min: one(expense.FieldMin), Max: one(expense.FieldMax),
		PaidBy:  one(expense.FieldPaidBy),
		Deleted: !slices.Contains([]string{"", "0", "no", "false"}, strings.ToLower(one(FieldDeleted))),
	}
	for _, c := range values[expense.FieldCategory] {
		if c != "" {
			asked.Categories = append(asked.Categories, c)
		}
	}
	return asked
}

// Draft returns the search as the core takes it.
func (q SearchQuery) Draft() expense.SearchDraft {
	return expense.SearchDraft{
		Query: q.Query, Categories: q.Categories, Tag: q.Tag, Currency: q.Currency,
		From: q.From, To: q.To, Min: q.Min, Max: q.Max, PaidBy: q.PaidBy, Deleted: q.Deleted,
	}
}

// At returns the address of a page that shows a place in what is found.
func (q SearchQuery) At(path string, place expense.SearchPlace) string {
	switch {
	case place.Before != nil:
		return q.Before(path, place.Before)
	case place.After != nil:
		return q.After(path, place.After)
	}
	return path + q.Encode()
}

// Before returns the address of the page behind a position; empty where there is none.
func (q SearchQuery) Before(path string, p *expense.Position) string {
	return q.page(path, "before", p)
}

// After returns the address of the page in front of a position; empty where there is none.
func (q SearchQuery) After(path string, p *expense.Position) string { return q.page(path, "after", p) }

func (q SearchQuery) page(path, name string, p *expense.Position) string {
	if p == nil {
		return ""
	}
	query := q.Encode()
	if query == "" {
		query = "?"
	} else {
		query += "&"
	}
	return path + query + name + "=" + PositionText(*p)
}

// FromSearch is the query of an expense's address that leads back to a page of a search. ParseFromSearch reads it.
func FromSearch(q SearchQuery, place expense.SearchPlace) string {
	_, query, _ := strings.Cut(q.At("", place), "?")
	return "?" + fieldSearch + "=" + url.QueryEscape(query)
}

// fieldSearch is the field of an expense's address that has the search that its reader came from.
const fieldSearch = "search"

// ParseFromSearch returns the page of a search that an expense's address leads back to, and that query anew; false if it names none.
// Whatever stands in the address, the page is one of this site's searches.
func ParseFromSearch(query url.Values) (page, from string, ok bool) {
	if !query.Has(fieldSearch) {
		return "", "", false
	}
	values, err := url.ParseQuery(query.Get(fieldSearch))
	if err != nil {
		return "", "", false
	}
	place, err := ParseSearchPlace(values)
	if err != nil {
		return "", "", false
	}
	asked := SearchQueryOf(values)
	return asked.At(SearchPath, place), FromSearch(asked, place), true
}

// ParseSearchPlace reads which page is asked for: ?before=2026-01-31_17 or ?after=…, or the first. What is no place is NotFound.
func ParseSearchPlace(query url.Values) (expense.SearchPlace, error) {
	before, after := query.Get("before"), query.Get("after")
	var place expense.SearchPlace
	var err error
	switch {
	case before != "" && after != "":
		err = NoPlace()
	case before != "":
		place.Before, err = ParsePosition(before)
	case after != "":
		place.After, err = ParsePosition(after)
	}
	return place, err
}
