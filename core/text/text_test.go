package text_test

import (
	"testing"

	"expense-tracker/core/text"
)

func TestWhatIsTypedIsTidied(t *testing.T) {
	name := text.Rule{Max: 9, TooLong: "a name has at most %d characters; this has %d", Blank: "enter a name"}
	note := text.Rule{Max: 9, TooLong: "a note has at most %d characters; this has %d"}
	for _, tt := range []struct {
		tidy        func(string, text.Rule) (string, error)
		rule        text.Rule
		typed, want string
		refused     string
	}{
		{tidy: text.Line, rule: name, typed: "  week \t shop ", want: "week shop"},
		{tidy: text.Line, rule: name, typed: "cafe\u0301", want: "caf\u00e9"},
		{tidy: text.Line, rule: name, typed: "\u200efo\u202eod\u202c", want: "food"},
		{tidy: text.Line, rule: name, typed: "אוכלאוכלא", want: "אוכלאוכלא"},
		{tidy: text.Line, rule: name, typed: "week  shops", refused: "a name has at most 9 characters; this has 10"},
		{tidy: text.Line, rule: name, typed: " \u200e\u200b ", refused: "enter a name"},
		{tidy: text.Line, rule: name, typed: "a\nb", refused: "this has control characters, which cannot be shown (U+000A); remove them"},
		{tidy: text.Line, rule: name, typed: "a\ufdd0", refused: "this has a code that is no character (U+FDD0); remove it"},
		{tidy: text.Line, rule: name, typed: "a\xff", refused: "this is not valid text (UTF-8)"},
		{tidy: text.Line, rule: note, typed: "  "},
		{tidy: text.Lines, rule: note, typed: " a\r\n\tb \n", want: "a\n\tb"},
		{tidy: text.Lines, rule: note, typed: ""},
		{tidy: text.Lines, rule: name, typed: "\n", refused: "enter a name"},
		{tidy: text.Lines, rule: note, typed: "ab\ncd\nef\ng", refused: "a note has at most 9 characters; this has 10"},
		{tidy: text.Lines, rule: note, typed: "a\rb", refused: "this has control characters, which cannot be shown (U+000D); remove them"},
	} {
		got, err := tt.tidy(tt.typed, tt.rule)
		refused := ""
		if err != nil {
			refused = err.Error()
		}
		if got != tt.want || refused != tt.refused {
			t.Errorf("%q is tidied to %q, %q, want %q, %q", tt.typed, got, refused, tt.want, tt.refused)
		}
	}
}

func TestCheckLetsPassWhatIsAllowed(t *testing.T) {
	if err := text.Check("a\tb", "\t"); err != nil {
		t.Error(err)
	}
	if err := text.Check("a\tb", ""); err == nil {
		t.Error("a tab passes that is not allowed")
	}
}
