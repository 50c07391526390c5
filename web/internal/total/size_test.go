package total_test

import (
	"testing"

	"expense-tracker/web/internal/total"
)

// Amounts of six, nine and eleven digits each have a size of their own: rupiahs are not written as small as the largest that there is.
func TestLongAmountsAreWrittenSmaller(t *testing.T) {
	for text, want := range map[string]string{
		"$4,458.77": "", "$46,434.31": "long", "IDR 38,417,144.50": "longer", "$98,765,432,062.62": "longer", "IDR 98,765,432,062.62": "longest",
	} {
		if got := total.SizeOf(text); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}
