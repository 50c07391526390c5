package words

import "testing"

func TestSentences(t *testing.T) {
	for typed, want := range map[string]string{
		"": "", "enter a price": "Enter a price.", "über": "Über.", "really?": "Really?", `"X" is wrong`: `"X" is wrong.`,
	} {
		if got := sentence(typed); got != want {
			t.Errorf("sentence(%q) = %q, want %q", typed, got, want)
		}
	}
}

// What runs from right to left is kept apart from what stands beside it: a price that follows a name would be shown before it.
func TestTextsThatRunLeftTurnNothingRound(t *testing.T) {
	book, err := Open(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		phrase Phrase
		arg    string
		want   string
	}{
		{"Added %s, %s.", "tea", "Added tea, $5."},
		{"Added %s, %s.", "שלום", "Added \u2068שלום\u2069, $5."},
		{"Added %s, %s.", "tea مواد", "Added \u2068tea مواد\u2069, $5."},
		{"%q is not %s.", "שלום", "\u2068\"שלום\"\u2069 is not $5."},
	} {
		if got := book.English().T(test.phrase, test.arg, "$5"); got != test.want {
			t.Errorf("%q of %q is %q, want %q", test.phrase, test.arg, got, test.want)
		}
	}
}
