package search

import (
	"net/url"
	"strconv"
	"strings"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/web/internal/address"
)

// parsePlace reads which page is asked for: ?before=2026-01-31_17 or ?after=…, or the first. What is no place is NotFound.
func parsePlace(query url.Values) (expense.SearchPlace, error) {
	before, after := query.Get("before"), query.Get("after")
	var place expense.SearchPlace
	var err error
	switch {
	case before != "" && after != "":
		err = errNoPlace()
	case before != "":
		place.Before, err = parsePosition(before)
	case after != "":
		place.After, err = parsePosition(after)
	}
	return place, err
}

func parsePosition(s string) (*expense.Position, error) {
	day, digits, _ := strings.Cut(s, "_")
	date, err := civil.ParseDate(day)
	if err != nil {
		return nil, errNoPlace()
	}
	id, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || id < 1 {
		return nil, errNoPlace()
	}
	return &expense.Position{Date: date, ID: expense.ID(id)}, nil
}

func errNoPlace() error {
	return fault.New(fault.NotFound, "web.search", "the list has no such place")
}

// pageOf returns the address of another page of the same search; empty where there is none.
func pageOf(asked address.SearchQuery, name string, p *expense.Position) string {
	if p == nil {
		return ""
	}
	query := asked.Encode()
	if query == "" {
		query = "?"
	} else {
		query += "&"
	}
	return address.SearchPath + query + name + "=" + p.Date.String() + "_" + strconv.FormatInt(int64(p.ID), 10)
}
