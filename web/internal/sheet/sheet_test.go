package sheet_test

import (
	"testing"

	"expense-tracker/web/internal/sheet"
)

func TestNothingRunsInASpreadsheet(t *testing.T) {
	for text, want := range map[string]string{
		"":                       "",
		"lunch":                  "lunch",
		"a-b; c+d, 1=1":          "a-b; c+d, 1=1",
		"me@example.org":         "me@example.org",
		"=1+1":                   "'=1+1",
		"＝1+1":                   "'＝1+1",
		" =1+1":                  "' =1+1",
		`"=1+1"`:                 `'"=1+1"`,
		"\t=1+1":                 "'\t'=1+1",
		"\nmilk":                 "'\nmilk",
		"x;=1+1":                 "x;'=1+1", // where semicolons part cells
		`x; "@SUM(A1)";-2`:       `x;' "@SUM(A1)";'-2`,
		"x\t+1":                  "x\t'+1",
		"milk\r\n- eggs\n=cmd|x": "milk\r\n'- eggs\n'=cmd|x", // quotes do not hold a line together there
		"x;'=1+1":                "x;'=1+1",
	} {
		if got := sheet.Harmless(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}
