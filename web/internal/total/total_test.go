package total

import "testing"

func TestCounts(t *testing.T) {
	for n, want := range map[int64]string{0: "0 expenses", 1: "1 expense", 999: "999 expenses", 1000: "1,000 expenses", 1234567: "1,234,567 expenses"} {
		if got := Count(n); got != want {
			t.Errorf("Count(%d) = %q, want %q", n, got, want)
		}
	}
}
