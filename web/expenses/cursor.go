package expenses

import (
	"net/url"

	"expense-tracker/core/expense"
	"expense-tracker/web/internal/address"
)

// cursor is a place in the list, as addresses write it: ?before=2026-01-31_17, ?after=…, ?from=oldest, ?from=bin, ?search=…. The
// zero cursor is the home page. At most one of the others is set.
type cursor struct {
	before, after *expense.Position
	oldest        bool
	bin           bool   // what was deleted, which another area shows
	search        string // a page of a search, which another area shows too, and the query that leads back to it
	fromSearch    string
	adding        bool // the home page, ready to type an amount; no address names it as a place
}

// parseCursor reads a cursor from an address; what is no place is NotFound.
func parseCursor(query url.Values) (cursor, error) {
	if page, from, ok := address.ParseFromSearch(query); ok {
		return cursor{search: page, fromSearch: from}, nil
	}
	before, after, from := query.Get("before"), query.Get("after"), query.Get("from")
	switch {
	case before != "" && after == "" && from == "":
		position, err := address.ParsePosition(before)
		return cursor{before: position}, err
	case after != "" && before == "" && from == "":
		position, err := address.ParsePosition(after)
		return cursor{after: position}, err
	case from == "oldest" && before == "" && after == "":
		return cursor{oldest: true}, nil
	case from == "bin" && before == "" && after == "":
		return cursor{bin: true}, nil
	case before == "" && after == "" && from == "":
		return cursor{}, nil
	}
	return cursor{}, address.NoPlace()
}

// Query returns what parseCursor reads back, with its question mark; empty for the home page.
func (c cursor) Query() string {
	switch {
	case c.before != nil:
		return "?before=" + address.PositionText(*c.before)
	case c.after != nil:
		return "?after=" + address.PositionText(*c.after)
	case c.oldest:
		return "?from=oldest"
	case c.bin:
		return address.FromBin
	case c.search != "":
		return c.fromSearch
	case c.adding:
		return "?add"
	}
	return ""
}

// address returns the page that shows the place.
func (c cursor) address() string {
	switch {
	case c.bin:
		return address.Bin
	case c.search != "":
		return c.search
	}
	if query := c.Query(); query != "" {
		return "/expenses" + query
	}
	return address.Home
}

func before(p *expense.Position) string { return addressOf(cursor{before: p}, p) }
func after(p *expense.Position) string  { return addressOf(cursor{after: p}, p) }

// addressOf returns the cursor's address, or nothing where there is no position to go to.
func addressOf(c cursor, p *expense.Position) string {
	if p == nil {
		return ""
	}
	return c.address()
}
