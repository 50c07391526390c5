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
