package keptpage

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"expense-tracker/core/civil"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/ledger/ledgertest"
	"expense-tracker/web/internal/words"
)

// place is a place of a test.
type place string

func (p place) Query() string { return string(p) }

// printer renders a page that names its place, and counts.
type printer struct {
	slowStates
	rendered int
	err      error

	padding     int  // bytes that a page has besides its name
	asOfNothing bool // the page is not worth keeping
}

func (p *printer) State(context.Context, ledger.Actor) (ledger.State, error) {
	return ledger.State{Version: p.now.Load()}, nil
}

func (p *printer) render(_ context.Context, _ *words.Language, _ ledger.Actor, at place, now Moment) ([]byte, Moment, error) {
	p.rendered++
	if p.asOfNothing {
		now = Moment{}
	}
	return []byte("page of " + at.Query() + strings.Repeat(" ", p.padding)), now, p.err
}

func TestAPageIsKeptForAStateAndADay(t *testing.T) {
	printer := &printer{}
	shelf := NewShelf(newKeeper(printer), 1<<20, printer.render)
	today := civil.Date{Year: 2026, Month: 11, Day: 23}
	oldest := place("?oldest")
	for _, step := range []struct {
		what     string
		actor    ledger.Actor
		place    place
		day      civil.Date
		version  int64
		rendered int
	}{
		{"first", ledgertest.Owner(), oldest, today, 1, 1},
		{"again", ledgertest.Owner(), oldest, today, 1, 1},
		{"other role", ledger.Actor{Ledger: ledgertest.Ledger(ledger.Default), Role: ledger.Viewer}, oldest, today, 1, 2},
		{"other place", ledgertest.Owner(), place(""), today, 1, 3},
		{"other ledger", ledger.Actor{Ledger: ledgertest.Ledger(2), Role: ledger.Owner}, oldest, today, 1, 4},
		{"other version", ledgertest.Owner(), oldest, today, 2, 5},
		{"other day", ledgertest.Owner(), oldest, today.AddDays(1), 2, 6},
		{"again, later", ledgertest.Owner(), oldest, today.AddDays(1), 2, 6},
	} {
		printer.now.Store(step.version)
		page, err := shelf.get(t.Context(), english(t), step.actor, step.place, step.day)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := string(page.appendPlain(nil, "")), "page of "+step.place.Query(); got != want || printer.rendered != step.rendered {
			t.Errorf("%s: %q, rendered %d times; want %q, %d", step.what, got, printer.rendered, want, step.rendered)
		}
	}
}

func TestAFailedPageIsNotKept(t *testing.T) {
	printer := &printer{err: errors.New("down")}
	shelf := NewShelf(newKeeper(printer), 1<<20, printer.render)
	for range 2 {
		if _, err := shelf.get(t.Context(), english(t), ledgertest.Owner(), place(""), civil.Date{}); !errors.Is(err, printer.err) {
			t.Errorf("error %v", err)
		}
	}
	if printer.rendered != 2 || shelf.pages.pages.Len() != 0 {
		t.Errorf("rendered %d times, %d kept", printer.rendered, shelf.pages.pages.Len())
	}
}

func english(t *testing.T) *words.Language {
	t.Helper()
	book, err := words.Open(nil)
	if err != nil {
		t.Fatal(err)
	}
	return book.English()
}

func newKeeper(states States) *Keeper {
	return NewKeeper(states, func() idempotency.Key { return "new" })
}

func TestAShelfIsBoundedInBytes(t *testing.T) {
	const limit = 50_000
	printer := &printer{padding: 1000}
	shelf := NewShelf(newKeeper(printer), limit, printer.render)
	ask := func(in ledger.ID, at place) (rendered bool) {
		before := printer.rendered
		actor := ledger.Actor{Ledger: ledgertest.Ledger(in), Role: ledger.Owner}
		if _, err := shelf.get(t.Context(), english(t), actor, at, civil.Date{Year: 2026, Month: 1, Day: 1}); err != nil {
			t.Fatal(err)
		}
		return printer.rendered > before
	}
	numbered := func(i int) place { return place(fmt.Sprintf("?before=2026-01-01_%d", i)) }
	for i := range 500 {
		ask(1, numbered(i))
		if shelf.pages.bytes > limit {
			t.Fatalf("%d bytes are kept, and %d may be", shelf.pages.bytes, limit)
		}
	}
	if kept := shelf.pages.pages.Len(); kept < 15 || kept > 25 { // of some 2,500 bytes each
		t.Errorf("%d pages are kept", kept)
	}
	if ask(1, numbered(499)) {
		t.Error("the newest page is not kept")
	}
	for other := range 40 {
		ask(ledger.ID(other+100), "")
		ask(1, "") // a page that is asked for again and again stays
	}
	if ask(1, "") || !ask(1, numbered(499)) {
		t.Error("it is not the page that nobody asks for that went")
	}
	printer.padding = limit
	if !ask(77, "") || !ask(77, "") || ask(1, "") { //nolint:staticcheck // the second time it is not kept either
		t.Error("a page that is too large to be kept is kept, or pushed others out")
	}
	printer.padding, printer.asOfNothing = 1000, true
	if !ask(1, numbered(9999)) || !ask(1, numbered(9999)) { //nolint:staticcheck // the second time it is not kept either
		t.Error("a page of an empty stretch is kept")
	}
}
