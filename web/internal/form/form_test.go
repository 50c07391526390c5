package form_test

import (
	"slices"
	"testing"

	"expense-tracker/web/internal/form"
	"expense-tracker/web/internal/problem"
)

func TestWhatIsWrongIsArrangedAsTheForm(t *testing.T) {
	labels := form.Labels{{Name: "category", Text: "Category"}, {Name: "price", Text: "Price"}}
	found := problem.Problem{Fields: []problem.Field{{Name: "revision"}, {Name: "price"}, {Name: "key"}, {Name: "category"}}}
	before := slices.Clone(found.Fields)
	want := []problem.Field{{Name: "category", Label: "Category"}, {Name: "price", Label: "Price"}, {Name: "revision"}, {Name: "key"}}
	if got := labels.Arrange(found).Fields; !slices.Equal(got, want) {
		t.Errorf("arranged as %v, want %v", got, want)
	}
	if !slices.Equal(found.Fields, before) {
		t.Errorf("the problem itself became %v", found.Fields)
	}
}
