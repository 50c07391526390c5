package expenses_test

import (
	"regexp"
	"strings"
	"testing"

	"expense-tracker/core/account"
	"expense-tracker/core/ledger"
	"expense-tracker/core/ledger/ledgertest"
	"expense-tracker/core/member"
	"expense-tracker/web"
	"expense-tracker/web/webtest"
)

// shared is a ledger of Anna, Ben and Carl, each with a browser.
type shared struct {
	*webtest.Gated
	anna, ben, carl *webtest.Browser
}

func newShared(t *testing.T) shared {
	t.Helper()
	g := webtest.NewGated(t, web.Options{})
	for _, name := range []string{"Anna", "Ben", "Carl"} {
		g.Join(name)
	}
	return shared{g, g.As("Anna"), g.As("Ben"), g.As("Carl")}
}

// leave takes a person out of the ledger.
func (s shared) leave(user ledger.UserID) {
	s.T.Helper()
	actor := ledger.Actor{User: user, Ledger: ledgertest.Ledger(ledger.Default), Role: ledger.Owner}
	if err := s.Services.Members.Leave(s.T.Context(), actor); err != nil {
		s.T.Fatal(err)
	}
}

var addedAt = regexp.MustCompile(`href="(/expenses/\d+)"`)

// add adds an expense from a browser and returns its address.
func add(t *testing.T, b *webtest.Browser, fields ...string) string {
	t.Helper()
	home := b.Get("/")
	fields = append(fields, "idempotency_key", home.Key(t), "category", "Groceries")
	said := b.Follow(b.Post("/add", fields...))
	found := addedAt.FindStringSubmatch(said.Body)
	if found == nil {
		t.Fatalf("nothing was added:\n%s", said.Body)
	}
	return found[1]
}

// The form asks who has paid, and begins with who fills it in. Lists and the expense's page say it, and so does its history.
func TestAnotherMemberHasPaid(t *testing.T) {
	s := newShared(t)
	s.anna.Get("/").Want(t, 200, `<option value="#1" selected>Anna (you)</option>`, `<option value="#2">Ben</option>`,
		`<option value="">Not said</option>`, "Today · USD · Anna (you) · Note")
	s.ben.Get("/").Want(t, 200, `<option value="#2" selected>Ben (you)</option>`, `<option value="#1">Anna</option>`)
	at := add(t, s.anna, "price", "12.50", "paid_by", "#2")
	s.carl.Get("/").Want(t, 200, "paid by Ben")
	s.carl.Get(at).Want(t, 200, `<option value="#2" selected>Ben</option>`, "Added by Anna")
	s.carl.Get("/search").Want(t, 200, "paid by Ben")
	s.carl.Get("/search.csv").Want(t, 200, ",refund,deleted,paid_by\r\n", ",false,false,Ben\r\n")
	page := s.carl.Get(at)
	saved := s.carl.Post(at, "revision", page.Revision(t), "category", "Groceries", "price", "12.50", "date", "2026-11-23", "paid_by", "#1")
	s.carl.Follow(saved).Want(t, 200, "paid by Anna", "!paid by Ben")
	s.carl.Get(at).Want(t, 200, "<dt>Paid by</dt>", `<del dir="auto">Ben</del>`, `<ins dir="auto">Anna</ins>`, "by Carl")
	s.carl.Get("/months/2026-11").Want(t, 200, `id="by-payer"`, "Anna", "$12.50", "100%",
		`href="/search?from=2026-11-01&amp;to=2026-11-30&amp;paid_by=%231"`)
	s.carl.Get("/search?from=2026-11-01&to=2026-11-30&paid_by=%231").Want(t, 200, `id="result-total" value="12.50"`, "<bdi>paid by Anna</bdi>",
		`<option value="#1" selected>Anna</option>`)
	s.carl.Get("/search?paid_by=ben").Want(t, 200, "Nothing was found.", "<bdi>paid by Ben</bdi>")
	s.carl.Get("/years/2026").Want(t, 200, `id="by-payer"`, `href="/search?from=2026-01-01&amp;to=2026-12-31&amp;paid_by=%231"`)
	add(t, s.anna, "price", "7.50", "paid_by", "")
	s.carl.Get("/months/2026-11").Want(t, 200, "Not said", "$7.50", "63%", "37%")
}

// A program gives a member's name, whatever its case, or leaves the field out.
func TestAProgramNamesWhoHasPaid(t *testing.T) {
	s := newShared(t)
	add(t, s.anna, "price", "1", "paid_by", " bEN ")
	s.anna.Get("/").Want(t, 200, "paid by Ben")
	add(t, s.anna, "price", "2")
	s.anna.Get("/search.csv").Want(t, 200, ",false,false,\r\n", ",false,false,Ben\r\n")
}

// Who is not in the ledger has not paid: the field says so, what was typed stays, and nothing is stored.
func TestNobodyElseCanHavePaid(t *testing.T) {
	s := newShared(t)
	if _, err := s.Services.Members.Create(t.Context(), 9, "k", member.Draft{Name: "Another", Currency: "USD"}); err != nil {
		t.Fatal(err)
	}
	at := add(t, s.anna, "price", "1", "paid_by", "#2")
	stored := s.Stored()
	for _, typed := range []string{
		"Mallory", "#9", "#4", "#0", "#-1", "#99999999999999999999", "9", "1", "#1 OR 1=1", "<i>",
		strings.Repeat("x", 10_000), "\x00", "\u202eneB\u202c",
		"\xff", "Anna\nBen", "-",
	} {
		s.anna.Post("/add", "category", "Groceries", "price", "1", "paid_by", typed).
			Want(t, 422, `id="paid_by-error"`, "Choose somebody who is in this ledger.", `href="#paid_by"`, "!<i>")
		page := s.anna.Get(at)
		s.anna.Post(at, "revision", page.Revision(t), "category", "Groceries", "price", "1", "date", "2026-11-23", "paid_by", typed).
			Want(t, 422, `id="paid_by-error"`)
		s.anna.Post("/repeats", "idempotency_key", "r"+typed[:1], "category", "Rent", "price", "1", "frequency", "monthly", "paid_by", typed).
			Want(t, 422, `id="paid_by-error"`)
	}
	s.anna.Get("/search?paid_by=Mallory").Want(t, 422, `id="paid_by-error"`)
	s.anna.Get("/search.csv?paid_by=Mallory").Want(t, 422, `id="paid_by-error"`)
	s.anna.Get("/search?paid_by=%239").Want(t, 200, "Nothing was found.") // there is nothing of theirs here
	if s.Stored() != stored {
		t.Errorf("%d expenses are stored, want %d", s.Stored(), stored)
	}
	s.anna.Get(at).Want(t, 200, `<option value="#2" selected>Ben</option>`, `!id="history"`)
}

// Whoever is signed in may search for any number, and learns no name by that of who has nothing to do with the ledger.
func TestNoNumberTellsAStrangersName(t *testing.T) {
	s := newShared(t)
	if _, err := s.Operator.Add(t.Context(), account.Draft{Name: "Zoe", Password: webtest.Password}, false); err != nil {
		t.Fatal(err)
	}
	add(t, s.anna, "price", "1", "paid_by", "#3")
	s.leave(3)
	s.anna.Get("/search?paid_by=%234").Want(t, 200, "Nothing was found.", "<bdi>paid by Person 4</bdi>", "!Zoe")
	s.anna.Get("/search?paid_by=%234&min=5").Want(t, 200, "!Zoe")
	s.anna.Get("/search?paid_by=%234&min=x").Want(t, 422, "!Zoe")
	s.anna.Get("/several?paid_by=%234").Want(t, 200, "!Zoe")
	s.anna.Post("/add", "category", "Groceries", "price", "1", "paid_by", "#4").Want(t, 422, "!Zoe")
	s.anna.Get("/search?paid_by=%233&from=2020-01-01&to=2020-01-31").Want(t, 200, "Nothing was found.", "<bdi>paid by Carl</bdi>")
}

// Who has left stays on what they have paid, also when that is edited, and can pay for nothing new.
func TestWhoHasLeftStaysOnTheRows(t *testing.T) {
	s := newShared(t)
	at := add(t, s.anna, "price", "1", "paid_by", "#3")
	s.leave(3)
	s.anna.Get("/").Want(t, 200, "paid by Carl", "!>Carl</option>")
	page := s.anna.Get(at)
	page.Want(t, 200, `<option value="#3" selected>Carl</option>`)
	saved := s.anna.Post(at, "revision", page.Revision(t), "category", "Groceries", "price", "2", "date", "2026-11-23", "paid_by", "#3")
	s.anna.Follow(saved).Want(t, 200, "paid by Carl", "$2.00")
	s.anna.Get("/months/2026-11").Want(t, 200, "Carl", "$2.00", "!Not said")
	s.anna.Get("/search?paid_by=%233").Want(t, 200, `id="result-count" value="1"`, "<bdi>paid by Carl</bdi>")
	s.anna.Post("/add", "category", "Groceries", "price", "1", "paid_by", "#3").Want(t, 422, `id="paid_by-error"`)
	s.anna.Get("/add?again="+strings.TrimPrefix(at, "/expenses/")).Want(t, 200, `<option value="#1" selected>Anna (you)</option>`, "!#3")
	s.leave(2)
	alone := s.anna.Get(at)
	alone.Want(t, 200, `!id="paid_by"`)
	s.anna.Get("/").Want(t, 200, `!id="paid_by"`, "paid by Carl")
	saved = s.anna.Post(at, "revision", alone.Revision(t), "category", "Groceries", "price", "3", "date", "2026-11-23")
	s.anna.Follow(saved).Want(t, 200, "paid by Carl", "$3.00") // nobody was asked
}

// One person is asked nothing, and reads nothing of it.
func TestOneIsNotAskedWhoHasPaid(t *testing.T) {
	g := webtest.NewGated(t, web.Options{})
	g.Join("Anna")
	anna := g.As("Anna")
	anna.Get("/").Want(t, 200, `!id="paid_by"`, "!Anna")
	add(t, anna, "price", "1", "paid_by", "Anna")
	for _, path := range []string{"/", "/months/2026-11", "/search", "/expenses/1", "/several", "/repeats/new", "/categories/1"} {
		anna.Get(path).Want(t, 200, `!id="paid_by"`, "!paid by", "!by-payer")
	}
	s := webtest.New(t, web.Options{})
	s.Post("/add", "category", "food", "price", "1", "paid_by", "Anna").Want(t, 422, `id="paid_by-error"`)
	s.Follow(s.Post("/add", "category", "food", "price", "1", "paid_by", "")).Want(t, 200)
}

// Two who set different payers choose between them; what only one of them changed is merged.
func TestTwoSetAPayer(t *testing.T) {
	s := newShared(t)
	at := add(t, s.anna, "price", "1")
	saw := s.anna.Get(at).Revision(t)
	edit := func(b *webtest.Browser, fields ...string) webtest.Answer {
		return b.Post(at, append(fields, "revision", saw, "category", "Groceries", "date", "2026-11-23")...)
	}
	s.anna.Follow(edit(s.anna, "price", "1", "paid_by", "#2")).Want(t, 200, "paid by Ben")
	s.carl.Follow(edit(s.carl, "price", "2", "paid_by", "")).Want(t, 200, "paid by Ben", "$2.00")
	clash := edit(s.carl, "price", "1", "paid_by", "#3")
	clash.Want(t, 409, "<legend>Paid by</legend>", `name="keep_paid_by" value="stored"`, `name="stored_paid_by" value="#2"`,
		`name="paid_by" value="#3"`, `<b class="lines" dir="auto">Ben</b>`, `<b class="lines" dir="auto">Carl</b>`)
	s.carl.Follow(s.carl.Post(at, "revision", clash.Revision(t), "category", "Groceries", "price", "2.00", "currency", "USD",
		"date", "2026-11-23", "paid_by", "#3", "stored_paid_by", "#2", "keep_paid_by", "mine")).Want(t, 200, "paid by Carl")
}

// Several expenses get a payer at once, or lose theirs.
func TestSeveralGetAPayer(t *testing.T) {
	s := newShared(t)
	add(t, s.anna, "price", "1", "paid_by", "#1")
	add(t, s.anna, "price", "2", "paid_by", "")
	pick := regexp.MustCompile(`name="pick" value="([^"]*)"`)
	do := func(payer string) webtest.Answer {
		var fields []string
		for _, found := range pick.FindAllStringSubmatch(s.anna.Get("/several").Body, -1) {
			fields = append(fields, "pick", found[1])
		}
		return s.anna.Post("/several", append(fields, "paid_by", payer)...)
	}
	s.anna.Get("/several").Want(t, 200, `<option value="" selected>As it is</option>`, `<option value="-">Not said</option>`, "paid by Anna")
	s.anna.Follow(do("#2")).Want(t, 200, "Changed 2 expenses.", "paid by Ben", "!paid by Anna", "/undo")
	s.anna.Get("/months/2026-11").Want(t, 200, "Ben", "$3.00", "100%")
	do("#77").Want(t, 422, `id="paid_by-error"`)
	s.anna.Follow(do("-")).Want(t, 200, "Changed 2 expenses.", "!paid by")
	s.anna.Get("/months/2026-11").Want(t, 200, "!by-payer")
}

// Of each currency each has paid so much, the ledger's own first.
func TestPayersByCurrency(t *testing.T) {
	s := newShared(t)
	add(t, s.anna, "price", "10", "paid_by", "#1")
	add(t, s.anna, "price", "4", "paid_by", "#2", "currency", "EUR")
	page := s.anna.Get("/months/2026-11")
	page.Want(t, 200, "<h3>USD</h3>", "<h3>EUR</h3>", `paid_by=%232&amp;currency=EUR`, "€4.00")
	if strings.LastIndex(page.Body, "<h3>USD</h3>") > strings.LastIndex(page.Body, "<h3>EUR</h3>") {
		t.Error("the ledger's own currency comes last")
	}
}

// A page that is kept says the new name of a member at once.
func TestKeptPagesSayNewNames(t *testing.T) {
	s := newShared(t)
	add(t, s.anna, "price", "1", "paid_by", "#2")
	for _, path := range []string{"/", "/months/2026-11"} {
		s.anna.Get(path).Want(t, 200, "Ben")
	}
	s.ben.Follow(s.ben.Post("/account", "name", "Benedikt", "language", "")).Want(t, 200, "Benedikt")
	for _, path := range []string{"/", "/months/2026-11"} {
		s.anna.Get(path).Want(t, 200, "Benedikt", "!Ben<")
	}
}
