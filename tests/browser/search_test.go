package browser_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/programtest"
)

// A person finds what was paid in a café, narrows it down, takes a filter off again, and takes it all home as a file.
func TestExpensesAreFoundAgain(t *testing.T) {
	t.Parallel()
	inBothWays(t, func(t *testing.T, open func(string) *tab) {
		p := programtest.Start(t, programtest.NewSQLite(t))
		visitor := programtest.Visit(t, p.URL)
		for _, e := range [][]string{
			{"category", "Eating out", "price", "12.50", "payee", "Café Central", "note", "=2+2", "tags", "#work"},
			{"category", "Coffee", "price", "3.20", "note", "in the CAFÉ, \"to go\""},
			{"category", "Coffee", "price", "1.00", "currency", "EUR", "payee", "cafe"},
			{"category", "Groceries", "price", "30"},
		} {
			visitor.Submit("/add", programtest.Form(e...))
		}
		user := open(p.URL)
		user.resize(390)
		user.open("/")
		user.press(`nav.bar a[href="/search"]`)
		found := func(count int, sum, query string) {
			t.Helper()
			user.await(fmt.Sprintf("%d expenses of %s at %s", count, sum, query), fmt.Sprintf(`location.search === "%s" &&
				document.querySelector("#result-count")?.value === "%d" && document.querySelector("#result-total").value === "%s"`, query, count, sum))
			check.Equal(t, "rows", evaluate[int](user, `document.querySelectorAll("[data-id]").length`), count)
		}
		found(4, "45.70", "")
		user.press("#q")
		user.do(chromedp.KeyEvent("cafe" + kb.Enter))
		found(3, "15.70", "?q=cafe")
		check.Equal(t, "euros", evaluate[string](user, `document.querySelector("#result-total-EUR").value`), "1.00")

		user.press(".offer:has(#category) summary")
		user.do(chromedp.SendKeys(chromedp.CSS("#category"), "coffee"))
		user.press(".offer:has(#category) button")
		found(2, "3.20", "?category=coffee&q=cafe")
		user.press(".offer:has(#currency) summary")
		user.do(chromedp.SendKeys(chromedp.CSS("#currency"), "usd"))
		user.press(".offer:has(#currency) button")
		user.await("two chips", `document.querySelectorAll(".chips a.chip:not(.offered)").length === 2`)
		check.Equal(t, "the count", user.textOf("#result-count"), "1 expense")
		user.press(".chips a.chip")
		user.await("one chip", `document.querySelectorAll(".chips a.chip:not(.offered)").length === 1`)
		user.press(".chips a.chip")
		found(3, "15.70", "?q=cafe")

		rows := user.download(`a[href="/search.csv?q=cafe"]`)
		header, rest := rows[0], rows[1:]
		check.Equal(t, "rows of the file", len(rest), 3)
		prices := map[string]string{}
		for _, row := range rest {
			at := func(name string) string { return row[slices.Index(header, name)] }
			prices[at("price")+" "+at("currency")] = at("category") + "|" + at("payee") + "|" + at("note") + "|" + at("date")
		}
		today := time.Now().Format(time.DateOnly)
		for price, want := range map[string]string{
			"12.50 USD": "Eating out|Café Central|'=2+2|" + today,
			"3.20 USD":  `Coffee||in the CAFÉ, "to go"|` + today,
			"1.00 EUR":  "Coffee|cafe||" + today,
		} {
			check.Equal(t, price, prices[price], want)
		}
	})
}

// download follows a link to a CSV file and returns the file's rows.
func (b *tab) download(link string) [][]string {
	b.t.Helper()
	folder := b.t.TempDir()
	call(b, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{
		Behavior: browser.SetDownloadBehaviorBehaviorAllow, DownloadPath: folder, BrowserContextID: chromedp.FromContext(b.ctx).BrowserContextID,
	})
	b.press(link)
	var files []string
	check.Eventually(b.t, 30*time.Second, "a file", func() bool {
		files, _ = filepath.Glob(filepath.Join(folder, "*.csv"))
		return len(files) == 1
	})
	content, err := os.ReadFile(files[0])
	if err != nil {
		b.t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(content)).ReadAll()
	if err != nil || len(rows) == 0 {
		b.t.Fatalf("%s: %d rows, %v", files[0], len(rows), err)
	}
	return rows
}
