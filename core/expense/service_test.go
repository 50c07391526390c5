package expense_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"expense-tracker/adapters/memory"
	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/ledger/ledgertest"
	"expense-tracker/core/revision"
)

// here is where the ledger's people live, a few hours behind UTC.
var here = time.FixedZone("here", -5*3600)

var owner = ledger.LocalOwner(in(here))

func in(zone *time.Location) ledger.Ledger {
	l := ledgertest.Ledger(ledger.Default)
	l.Zone = zone
	return l
}

// newService returns a service on an empty storage whose clock stands still, a little before midnight in the user's zone.
func newService(t testing.TB) *expense.Service {
	t.Helper()
	keys := 0
	return expense.NewService(memory.New().Expenses(), expense.Settings{
		PageSize: 3,
		Now:      func() time.Time { return time.Date(2026, 3, 31, 23, 59, 0, 0, here) },
		NewKey:   func() idempotency.Key { keys++; return idempotency.Key(fmt.Sprint("made-", keys)) },
	})
}

func add(t testing.TB, s *expense.Service, draft expense.Draft) expense.Expense {
	t.Helper()
	return addAs(t, s, owner, draft)
}

func addAs(t testing.TB, s *expense.Service, actor ledger.Actor, draft expense.Draft) expense.Expense {
	t.Helper()
	receipt, err := s.Add(t.Context(), actor, draft)
	if err != nil {
		t.Fatal(err)
	}
	return receipt.Expense
}

func TestAddUnderstandsADraft(t *testing.T) {
	e := add(t, newService(t), expense.Draft{Category: "  weekly \t shop ", Price: " 1 234,50 ", Note: " a\r\nb "})
	if got, want := fmt.Sprintf("%s|%s|%s|%s", e.Category.Name, e.Price, e.Date, e.Note),
		"weekly shop|1234.50 USD|2026-03-31|a\nb"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	e = add(t, newService(t), expense.Draft{Category: "cafe\u0301", Price: "500", Currency: " jpy ", Date: " 2024-02-29 "})
	if got, want := fmt.Sprintf("%s|%s|%s", e.Category.Name, e.Price, e.Date), "café|500 JPY|2024-02-29"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestAddNamesEveryWrongField(t *testing.T) {
	s := newService(t)
	_, err := s.Add(t.Context(), owner, expense.Draft{Price: "abc", Currency: "XYZ", Date: "2026-02-30", Note: "a\x00b"})
	if !errors.Is(err, fault.Invalid) {
		t.Fatal(err)
	}
	var fields []string
	for _, v := range fault.ViolationsOf(err) {
		fields = append(fields, v.Field)
	}
	if got := fmt.Sprint(fields); got != "[category currency price date note]" {
		t.Errorf("violations at %s", got)
	}
	if home, err := s.Home(t.Context(), owner); err != nil || home.State != (ledger.State{}) {
		t.Errorf("something was stored: %+v, %v", home, err)
	}
}

func TestAddRefusesTexts(t *testing.T) {
	for _, tt := range []struct{ category, because string }{
		{"", "enter a category"},
		{" \u00a0\t ", "enter a category"},
		{"\u200b\u200d", "enter a category"},
		{strings.Repeat("x", 101), "at most 100 characters; this has 101"},
		{"a\nb", "control characters"},
		{"a\x00b", "control characters"},
		{"a\u009fb", "U+009F"},
		{"\u200e\u2069", "enter a category"},
		{"a\xffb", "not valid text"},
	} {
		_, err := newService(t).Add(t.Context(), owner, expense.Draft{Category: tt.category, Price: "1"})
		violations := fault.ViolationsOf(err)
		if len(violations) != 1 || violations[0].Field != expense.FieldCategory || !strings.Contains(violations[0].Message.String(), tt.because) {
			t.Errorf("category %q: %v, want %q", tt.category, err, tt.because)
		}
	}
	for _, note := range []string{strings.Repeat("x", 1001), "a\x07b", "a\xff"} {
		if _, err := newService(t).Add(t.Context(), owner, expense.Draft{Category: "a", Price: "1",
			Note: note}); !errors.Is(err, fault.Invalid) {
			t.Errorf("note %q: %v, want Invalid", note, err)
		}
	}
	for _, date := range []string{"1899-12-31", "2200-01-01", "0226-01-01", "tomorrow"} {
		if _, err := newService(t).Add(t.Context(), owner, expense.Draft{Category: "a", Price: "1",
			Date: date}); !errors.Is(err, fault.Invalid) {
			t.Errorf("date %q: %v, want Invalid", date, err)
		}
	}
	for _, key := range []string{"a b", "ä", strings.Repeat("k", 129), "a\n"} {
		if _, err := newService(t).Add(t.Context(), owner, expense.Draft{Category: "a", Price: "1", Key: key}); !errors.Is(err, fault.Invalid) {
			t.Errorf("key %q: %v, want Invalid", key, err)
		}
	}
	for _, category := range []string{strings.Repeat("ä", 100), "👨‍👩‍👧", "<script>alert(1)</script>", "0"} {
		add(t, newService(t), expense.Draft{Category: category, Price: "1"})
	}
}

// Phones copy invisible marks of direction along with names and numbers.
func TestMarksOfDirectionAreLeftOut(t *testing.T) {
	s := newService(t)
	for _, mark := range "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069" {
		m := string(mark)
		got := add(t, s, expense.Draft{Category: m + "fo" + m + "od", Price: m + "12.50" + m, Note: "call " + m + "+49 30 1" + m})
		if got.Category.Name != "food" || got.Category.ID != 1 || got.Price.Decimal() != "12.50" || got.Note != "call +49 30 1" {
			t.Errorf("with %U: %+v", mark, got)
		}
	}
	const written = "👨\u200d👩\u200d👧 می\u200cخواهم"
	if got := add(t, s, expense.Draft{Category: "אוכל", Price: "1", Note: written}); got.Category.Name != "אוכל" ||
		got.Note != written {
		t.Errorf("what writing needs is kept: %+v", got)
	}
}

func TestAddIsExactlyOnce(t *testing.T) {
	s := newService(t)
	draft := expense.Draft{Category: "food", Price: "12.50", Key: "k1"}
	first := add(t, s, draft)
	same := draft
	same.Price, same.Category = "12,50", " food "
	if receipt, err := s.Add(t.Context(), owner, same); err != nil || !receipt.Duplicate || receipt.Expense != first {
		t.Errorf("the same written differently: %+v, %v, want a duplicate", receipt, err)
	}
	for _, other := range []expense.Draft{
		{Category: "food", Price: "12.51", Key: "k1"}, {Category: "drinks", Price: "12.50", Key: "k1"},
		{Category: "food", Price: "12.50", Key: "k1", Note: "x"},
		{Category: "food", Price: "12.50", Key: "k1", Currency: "EUR"}, {Category: "food", Price: "12.50", Key: "k1", Date: "2026-01-01"},
	} {
		if _, err := s.Add(t.Context(), owner, other); !errors.Is(err, fault.Conflict) {
			t.Errorf("%+v: %v, want Conflict", other, err)
		}
	}
	draft.Key = ""
	if second := add(t, s, draft); second.ID == first.ID {
		t.Error("an add without a key was taken for a duplicate")
	}
}

func TestEditNeedsTheRevisionThatWasSeen(t *testing.T) {
	s := newService(t)
	e := add(t, s, expense.Draft{Category: "food", Price: "1"})
	edited, err := s.Edit(t.Context(), owner, e.ID, revision.At(1), expense.Draft{Category: "Food", Price: "2", Date: "2026-01-01", Note: "n"})
	if err != nil || edited.Price.Decimal() != "2.00" || edited.Category != e.Category || edited.Revision != 2 {
		t.Errorf("edited %+v, %v", edited, err)
	}
	if _, err := s.Edit(t.Context(), owner, e.ID, revision.At(1), expense.Draft{Category: "food",
		Price: "3"}); !errors.Is(err, fault.Conflict) {
		t.Errorf("a stale edit: %v, want Conflict", err)
	}
	if _, err := s.Edit(t.Context(), owner, e.ID, revision.At(2), expense.Draft{Category: "", Price: "x"}); len(fault.ViolationsOf(err)) != 2 {
		t.Errorf("a bad edit: %v, want two violations", err)
	}
	if _, err := s.Delete(t.Context(), owner, e.ID, revision.At(1)); !errors.Is(err, fault.Conflict) {
		t.Errorf("a stale delete: %v, want Conflict", err)
	}
	if _, err := s.Restore(t.Context(), owner, e.ID, revision.At(2)); !errors.Is(err, fault.Conflict) {
		t.Errorf("restoring what is not deleted: %v, want Conflict", err)
	}
	if _, err := s.Delete(t.Context(), owner, e.ID, revision.At(2)); err != nil {
		t.Error(err)
	}
	if _, err := s.Edit(t.Context(), owner, e.ID, revision.At(3), expense.Draft{Category: "food",
		Price: "3"}); !errors.Is(err, fault.NotFound) {
		t.Errorf("an edit of a deleted expense: %v, want NotFound", err)
	}
	if restored, err := s.Restore(t.Context(), owner, e.ID, revision.At(3)); err != nil || restored.Deleted || restored.Revision != 4 {
		t.Errorf("restored %+v, %v", restored, err)
	}
}

func TestChangesThatAreSentAgainAreRecognised(t *testing.T) {
	s := newService(t)
	e := add(t, s, expense.Draft{Category: "food", Price: "1"})
	draft := expense.Draft{Category: "food", Price: "2", Date: "2026-01-01"}
	for _, step := range []struct {
		name string
		send func() (expense.Expense, error)
	}{
		{"edit", func() (expense.Expense, error) { return s.Edit(t.Context(), owner, e.ID, revision.At(1), draft) }},
		{"delete", func() (expense.Expense, error) { return s.Delete(t.Context(), owner, e.ID, revision.At(2)) }},
		{"restore", func() (expense.Expense, error) { return s.Restore(t.Context(), owner, e.ID, revision.At(3)) }},
		{"delete again", func() (expense.Expense, error) { return s.Delete(t.Context(), owner, e.ID, revision.At(4)) }},
	} {
		first, err := step.send()
		if err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		if second, err := step.send(); err != nil || second != first {
			t.Errorf("%s, sent again: %+v, %v, want %+v", step.name, second, err, first)
		}
	}
	// The restore arrives once more, late: it must not undo the second delete.
	if now, err := s.Restore(t.Context(), owner, e.ID, revision.At(3)); err != nil || !now.Deleted {
		t.Errorf("a late restore: %+v, %v, want the expense as it is, deleted", now, err)
	}
	draft.Price = "3"
	if _, err := s.Edit(t.Context(), owner, e.ID, revision.At(1), draft); !errors.Is(err, fault.NotFound) {
		t.Errorf("another edit of the first revision: %v, want NotFound", err)
	}
}

// After a restore, another row can have the ID and the revision of the one that somebody saw.
func TestAChangeOfWhatIsNotWhatItsAuthorSawIsRefused(t *testing.T) {
	s := newService(t)
	e := add(t, s, expense.Draft{Category: "food", Price: "1"})
	other := add(t, s, expense.Draft{Category: "fun", Price: "2"})
	if _, err := s.Edit(t.Context(), owner, e.ID, other.Seen(), expense.Draft{Category: "food",
		Price: "3"}); !errors.Is(err, fault.Conflict) {
		t.Errorf("an edit: %v, want Conflict", err)
	}
	if _, err := s.Delete(t.Context(), owner, e.ID, other.Seen()); !errors.Is(err, fault.Conflict) {
		t.Errorf("a delete: %v, want Conflict", err)
	}
	fun, err := s.Category(t.Context(), owner, other.Category.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.RenameCategory(t.Context(), owner, e.Category.ID, fun.Seen(), "x"); !errors.Is(err, fault.Conflict) {
		t.Errorf("a rename: %v, want Conflict", err)
	}
	if _, err := s.MergeCategory(t.Context(), owner, e.Category.ID, fun.Seen(), other.Category.ID); !errors.Is(err, fault.Conflict) {
		t.Errorf("a merge: %v, want Conflict", err)
	}
	if deleted, err := s.Delete(t.Context(), owner, e.ID, e.Seen()); err != nil || !deleted.Deleted {
		t.Errorf("a delete of what was seen: %+v, %v", deleted, err)
	}
}

// Who edits something else leaves the category as it is, though its name was another when the form was opened.
func TestAnEditUndoesNoLaterRenameOrMerge(t *testing.T) {
	s := newService(t)
	e := add(t, s, expense.Draft{Category: "food", Price: "1"})
	other := add(t, s, expense.Draft{Category: "groceries", Price: "2"})
	draft := expense.Draft{Category: "food", Price: "3"}
	saw := e.Seen()
	if _, err := s.RenameCategory(t.Context(), owner, e.Category.ID, revision.At(1), "meals"); err != nil {
		t.Fatal(err)
	}
	edited, err := s.Edit(t.Context(), owner, e.ID, saw, draft)
	if err != nil || edited.Category.ID != e.Category.ID || edited.Category.Name != "meals" || edited.Price.Minor() != 300 {
		t.Errorf("after a rename: %+v, %v, want another price in meals", edited, err)
	}
	draft.Category, saw = "meals", edited.Seen()
	if _, err := s.MergeCategory(t.Context(), owner, e.Category.ID, revision.At(2), other.Category.ID); err != nil {
		t.Fatal(err)
	}
	edited, err = s.Edit(t.Context(), owner, e.ID, saw, draft)
	if err != nil || edited.Category != other.Category {
		t.Errorf("after a merge: %+v, %v, want it in groceries", edited, err)
	}
	draft.Category = "food"
	edited, err = s.Edit(t.Context(), owner, e.ID, edited.Seen(), draft)
	if err != nil || edited.Category.Name != "food" {
		t.Errorf("another category: %+v, %v, want it in food", edited, err)
	}
}

func TestWhatWasSeenIsReadBack(t *testing.T) {
	saw := expense.Expense{Revision: 7, Note: "x", Category: expense.Category{Name: "food"}}.Seen()
	if again, err := revision.Parse(saw.String()); err != nil || again != saw {
		t.Errorf("%s reads back as %s, %v", saw, again, err)
	}
}

func TestPages(t *testing.T) {
	s := newService(t)
	for n := range 8 {
		add(t, s, expense.Draft{Category: "food", Price: fmt.Sprint(n + 1), Date: fmt.Sprintf("2026-01-%02d", n+1)})
	}
	home, err := s.Home(t.Context(), owner)
	if err != nil || prices(home.Newest) != "8 7 6" || home.Older == nil {
		t.Fatalf("home %s, %v, %v", prices(home.Newest), home.Older, err)
	}
	second, _ := s.PageBefore(t.Context(), owner, *home.Older)
	third, _ := s.PageBefore(t.Context(), owner, *second.Older)
	if prices(second.Expenses) != "5 4 3" || prices(third.Expenses) != "2 1" || third.Older != nil {
		t.Errorf("down: %s, then %s", prices(second.Expenses), prices(third.Expenses))
	}
	back, _ := s.PageAfter(t.Context(), owner, *third.Newer)
	top, _ := s.PageAfter(t.Context(), owner, *back.Newer)
	if prices(back.Expenses) != "5 4 3" || prices(top.Expenses) != "8 7 6" || top.Newer != nil || *top.Older != *home.Older {
		t.Errorf("up: %s, then %s", prices(back.Expenses), prices(top.Expenses))
	}
	oldest, _ := s.PageAfter(t.Context(), owner, expense.Position{})
	if prices(oldest.Expenses) != "3 2 1" || oldest.Older != nil || oldest.Newer == nil {
		t.Errorf("oldest: %s", prices(oldest.Expenses))
	}
}

func prices(list []expense.Expense) string {
	var all []string
	for _, e := range list {
		all = append(all, strings.TrimSuffix(e.Price.Decimal(), ".00"))
	}
	return strings.Join(all, " ")
}

func FuzzParseCategoryName(f *testing.F) {
	for _, seed := range []string{"food", " a  b ", "STRASSE", "e\u0301", "\u200b", "a\x00", "\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		name, err := expense.ParseCategoryName(typed)
		if err != nil {
			return
		}
		if again, err := expense.ParseCategoryName(string(name)); err != nil || again != name {
			t.Errorf("%q is tidied to %q, and that to %q, %v", typed, name, again, err)
		}
		if name == "" || name.Key() == "" {
			t.Errorf("%q is tidied to %q with key %q", typed, name, name.Key())
		}
	})
}
