package expenses_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/core/ledger/ledgertest"
	"expense-tracker/web"
	"expense-tracker/web/internal/form"
	"expense-tracker/web/webtest"
)

func TestAnExpenseIsAdded(t *testing.T) {
	for _, tt := range []struct {
		name   string
		fields []string
		want   string // the expense, as text
	}{
		{"the least there is", []string{"category", "food", "price", "12.50"}, "food 12.50 USD 2026-11-23 1 "},
		{"a comma", []string{"category", "food", "price", "12,50"}, "food 12.50 USD 2026-11-23 1 "},
		{"spaces", []string{"category", "  fast   food ", "price", " 1 234.50 "}, "fast food 1234.50 USD 2026-11-23 1 "},
		{"everything", []string{
			"category", "Büro", "price", "7", "currency", "jpy", "date", "2026-02-28", "note", "a\r\nb",
		}, "Büro 7 JPY 2026-02-28 1 a\nb"},
		{"the largest", []string{"category", "food", "price", "9999999999999.99"}, "food 9999999999999.99 USD 2026-11-23 1 "},
		{"the first of two values", []string{"category", "food", "price", "1", "price", "2"}, "food 1.00 USD 2026-11-23 1 "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := webtest.New(t, web.Options{})
			got := s.Post("/add", tt.fields...)
			got.Want(t, http.StatusSeeOther)
			if location := got.Header.Get("Location"); location != "/" {
				t.Errorf("Location %q, want /", location)
			}
			e, err := s.Service.Get(t.Context(), ledgertest.Owner(), 1)
			if err != nil {
				t.Fatal(err)
			}
			if described(e) != tt.want {
				t.Errorf("stored %q, want %q", described(e), tt.want)
			}
			s.Follow(got).Want(t, 200, `<p>Added `+html.EscapeString(string(e.Category.Name))+", "+e.Price.Format(), `data-id="1"`)
		})
	}
}

func described(e expense.Expense) string {
	return fmt.Sprintf("%s %s %s %d %s", e.Category.Name, e.Price, e.Date, e.Revision, e.Note)
}

func TestBadInputIsShownAsItWasTyped(t *testing.T) {
	const bad = "\xff\xfe"
	for _, tt := range []struct {
		name, category, price, currency, date, note string
		field, message                              string
	}{
		{"no number", "food", "abc", "", "", "", "price", "This is not a number"},
		{"no price", "food", "", "", "", "", "price", "Enter a price"},
		{"NaN", "food", "NaN", "", "", "", "price", "This is not a number"},
		{"an exponent", "food", "1e400", "", "", "", "price", "This is not a number"},
		{"less than nothing", "food", "-5", "", "", "", "price", "A price is more than zero"},
		{"nothing", "food", "0", "", "", "", "price", "A price is more than zero."},
		{"too many decimals", "food", "12.345", "", "", "", "price", "USD has at most 2 decimals"},
		{"too much", "food", "999999999999999999", "", "", "", "price", "A price is at most $9,999,999,999,999.99."},
		{"underscore", "food", "1_000", "", "", "", "price", "This is not a number"},
		{"no category", "", "1", "", "", "", "category", "Enter a category"},
		{"a category of spaces", "   ", "1", "", "", "", "category", "Enter a category"},
		{"a long category", strings.Repeat("x", 101), "1", "", "", "", "category", "At most 100 characters; this has 101"},
		{"a control character", "a\x1bb", "1", "", "", "", "category", "This has control characters"},
		{"a NUL", "a\x00b", "1", "", "", "", "category", "This has control characters"},
		{"no UTF-8", bad, "1", "", "", "", "category", "This is not valid text"},
		{"no currency", "food", "1", "XYZZY", "", "", "currency", "ISO 4217"},
		{"no such day", "food", "1", "", "2026-02-30", "", "date", "Enter a date that exists"},
		{"a far day", "food", "1", "", "9999-01-01", "", "date", "Enter a date from 1900 to 2199"},
		{"a long note", "food", "1", "", "", strings.Repeat("y", 1001), "note", "At most 1,000 characters"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := webtest.New(t, web.Options{})
			got := s.Post("/add", "category", tt.category, "price", tt.price, "currency", tt.currency,
				"date", tt.date, "note", tt.note, "idempotency_key", "mine")
			id := fmt.Sprintf(`id="%s"`, tt.field)
			got.Want(t, http.StatusUnprocessableEntity, id,
				fmt.Sprintf(`<p class="error" id="%s-error">`, tt.field), fmt.Sprintf(`<a href="#%s">`, tt.field))
			if !strings.Contains(strings.ToLower(got.Body), strings.ToLower(html.EscapeString(tt.message))) {
				t.Errorf("the page does not say %q", tt.message)
			}
			for _, typed := range []string{tt.category, tt.price, tt.currency, tt.date, tt.note} {
				shown := form.Shown(typed)
				if !strings.Contains(got.Body, `value="`+shown+`"`) && !strings.Contains(got.Body, "\n"+shown+"</textarea>") {
					t.Errorf("%q is lost", typed)
				}
			}
			_, control, _ := strings.Cut(got.Body, id)
			control, _, _ = strings.Cut(control, ">")
			if !strings.Contains(control, `aria-invalid="true" aria-describedby="`+tt.field+`-error"`) || !strings.Contains(control, " autofocus") {
				t.Errorf("the field does not say that it is wrong: %s", control)
			}
			if key := got.Key(t); key != "mine" {
				t.Errorf("key %q, want the same as before", key)
			}
			if s.Stored() != 0 {
				t.Error("something was stored")
			}
		})
	}
}

func TestEveryBadFieldIsNamedAndTheFirstHasTheFocus(t *testing.T) {
	s := webtest.New(t, web.Options{})
	got := s.Post("/add", "category", "", "price", "x", "date", "x")
	got.Want(t, 422, `href="#category"`, `href="#price"`, `href="#date"`, "Date</a>: Enter a date", `name="date" type="text" value="x"`)
	if n := strings.Count(got.Body, " autofocus"); n != 1 || !strings.Contains(got.Body, `aria-describedby="price-error" autofocus`) {
		t.Errorf("%d fields have the focus", n)
	}
}

func TestABodyThatIsNoFormIsRefused(t *testing.T) {
	large, largeType := formInParts(t, "category", strings.Repeat("x", 3000))
	for _, tt := range []struct {
		name, contentType, body string
		status                  int
	}{
		{"too large", "application/x-www-form-urlencoded", "category=food&price=1&note=" + strings.Repeat("x", 2000), 413},
		{"too large in parts", largeType, large, 413},
		{"bad encoding", "application/x-www-form-urlencoded", "category=%zz&price=1", 400},
		{"parts without a boundary", "multipart/form-data", "category=food", 400},
		{"broken parts", "multipart/form-data; boundary=x", "--x\r\nnothing", 400},
		{"JSON", "application/json", `{"category":"food","price":"1"}`, 415},
		{"no type that can be read", ";;", "x", 415},
		{"no type, so no fields", "", "category=food&price=1", 422},
		{"nothing", "", "", 422},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := webtest.New(t, web.Options{BodyLimit: 1000})
			r := httptest.NewRequest(http.MethodPost, "/add", strings.NewReader(tt.body))
			if tt.contentType != "" {
				r.Header.Set("Content-Type", tt.contentType)
			}
			got := s.Do(r)
			got.Want(t, tt.status)
			if n := s.Stored(); n != 0 {
				t.Errorf("%d stored", n)
			}
		})
	}
}

// formInParts returns a multipart body of names and values, and its type.
func formInParts(t *testing.T, fields ...string) (body, contentType string) {
	t.Helper()
	var buffer bytes.Buffer
	parts := multipart.NewWriter(&buffer)
	for i := 0; i < len(fields); i += 2 {
		if err := parts.WriteField(fields[i], fields[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := parts.Close(); err != nil {
		t.Fatal(err)
	}
	return buffer.String(), parts.FormDataContentType()
}

func TestAFormInPartsIsUnderstood(t *testing.T) {
	s := webtest.New(t, web.Options{})
	body, contentType := formInParts(t, "category", "Größe", "price", "3,20")
	r := httptest.NewRequest(http.MethodPost, "/add", strings.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	s.Follow(s.Do(r)).Want(t, 200, "Added Größe, $3.20.")
}

func TestOneFormStoresOneExpense(t *testing.T) {
	s := webtest.New(t, web.Options{})
	key := s.Get("/").Key(t)
	send := func(price string) webtest.Answer {
		return s.Post("/add", "category", "food", "price", price, "idempotency_key", key)
	}
	s.Follow(send("5")).Want(t, 200, "Added food, $5.00.")
	s.Follow(send("5")).Want(t, 200, "This was added before, and is stored once: food, $5.00.")

	changed := send("6")
	changed.Want(t, 409, "already been sent", `name="price" value="6"`)
	if changed.Key(t) == key {
		t.Error("the form has the used key again")
	}
	s.Post("/add", "category", "food", "price", "6", "idempotency_key", changed.Key(t)).Want(t, 303)
	if n := s.Stored(); n != 2 {
		t.Errorf("%d stored, want 2", n)
	}

	reserved := s.Post("/add", "category", "food", "price", "6", "idempotency_key", "schedule:1:2026-12-01")
	reserved.Want(t, 422, "is kept for what the program adds by itself", `value="food"`, "!schedule:1")
	refused := s.Post("/add", "category", "food", "price", "6", "idempotency_key", "white space")
	refused.Want(t, 422, "An idempotency key has")
	if refused.Key(t) == "white space" {
		t.Error("a key that no add can have is offered again")
	}
}

func TestNothingTypedIsLostWhileTheStorageIsAway(t *testing.T) {
	s := webtest.New(t, web.Options{})
	s.Add(expense.Draft{Category: "before", Price: "1"})
	s.Store.TakeAway()
	down := s.Post("/add", "category", "food", "price", "5", "note", "with Anna", "date", "2026-11-01", "idempotency_key", "mine")
	down.Want(t, 503, `value="food"`, `value="5"`, "\nwith Anna</textarea>", `value="2026-11-01"`,
		"not available", "stored exactly once", "!secret", "!before")
	if down.Key(t) != "mine" || down.Header.Get("Retry-After") != "2" {
		t.Errorf("key %q, Retry-After %q", down.Key(t), down.Header.Get("Retry-After"))
	}
	s.Get("/").Want(t, 503, `action="/add"`, "not available", "!secret", "!before")

	s.Store.BringBack()
	s.Post("/add", "category", "food", "price", "5", "note", "with Anna", "date", "2026-11-01", "idempotency_key", down.Key(t)).Want(t, 303)
	s.Get("/").Want(t, 200, "before", "food", "!not available")
}

func TestAFailureOfOursKeepsTheFormToo(t *testing.T) {
	s := webtest.New(t, web.Options{RequestID: func(context.Context) string { return "r-42" }})
	s.Store.Fail(errors.New("secret driver text"))
	s.Post("/add", "category", "food", "price", "5", "idempotency_key", "mine").Want(t, 500,
		"Internal error", "r-42", `value="food"`, `value="mine"`, "!secret")
}

func TestEachSubmissionIsReported(t *testing.T) {
	s := webtest.New(t, web.Options{})
	var got []string
	reporting, err := web.New(s.Services, web.Options{
		Ledger: ledgertest.Ledger(ledger.Default), BodyLimit: 100,
		Submitted: func(_ context.Context, _ ledger.ID, receipt expense.Receipt, err error) {
			if err != nil {
				got = append(got, fault.KindOf(err).Error())
			} else {
				got = append(got, fmt.Sprintf("expense %d, known: %v", receipt.Expense.ID, receipt.Duplicate))
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Site = reporting
	s.Post("/add", "category", "food", "price", "5", "idempotency_key", "k")
	s.Post("/add", "category", "food", "price", "5", "idempotency_key", "k")
	s.Post("/add", "category", "food", "price", "6", "idempotency_key", "k")
	s.Post("/add", "category", "", "price", "6")
	s.Post("/add", "note", strings.Repeat("x", 100))
	s.Store.TakeAway()
	s.Post("/add", "category", "food", "price", "5")
	s.Store.Fail(fault.New(fault.Internal, "test", ""))
	s.Post("/add", "category", "food", "price", "5")
	s.Post("/expenses/1")
	want := []string{"expense 1, known: false", "expense 1, known: true", "conflict", "invalid", "invalid", "unavailable", "internal"}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("reported %v, want %v", got, want)
	}
}
