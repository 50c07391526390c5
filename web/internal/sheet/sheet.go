// Package sheet sends files of CSV a part at a time, and makes texts harmless for the spreadsheets that open them.
package sheet

import (
	"regexp"
	"strings"
)

// runs is where a spreadsheet takes what follows for a formula: at the start of a text, and after what parts cells and lines where that is
// a semicolon or a tab, as in half of Europe. Some take the wide signs of East Asian keyboards for the usual ones.
var runs = regexp.MustCompile(`(^|[;\t\r\n])([ "]*[=+\-@＝＋－＠])`)

// Harmless puts an apostrophe before whatever in a text a spreadsheet would run as a formula.
func Harmless(s string) string {
	s = runs.ReplaceAllString(s, "$1'$2")
	if strings.IndexAny(s, "\t\r\n") == 0 {
		return "'" + s
	}
	return s
}
