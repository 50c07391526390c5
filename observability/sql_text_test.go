package observability

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestTextsOfStatementsAreShownWithoutValues(t *testing.T) {
	for given, want := range map[string]string{
		"":                                   "",
		"SELECT 1":                           "SELECT ?",
		"  SELECT\n\t a,  b\nFROM t ":        "SELECT a, b FROM t",
		"SELECT $1, ?2, $13::bigint[]":       "SELECT $1, ?2, $13::bigint[]",
		"WHERE note = 'it''s secret' AND x":  "WHERE note = ? AND x",
		"WHERE note = 'never ends":           "WHERE note = ?",
		"price > 12.50 AND sha256(x) = int4": "price > ? AND sha256(x) = int4",
		"''":                                 "?",
	} {
		if got := bare(given); got != want {
			t.Errorf("%q is shown as %q, want %q", given, got, want)
		}
	}
	if got := shortened(strings.Repeat("ä", 100), 51); !utf8.ValidString(got) || len(got) > 55 {
		t.Errorf("cut to %q", got)
	}
}

func TestTextsOfStatementsAreKeptInBounds(t *testing.T) {
	texts := queryTexts{kept: make(map[string]string)}
	for n := range 10 * queriesLimit {
		texts.of("SELECT " + strings.Repeat("x", n))
	}
	if len(texts.kept) > queriesLimit {
		t.Errorf("%d are kept", len(texts.kept))
	}
	if got := texts.of(strings.Repeat("y", 10*queryShown)); len(got) > queryShown+len("…") {
		t.Errorf("%d bytes are shown", len(got))
	}
}
