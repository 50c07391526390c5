package total_test

import (
	"testing"

	"expense-tracker/web/internal/total"
	"expense-tracker/web/internal/words"
)

func TestCounts(t *testing.T) {
	book, err := words.Open(nil)
	if err != nil {
		t.Fatal(err)
	}
	for n, want := range map[int64]string{
		0: "0 expenses", 1: "1 expense", 999: "999 expenses", 1000: "1,000 expenses", 1234567: "1,234,567 expenses",
	} {
		if got := total.Count(book.English(), n); got != want {
			t.Errorf("Count(%d) = %q, want %q", n, got, want)
		}
	}
}
