package sqlkit_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"expense-tracker/adapters/internal/sqlkit"
)

// However many rows there are, each is handed on once and in order, with a placeholder for each of its columns.
func TestRowsOfAnyNumberGoInPieces(t *testing.T) {
	t.Parallel()
	statement := sqlkit.NewValues(func(s string) string { return strings.ReplaceAll(s, "$", "?") }, "BEFORE ", 2, " AFTER")
	texts := map[string]bool{}
	for rows := range 200 {
		given := make([]any, 2*rows)
		for i := range given {
			given[i] = i
		}
		var taken []any
		calls := 0
		err := statement.Each(given, func(text string, piece []any) error {
			calls++
			texts[text] = true
			taken = append(taken, piece...)
			if last := fmt.Sprintf("?%d) AFTER", len(piece)); !strings.HasPrefix(text, "BEFORE (?1, ?2)") || !strings.HasSuffix(text, last) {
				t.Errorf("%d rows: %q for %d columns", rows, text, len(piece))
			}
			if n := strings.Count(text, "("); n*2 != len(piece) {
				t.Errorf("%d rows: %q has %d", rows, text, n)
			}
			return nil
		})
		if err != nil || fmt.Sprint(taken) != fmt.Sprint(given) {
			t.Errorf("%d rows: %v, %v", rows, taken, err)
		}
		if most := 3 + rows/32; calls > most {
			t.Errorf("%d rows take %d calls, want %d at most", rows, calls, most)
		}
	}
	if len(texts) > 12 {
		t.Errorf("%d texts: a connection would keep them all prepared", len(texts))
	}
}

func TestAPieceThatFailsIsTheLast(t *testing.T) {
	t.Parallel()
	statement := sqlkit.NewValues(func(s string) string { return s }, "", 1, "")
	calls := 0
	err := statement.Each(make([]any, 100), func(string, []any) error { calls++; return errors.New("refused") })
	if err == nil || calls != 1 {
		t.Errorf("%v after %d calls", err, calls)
	}
}
