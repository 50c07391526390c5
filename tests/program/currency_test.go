package program_test

import (
	"net/http"
	"strings"
	"testing"

	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/programtest"
)

// everyPage asks for each page that a ledger has and returns their texts in one. Each has to be there.
func everyPage(t *testing.T, user *programtest.Visitor) string {
	t.Helper()
	var all strings.Builder
	for _, path := range []string{"/", "/expenses?from=oldest", "/categories"} {
		page := user.Get(path)
		check.Equal(t, "GET "+path, page.Status, http.StatusOK)
		all.WriteString(page.Body)
		for _, link := range page.All("a", "href", "*") {
			address := link.Attributes["href"]
			if strings.HasPrefix(address, "/expenses/") || strings.HasPrefix(address, "/categories/") {
				linked := user.Get(address)
				check.Equal(t, "GET "+address, linked.Status, http.StatusOK)
				all.WriteString(linked.Body)
			}
		}
	}
	return all.String()
}

func TestACurrencyThatTheListDropsGoesOnWorking(t *testing.T) {
	programtest.OnEach(t, programtest.DurableStorages(), func(t *testing.T, storage string) {
		first := programtest.Start(t, storage)
		user := programtest.Visit(t, first.URL)
		user.Submit("/add", programtest.Form("category", "food", "price", "1234.50", "currency", "EUR"))
		user.Submit("/add", programtest.Form("category", "rent", "price", "1.00"))
		if err := first.Stop(); err != nil {
			t.Fatal(err)
		}
		// As if an earlier version had known it. On PostgreSQL an instance of that version has written it after the table was made.
		programtest.Execute(t, storage, "UPDATE expense_entry SET currency = 'XHR' WHERE currency = 'EUR'")
		// Triggers have moved the totals of days.
		programtest.Execute(t, storage, "UPDATE expense_total SET currency = 'XHR' WHERE currency = 'EUR' AND month < 1000000")
		if strings.HasPrefix(storage, "sqlite:") {
			programtest.Execute(t, storage, "INSERT INTO currency (code, digits, scale) VALUES ('XHR', 2, 100)")
		}

		later := programtest.Start(t, storage)
		user = programtest.Visit(t, later.URL)
		check.Contains(t, "the pages", everyPage(t, user), "XHR\u00a01,234.50", "$1.00")
		at := user.Get("/").Rows()[1].Link
		home := user.Submit(at, user.Get(at).Change("note", "the currency stays"))
		check.Contains(t, "the list", home.Rows()[1].Text, "XHR 1,234.50", "the currency stays")
		home = user.Submit(at, user.Get(at).Change("price", "1000.00"))
		check.Contains(t, "the list", home.Rows()[1].Text, "XHR 1,000.00")
		home = user.Submit(at+"/delete", user.Get(at).Change())
		check.Equal(t, "rows", len(home.Rows()), 1)
		user.Submit(at+"/restore", programtest.Form("revision", home.Field("revision")))
		check.Equal(t, "an add in it", user.Post("/add", programtest.Form("category", "food", "price", "1", "currency", "XHR")).Status,
			http.StatusUnprocessableEntity)
		check.Equal(t, "an edit into it", user.Post(home.Newest().Link, user.Get(home.Newest().Link).Change("currency", "XHR")).Status,
			http.StatusUnprocessableEntity)
		check.Contains(t, "the pages", everyPage(t, user), "XHR\u00a01,000.00")
		check.Contains(t, "verify", programtest.Succeed(t, "verify", "--storage", storage), "0 differences")
		if err := later.Stop(); err != nil {
			t.Fatal(err)
		}

		settings := programtest.WriteFile(t, "config.yaml", "ledger:\n  currency: XHR\n")
		user = programtest.Visit(t, programtest.Start(t, storage, "--config", settings).URL)
		check.Equal(t, "total in the ledger's own currency", user.Add("food", "2.50").Total(), "1002.50")
		check.Contains(t, "the pages", everyPage(t, user), "XHR\u00a01,002.50")
		check.Contains(t, "verify", programtest.Succeed(t, "verify", "--storage", storage), "0 differences")
	})
}

func TestAnUnknownCurrencyOfTheLedgerIsRefused(t *testing.T) {
	programtest.OnEach(t, programtest.Storages(), func(t *testing.T, storage string) {
		settings := programtest.WriteFile(t, "config.yaml", "ledger:\n  currency: NIX\n")
		result := programtest.Command(t, "serve", "--storage", storage, "--listen", "127.0.0.1:0", "--config", settings)
		check.Equal(t, "exit code", result.Code, 1)
		check.Contains(t, "the reason", result.Stderr, "ledger.currency", "ISO 4217")
	})
}

// What a price is counted in is what the storage says, whatever the list says today.
func TestDecimalsOfACurrencyStay(t *testing.T) {
	programtest.OnEach(t, programtest.DurableStorages(), func(t *testing.T, storage string) {
		programtest.Succeed(t, "migrate", "--storage", storage)
		for _, c := range []string{"('JPY', 2, 100)", "('KWD', 2, 100)"} { // 0 and 3 on today's list
			programtest.Execute(t, storage, "INSERT INTO currency (code, digits, scale) VALUES "+c)
		}
		p := programtest.Start(t, storage)
		user := programtest.Visit(t, p.URL)
		user.Submit("/add", programtest.Form("category", "food", "price", "5", "currency", "JPY"))
		at := user.Submit("/add", programtest.Form("category", "food", "price", "5.50", "currency", "JPY")).Newest()
		check.Contains(t, "the row", at.Text, "¥5.50")
		check.Equal(t, "price on the form", user.Get(at.Link).Field("price"), "5.50")
		user.Submit(at.Link, user.Get(at.Link).Change("note", "the price stays"))
		refused := user.Post("/add", programtest.Form("category", "food", "price", "1.2345", "currency", "KWD"))
		check.Equal(t, "three decimals more", refused.Status, http.StatusUnprocessableEntity)
		check.Contains(t, "what is said at the price", refused.ErrorAt("price"), "KWD", "2 decimals")
		user.Submit("/add", programtest.Form("category", "food", "price", "1.25", "currency", "KWD"))
		check.Contains(t, "the pages", everyPage(t, user), "¥10.50", "KWD\u00a01.25")
		check.Contains(t, "verify", programtest.Succeed(t, "verify", "--storage", storage), "0 differences")
		check.Equal(t, "prices", programtest.Ask[string](t, storage,
			"SELECT CAST(sum(CAST(price AS decimal(9, 2))) AS text) FROM expense WHERE currency = 'JPY'"),
			"10.5"+map[bool]string{false: "0"}[strings.HasPrefix(storage, "sqlite:")])
	})
}
