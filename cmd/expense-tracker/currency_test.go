package main

import (
	"net/http"
	"strings"
	"testing"
)

// everyPage asks for each page that a ledger has and returns their texts in one. Each has to be there.
func (v *visitor) everyPage() string {
	v.t.Helper()
	var all strings.Builder
	for _, path := range []string{"/", "/expenses?from=oldest", "/categories"} {
		page := v.get(path)
		expect(v.t, "GET "+path, page.status, http.StatusOK)
		all.WriteString(page.body)
		for _, link := range page.all("a", "href", "*") {
			address := link.attributes["href"]
			if strings.HasPrefix(address, "/expenses/") || strings.HasPrefix(address, "/categories/") {
				linked := v.get(address)
				expect(v.t, "GET "+address, linked.status, http.StatusOK)
				all.WriteString(linked.body)
			}
		}
	}
	return all.String()
}

func TestACurrencyThatTheListDropsGoesOnWorking(t *testing.T) {
	onEach(t, durableStorages(), func(t *testing.T, storage string) {
		first := start(t, storage)
		user := visit(t, first.URL)
		user.submit("/add", form("category", "food", "price", "1234.50", "currency", "EUR"))
		user.submit("/add", form("category", "rent", "price", "1.00"))
		if err := first.Stop(); err != nil {
			t.Fatal(err)
		}
		// As if an earlier version had known it. On PostgreSQL an instance of that version has written it after the table was made.
		execute(t, storage, "UPDATE expense_entry SET currency = 'XHR' WHERE currency = 'EUR'")
		execute(t, storage, "UPDATE expense_total SET currency = 'XHR' WHERE currency = 'EUR'")
		if strings.HasPrefix(storage, "sqlite:") {
			execute(t, storage, "INSERT INTO currency (code, digits, scale) VALUES ('XHR', 2, 100)")
		}

		later := start(t, storage)
		user = visit(t, later.URL)
		contains(t, "the pages", user.everyPage(), "XHR\u00a01,234.50", "$1.00")
		at := user.get("/").rows()[1].link
		home := user.submit(at, user.get(at).change("note", "the currency stays"))
		contains(t, "the list", home.rows()[1].text, "XHR 1,234.50", "the currency stays")
		home = user.submit(at, user.get(at).change("price", "1000.00"))
		contains(t, "the list", home.rows()[1].text, "XHR 1,000.00")
		home = user.submit(at+"/delete", user.get(at).change())
		expect(t, "rows", len(home.rows()), 1)
		user.submit(at+"/restore", form("revision", home.field("revision")))
		expect(t, "an add in it", user.post("/add", form("category", "food", "price", "1", "currency", "XHR")).status, http.StatusUnprocessableEntity)
		expect(t, "an edit into it", user.post(home.newest().link, user.get(home.newest().link).change("currency", "XHR")).status, http.StatusUnprocessableEntity)
		contains(t, "the pages", user.everyPage(), "XHR\u00a01,000.00")
		contains(t, "verify", succeed(t, "verify", "--storage", storage), "0 differences")
		if err := later.Stop(); err != nil {
			t.Fatal(err)
		}

		settings := writeFile(t, "config.yaml", "ledger:\n  currency: XHR\n")
		user = visit(t, start(t, storage, "--config", settings).URL)
		expect(t, "total in the ledger's own currency", user.add("food", "2.50").total(), "1002.50")
		contains(t, "the pages", user.everyPage(), "XHR\u00a01,002.50")
		contains(t, "verify", succeed(t, "verify", "--storage", storage), "0 differences")
	})
}

func TestAnUnknownCurrencyOfTheLedgerIsRefused(t *testing.T) {
	onEach(t, storages(), func(t *testing.T, storage string) {
		settings := writeFile(t, "config.yaml", "ledger:\n  currency: NIX\n")
		result := command(t, "serve", "--storage", storage, "--listen", "127.0.0.1:0", "--config", settings)
		expect(t, "exit code", result.Code, 1)
		contains(t, "the reason", result.Stderr, "ledger.currency", "ISO 4217")
	})
}

// What a price is counted in is what the storage says, whatever the list says today.
func TestDecimalsOfACurrencyStay(t *testing.T) {
	onEach(t, durableStorages(), func(t *testing.T, storage string) {
		succeed(t, "migrate", "--storage", storage)
		for _, c := range []string{"('JPY', 2, 100)", "('KWD', 2, 100)"} { // 0 and 3 on today's list
			execute(t, storage, "INSERT INTO currency (code, digits, scale) VALUES "+c)
		}
		p := start(t, storage)
		user := visit(t, p.URL)
		user.submit("/add", form("category", "food", "price", "5", "currency", "JPY"))
		at := user.submit("/add", form("category", "food", "price", "5.50", "currency", "JPY")).newest()
		contains(t, "the row", at.text, "¥5.50")
		expect(t, "price on the form", user.get(at.link).field("price"), "5.50")
		user.submit(at.link, user.get(at.link).change("note", "the price stays"))
		refused := user.post("/add", form("category", "food", "price", "1.2345", "currency", "KWD"))
		expect(t, "three decimals more", refused.status, http.StatusUnprocessableEntity)
		contains(t, "what is said at the price", refused.errorAt("price"), "KWD", "2 decimals")
		user.submit("/add", form("category", "food", "price", "1.25", "currency", "KWD"))
		contains(t, "the pages", user.everyPage(), "¥10.50", "KWD\u00a01.25")
		contains(t, "verify", succeed(t, "verify", "--storage", storage), "0 differences")
		expect(t, "prices", ask[string](t, storage, "SELECT CAST(sum(CAST(price AS decimal(9, 2))) AS text) FROM expense WHERE currency = 'JPY'"), "10.5"+map[bool]string{false: "0"}[strings.HasPrefix(storage, "sqlite:")])
	})
}
