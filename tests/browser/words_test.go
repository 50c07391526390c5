package browser_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"expense-tracker/tests/rig/programtest"
)

// pseudo is the language that shows which texts come from a catalogue: they are in brackets, and a third longer.
const pseudo = "en-XA"

// read makes the tab ask for pages in a language.
func (b *tab) read(language string) {
	b.t.Helper()
	call(b, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Accept-Language": language}})
}

func script(t testing.TB, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// Every page in the pseudo-language, and in German: each text comes from the catalogue, and a third more of it breaks nothing on a phone.
func TestEveryPageIsWrittenInTheReadersLanguage(t *testing.T) {
	t.Parallel()
	audit, words, stock := script(t, "audit.js"), script(t, "words.js"), newStock(t)
	for _, picture := range gallery() {
		t.Run(picture.name, func(t *testing.T) {
			for _, language := range []string{pseudo, "de"} {
				b := picture.open(t, stock, language)
				if got := evaluate[string](b, `document.documentElement.lang`); got != language {
					t.Fatalf("the page is in %q", got)
				}
				for _, width := range []int64{195, 320, 390} {
					b.resize(width)
					for _, wrong := range evaluate[[]string](b, audit) {
						t.Errorf("%s, %d pixels: %s", language, width, wrong)
					}
				}
				if language == pseudo {
					for _, wrong := range evaluate[[]string](b, words) {
						t.Error(wrong)
					}
				}
			}
		})
	}
}

func TestATextOfNoCatalogueIsFound(t *testing.T) {
	t.Parallel()
	words := script(t, "words.js")
	b := openTab(t, programtest.Start(t, "memory:", "--demo").URL)
	b.read(pseudo)
	for change, says := range map[string]string{
		`document.querySelector(".newest h2").textContent = "Plain"`:       "“Plain” is in no catalogue",
		`document.querySelector("nav").setAttribute("aria-label", "Main")`: "aria-label “Main”",
		`document.querySelector("#price").placeholder = "Price"`:           "placeholder “Price”",
		`document.querySelector("form button").append(" now")`:             "“now” is in no catalogue",
		`document.title = "Expenses"`:                                      "the title “Expenses”",
		`document.querySelector("label").textContent = "March"`:            "“March” is in no catalogue",
	} {
		b.open("/")
		if wrong := evaluate[[]string](b, words); len(wrong) > 0 {
			t.Fatalf("the page itself: %v", wrong)
		}
		b.do(chromedp.Evaluate[chromedp.Void](change))
		if wrong := fmt.Sprint(evaluate[[]string](b, words)); wrong == "[]" || !strings.Contains(wrong, says) {
			t.Errorf("%s: %s, want %q", change, wrong, says)
		}
	}
}
