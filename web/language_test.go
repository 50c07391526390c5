package web_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"testing"

	"expense-tracker/web"
	"expense-tracker/web/webtest"
)

// readIn asks for a page as a browser of somebody does who reads these languages.
func readIn(s *webtest.Site, languages, path string) webtest.Answer {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	if languages != "" {
		r.Header.Set("Accept-Language", languages)
	}
	return s.Do(r)
}

func TestThePageIsInTheReadersLanguage(t *testing.T) {
	s := webtest.New(t, web.Options{})
	webtest.Furnish(s)
	for _, tt := range []struct{ asked, language, text string }{
		{"", "en", "What did you spend?"},
		{"en-GB,en;q=0.9,de;q=0.8", "en", "What did you spend?"},
		{"de", "de", "Was hast du ausgegeben?"},
		{"de-CH, en;q=0.5", "de", "1.200,00\u00a0$"},
		{"fr, de;q=0.5", "de", "Sonntag, 1. November"},
		{"fr", "en", "Sunday, 1 November"},
		{"*", "en", "$1,200.00"},
		{"en-XA", "en-XA", "[Prîçé ~]"},
		{";;;\xff", "en", "What did you spend?"},
	} {
		for range 2 { // rendered, and kept
			got := readIn(s, tt.asked, "/")
			got.Want(t, 200, `<html lang="`+tt.language+`">`, tt.text)
			if language := got.Header.Get("Content-Language"); language != tt.language {
				t.Errorf("%q: Content-Language %q, want %q", tt.asked, language, tt.language)
			}
			if !slices.Contains(got.Header.Values("Vary"), "Accept-Language") || !slices.Contains(got.Header.Values("Vary"), "Accept-Encoding") {
				t.Errorf("%q: Vary %q", tt.asked, got.Header.Values("Vary"))
			}
		}
	}
}

func TestAChosenLanguageComesBeforeTheBrowsers(t *testing.T) {
	chosen := "de"
	s := webtest.New(t, web.Options{Language: func(*http.Request) string { return chosen }})
	readIn(s, "en", "/").Want(t, 200, `<html lang="de">`)
	chosen = ""
	readIn(s, "en", "/").Want(t, 200, `<html lang="en">`)
}

func TestFaultsAndNoticesAreInTheReadersLanguage(t *testing.T) {
	s := webtest.New(t, web.Options{Language: func(*http.Request) string { return "de" }})
	s.Follow(s.Post("/add", "category", "Büro", "price", "1.234,50")).Want(t, 200, "Hinzugefügt: Büro, 1.234,50\u00a0$.",
		`<data id="total" value="1234.50">1.234,50`)
	s.Post("/add", "category", "", "price", "1.234.567,891", "date", "2026-02-30").Want(t, 422,
		"Gib eine Kategorie ein, zum Beispiel Lebensmittel.",
		"USD hat höchstens 2 Nachkommastellen.", "Gib ein Datum ein, das es gibt, als JJJJ-MM-TT.", `href="#price">Preis</a>`)
	s.Post("/add", "category", "x", "price", "999999999999999999").Want(t, 422, "Ein Preis ist höchstens 9.999.999.999.999,99\u00a0$.")
	s.Get("/nothing").Want(t, 404, "<h1>Nicht gefunden</h1>")
	s.Get("/expenses/1").Want(t, 200, `name="price" value="1234,50"`, "Diese Ausgabe löschen")
	s.Store.TakeAway()
	s.Post("/add", "category", "x", "price", "1").Want(t, 503, "genau einmal gespeichert")
}

func TestTheManifestIsInTheReadersLanguage(t *testing.T) {
	s := webtest.New(t, web.Options{})
	english, german := manifestOf(t, readIn(s, "en", "/")), manifestOf(t, readIn(s, "de", "/"))
	s.Get(english).Want(t, 200, `"short_name": "Expenses"`, `"lang": "en"`)
	s.Get(german).Want(t, 200, `"short_name": "Ausgaben"`, `"lang": "de"`)
}

var manifestLink = regexp.MustCompile(`rel="manifest" href="([^"]*)"`)

func manifestOf(t *testing.T, a webtest.Answer) string {
	t.Helper()
	found := manifestLink.FindStringSubmatch(a.Body)
	if found == nil {
		t.Fatal("no manifest")
	}
	return found[1]
}
