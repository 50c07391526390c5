package relocation_test

import (
	"context"
	"errors"
	"testing"

	"expense-tracker/adapters/internal/relocation"
)

func table(name string, columns ...string) relocation.Table {
	t := relocation.Table{Name: name}
	for _, column := range columns {
		t.Columns = append(t.Columns, relocation.Column{Name: column, Type: relocation.Integer})
	}
	return t
}

func of(native relocation.Native, column string) relocation.Table {
	return relocation.Table{Name: "new", Columns: []relocation.Column{{Name: column, Type: native}}}
}

// What one storage has and the other has not is no copy with less, but an error.
func TestATableOrColumnOfOneSideAloneIsAnError(t *testing.T) {
	both := table("currency", "code")
	for name, sides := range map[string][2][]relocation.Table{
		"a table of the first":    {{both, table("new", "id")}, {both}},
		"a table of the second":   {{both}, {both, table("new", "id")}},
		"a column of the first":   {{both, table("new", "id", "more")}, {both, table("new", "id")}},
		"another column":          {{both, table("new", "id", "more")}, {both, table("new", "id", "other")}},
		"numbers of the first":    {{both, {Name: "new", Numbered: "id", Columns: both.Columns}}, {both, {Name: "new", Columns: both.Columns}}},
		"types that do not match": {{both, table("new", "id")}, {both, of(relocation.Binary, "id")}},
		"money of no currency":    {{both, table("new", "price")}, {both, of(relocation.Numeric, "price")}},
	} {
		if _, err := relocation.Plan(sides[0], sides[1]); !errors.Is(err, relocation.ErrSchemas) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTablesComeAfterThoseThatTheyReferTo(t *testing.T) {
	child, parent := table("a_child", "id"), table("z_parent", "id")
	child.References = []string{"z_parent", "a_child"}
	currency := table("currency", "code")
	pairs, err := relocation.Plan([]relocation.Table{child, parent, currency}, []relocation.Table{currency, parent, table("a_child", "id")})
	if err != nil {
		t.Fatal(err)
	}
	var names string
	for _, p := range pairs {
		names += p.Name() + " "
	}
	if names != "currency z_parent a_child " {
		t.Errorf("order: %s", names)
	}
	parent.References = []string{"a_child"}
	both := []relocation.Table{child, parent}
	if _, err := relocation.Plan(both, both); !errors.Is(err, relocation.ErrSchemas) {
		t.Errorf("a circle: %v", err)
	}
}

// rows is a side of one table.
type rows [][]any

func (r rows) Tables(context.Context) ([]relocation.Table, error) {
	t := table("currency", "code", "digits")
	t.Key = []string{"code"}
	return []relocation.Table{t}, nil
}

func (r rows) Read(context.Context, relocation.Pair) relocation.Stream {
	return func(yield func([]any) error) error {
		for _, row := range r {
			if err := yield(row); err != nil {
				return err
			}
		}
		return nil
	}
}

func (r rows) Last(context.Context, relocation.Pair) (int64, error) { return 0, nil }

// The digest does not depend on the order of rows, and knows all else: another value, nothing for zero, a row twice, which would cancel out
// in a sum without carry.
func TestADigestKnowsWhatDiffers(t *testing.T) {
	one, two := []any{int64(1), int64(10)}, []any{int64(2), int64(20)}
	if _, err := relocation.Compare(t.Context(), rows{one, two}, rows{two, one}); err != nil {
		t.Errorf("in another order: %v", err)
	}
	for name, other := range map[string]rows{
		"a row less": {one}, "a row twice": {one, two, two, two}, "another value": {one, {int64(2), int64(21)}},
		"nothing": {one, {int64(2), nil}}, "a text": {one, {int64(2), "20"}}, "none": {},
	} {
		if _, err := relocation.Compare(t.Context(), rows{one, two}, other); !errors.Is(err, relocation.ErrDiffer) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
