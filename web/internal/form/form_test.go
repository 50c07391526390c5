package form_test

import (
	"slices"
	"testing"

	"expense-tracker/web/internal/form"
	"expense-tracker/web/internal/problem"
	"expense-tracker/web/internal/words"
)

func TestWhatIsWrongIsArrangedAsTheForm(t *testing.T) {
	labels := form.Labels{{Name: "category", Text: "Category"}, {Name: "price", Text: "Price"}}
	book, err := words.Open(nil)
	if err != nil {
		t.Fatal(err)
	}
	found := problem.Problem{
		In: book.English(), Fields: []problem.Field{{Name: "revision"}, {Name: "price"}, {Name: "key"}, {Name: "category"}},
	}
	before := slices.Clone(found.Fields)
	want := []problem.Field{{Name: "category", Label: "Category"}, {Name: "price", Label: "Price"}, {Name: "revision"}, {Name: "key"}}
	if got := labels.Arrange(found).Fields; !slices.Equal(got, want) {
		t.Errorf("arranged as %v, want %v", got, want)
	}
	if !slices.Equal(found.Fields, before) {
		t.Errorf("the problem itself became %v", found.Fields)
	}
}

// A page that has one of these in it is not well-formed, and what was typed has to be seen all the same.
func TestWhatNoPageMayHoldIsMarked(t *testing.T) {
	for typed, want := range map[string]string{
		"a\x01b": "a\uFFFDb", "\x7f": "\uFFFD", "\u0085": "\uFFFD", "\ufffe": "\uFFFD", "\xff": "\uFFFD",
		"two\r\n\tlines": "two\r\n\tlines", "été 🏳️‍🌈": "été 🏳️‍🌈",
	} {
		if got := form.Shown(typed); got != want {
			t.Errorf("%q is shown as %q, want %q", typed, got, want)
		}
	}
}
