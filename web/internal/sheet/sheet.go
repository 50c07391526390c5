// Package sheet makes texts harmless for the spreadsheets that open files of CSV.
package sheet

import (
	"strings"
	"unicode/utf8"
)

// Harmless puts an apostrophe before a text that a spreadsheet would run as a formula. Some take the wide signs of East Asian keyboards
// for the usual ones.
func Harmless(s string) string {
	if first, _ := utf8.DecodeRuneInString(s); s != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", first) {
		return "'" + s
	}
	return s
}
