// Package address has the addresses that more than one area leads to, so that no area imports another.
package address

import (
	"net/url"
	"strconv"
	"strings"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
)

// Home is the first page.
const Home = "/"

// IsHere reports whether a link to a path, as a request names it, stays at this site: two slashes would begin another host, and browsers
// read a backslash as a slash.
func IsHere(path string) bool {
	return strings.HasPrefix(path, "/") && !strings.HasPrefix(path, "//") && !strings.Contains(path, `\`)
}

// Bin is the page of what was deleted, and FromBin the query of an expense's address that leads back there.
const (
	Bin     = "/bin"
	FromBin = "?from=bin"
)

// Several is the page on which several expenses are selected, to change them as one.
const Several = "/several"

// Category returns the address of a category's page.
func Category(id expense.CategoryID) string {
	return "/categories/" + strconv.FormatInt(int64(id), 10)
}

// Month returns the address of a month's page.
func Month(m civil.Month) string { return "/months/" + m.String() }

// Year returns the address of a year's page.
func Year(year int) string { return "/years/" + strconv.Itoa(year) }

// Spent returns the address of the expenses from a day to another, both included, where the site has a search; of some categories if any
// are given. A site without a search leads to the list from the last day on, to the one category, or nowhere.
func Spent(search string, from, to civil.Date, categories ...expense.CategoryID) string {
	if search != "" {
		query := ""
		for _, c := range categories {
			query += "category=" + strconv.FormatInt(int64(c), 10) + "&"
		}
		return search + "?" + query + "from=" + from.String() + "&to=" + to.String()
	}
	switch len(categories) {
	case 0:
		return "/expenses?before=" + to.AddDays(1).String() + "_1"
	case 1:
		return Category(categories[0])
	}
	return ""
}

// Paid returns the address of the expenses that somebody has paid from a day to another, both included, where the site has a search; the
// list's elsewhere.
func Paid(search string, from, to civil.Date, by ledger.UserID) string {
	spent := Spent(search, from, to)
	if search == "" {
		return spent
	}
	return spent + "&" + expense.FieldPaidBy + "=" + url.QueryEscape(expense.PayerText(by))
}

// InCurrency narrows an address that Spent returned to what was paid in a currency, where the site has a search.
func InCurrency(search, spent, code string) string {
	if search == "" || spent == "" {
		return spent
	}
	return spent + "&currency=" + code
}

// RepeatOf returns the address of the form that makes an expense repeat.
func RepeatOf(id expense.ID) string {
	return "/repeats/new?from=" + strconv.FormatInt(int64(id), 10)
}
