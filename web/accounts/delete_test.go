package accounts_test

import (
	"archive/zip"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"expense-tracker/core/ledger/ledgertest"
	"expense-tracker/web"
	"expense-tracker/web/webtest"
)

// furnished is a site on which Anna and Ben share a ledger, and each has one of their own.
func furnished(t *testing.T) *webtest.Gated {
	t.Helper()
	g := webtest.NewGated(t, web.Options{})
	g.Join("Anna")
	g.Join("Ben")
	for _, name := range []string{"Anna", "Ben"} {
		b := g.As(name)
		b.Post("/add", "category", "food", "price", "1", "note", "of "+name, "idempotency_key", name).Want(t, 303)
		b.Post("/ledgers", "name", "Only "+name+"'s", "currency", "EUR", "zone", "UTC", "idempotency_key", "own").Want(t, 303)
		b.Post("/add", "category", "=secret", "price", "2", "note", "alone "+name, "idempotency_key", "alone").Want(t, 303)
	}
	return g
}

func TestWhoDeletesTheirAccountIsGone(t *testing.T) {
	g := furnished(t)
	b, elsewhere, anna := g.As("Ben"), g.As("Ben"), g.As("Anna")
	b.Get("/account").Want(t, 200, `href="/account/delete"`, `href="/account/data.zip"`)
	b.Get("/account/delete").Want(t, 200, "You leave these ledgers:", "Expenses", "These ledgers are yours alone", "Only Ben&#39;s",
		"!Only Anna")
	b.Post("/account/delete", "password", webtest.Password).Want(t, 422, `id="sure-error"`)
	b.Post("/account/delete", "password", other, "sure", "1").Want(t, 422, `id="password-error"`, "!"+other,
		`name="sure" value="1" required checked`)
	b.Get("/account").Want(t, 200)
	b.Post("/account/delete", "password", webtest.Password, "sure", "1").Want(t, 200, "Your account is deleted")
	if b.Cookie("expense_session") != nil {
		t.Error("the browser keeps the session")
	}
	if at := elsewhere.Get("/account"); at.StatusCode != http.StatusSeeOther {
		t.Errorf("another browser is still in: %d", at.StatusCode)
	}
	g.Browser().Post("/login", "name", "Ben", "password", webtest.Password).Want(t, 401)
	// What he added to what others share stays, of someone who left.
	anna.Post("/ledgers/1/open").Want(t, 303)
	list := anna.Get("/expenses?from=oldest")
	list.Want(t, 200, "of Ben")
	anna.Get("/people").Want(t, 200, "Anna", "!Ben")
	anna.Get("/people/log").Want(t, 200, "Someone who left left.", "!Ben")
	adders := ""
	for _, row := range regexp.MustCompile(`href="(/expenses/\d+)[^"]*"`).FindAllStringSubmatch(list.Body, -1) {
		adders += anna.Get(row[1]).Body
	}
	if !strings.Contains(adders, "Someone who left") || !strings.Contains(adders, "Anna") || strings.Contains(adders, ">Ben<") {
		t.Errorf("who added what is not said:\n%s", adders)
	}
	if all, err := g.Store.Ledgers().All(t.Context(), 0, 10); err != nil || len(all) != 2 {
		t.Errorf("the ledgers are %v, %v", all, err)
	}
	if n := g.Stored(); n != 3 {
		t.Errorf("%d expenses are stored, want the two of the shared ledger and Anna's", n)
	}
}

func TestTheLastOwnerOfASharedLedgerStays(t *testing.T) {
	g := furnished(t)
	if err := g.Services.Members.SetRole(t.Context(), ledgertest.Owner(), 2, "viewer"); err != nil {
		t.Fatal(err)
	}
	b := g.As("Anna")
	b.Get("/account/delete").Want(t, 200, "You are the last owner of these ledgers", "Expenses", "!type=\"password\"")
	b.Post("/account/delete", "password", webtest.Password, "sure", "1").Want(t, 409, "only administrator who can come in")
	if _, err := g.Operator.Promote(t.Context(), "Ben", true); err != nil {
		t.Fatal(err)
	}
	b.Post("/account/delete", "password", webtest.Password, "sure", "1").Want(t, 409, "“Expenses”")
	b.Get("/account").Want(t, 200)
	if n := g.Stored(); n != 4 {
		t.Errorf("%d expenses are stored, want all", n)
	}
}

// The file has what is kept of who asks, and of nobody else.
func TestAPersonsDataIsExported(t *testing.T) {
	g := furnished(t)
	b := g.As("Ben")
	b.Post("/ledgers/1/open").Want(t, 303)
	for name, of := range map[string]*webtest.Browser{"Ben's script": b, "Anna's script": g.As("Anna")} {
		of.Post("/ledgers/1/open").Want(t, 303)
		of.Post("/tokens", "name", name, "scope", "read", "ends", "30", "idempotency_key", "token").Want(t, 200)
	}
	answer := b.Get("/account/data.zip")
	if answer.StatusCode != http.StatusOK || answer.Header.Get("Content-Type") != "application/zip" ||
		answer.Header.Get("Cache-Control") != "no-store" ||
		answer.Header.Get("Content-Disposition") != `attachment; filename="expense-tracker-2026-11-23.zip"` {
		t.Errorf("%d, %v", answer.StatusCode, answer.Header)
	}
	file, err := zip.NewReader(strings.NewReader(answer.Body), int64(len(answer.Body)))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	for _, part := range file.File {
		opened, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(opened)
		if err != nil {
			t.Fatal(err)
		}
		parts[part.Name] = string(content)
	}
	if len(parts) != 4 {
		t.Fatalf("the parts are %v", parts)
	}
	for part, texts := range map[string][]string{
		"account.json": {`"name": "Ben"`, `"name": "Only Ben's"`, `"role": "owner"`, `"expenses": "ledger-1.csv"`, `"address": "192.0.2.1"`,
			"!Anna", "!hash",
			`"password": true`, `"second_step": false`, `"recovery_codes_left": 0`, `"passkeys": []`, `"name": "Ben's script"`, `"scope": "read"`,
			"!Anna's script", "!et_", `"log": "log.csv"`,
			"!" + webtest.Password},
		"log.csv":      {"time,last,event,by,address,times", ",signed_in,Ben,192.0.2.1,1", ",added,,,1", "!Anna"},
		"ledger-1.csv": {"date,category,price", "of Ben", "!of Anna", "!alone"},
		"ledger-3.csv": {"alone Ben", "'=secret", "2.00,EUR", "!Anna"},
	} {
		webtest.Answer{Response: answer.Response, Body: parts[part]}.Want(t, 200, texts...)
	}
}

// A stranger's file has an account and no ledger.
func TestWhoIsInNoLedgerHasDataAndGoes(t *testing.T) {
	g := furnished(t)
	if err := g.Services.Members.LeaveAll(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	b := g.As("Ben")
	b.Get("/account/data.zip").Want(t, 200, "account.json")
	b.Get("/account/delete").Want(t, 200, "!sure")
	b.Post("/account/delete", "password", webtest.Password).Want(t, 200, "Your account is deleted")
}
