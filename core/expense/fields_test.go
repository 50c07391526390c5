package expense_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/revision"
)

func TestTagsAreUnderstood(t *testing.T) {
	for typed, want := range map[string]string{
		"": "", " , # ": "", "#work family": "work family", "work, family": "work family", "#a#b": "a b", "Work #work WORK": "Work",
		"\u200ework\u200e": "work", "straße,STRASSE": "straße", "日本，家": "日本 家",
		"#1 #100%": "1 100%", strings.Repeat("ä", 30): strings.Repeat("ä", 30),
	} {
		if got, err := expense.ParseTags(typed); err != nil || string(got) != want {
			t.Errorf("%q is %q, %v, want %q", typed, got, err, want)
		}
	}
	for _, typed := range []string{strings.Repeat("x", 31), "a b c d e f g h i j k", "a\x00", "\xff", "#\u200b"} {
		if got, err := expense.ParseTags(typed); err == nil {
			t.Errorf("%q is taken as %q", typed, got)
		}
	}
}

func FuzzParseTags(f *testing.F) {
	for _, seed := range []string{"#work family", "a,b", "##", "\u200b", "e\u0301 é"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		tags, err := expense.ParseTags(typed)
		if err != nil {
			return
		}
		if again, err := expense.ParseTags(tags.Typed()); err != nil || again != tags {
			t.Errorf("%q is read as %q, and that as %q, %v", typed, tags, again, err)
		}
		if len(tags.List()) > expense.MaxTags || strings.Join(tags.List(), " ") != string(tags) {
			t.Errorf("%q is read as %q", typed, tags.List())
		}
	})
}

func TestPayeeTagsAndRefundAreStored(t *testing.T) {
	s := newService(t)
	draft := expense.Draft{Category: "food", Price: "5", Payee: "  Ana \t Bo ", Tags: "#work, family", Refund: true, Key: "k1"}
	e := add(t, s, draft)
	if got, want := fmt.Sprintf("%s|%s|%v|%s|%s", e.Payee, e.Tags, e.Refund, e.Price, e.Spent()),
		"Ana Bo|work family|true|5.00 USD|-5.00 USD"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if receipt, err := s.Add(t.Context(), owner, draft); err != nil || !receipt.Duplicate {
		t.Errorf("the same again: %+v, %v", receipt, err)
	}
	for _, other := range []func(*expense.Draft){
		func(d *expense.Draft) { d.Payee = "" }, func(d *expense.Draft) { d.Tags = "work" }, func(d *expense.Draft) { d.Refund = false },
	} {
		changed := draft
		other(&changed)
		if _, err := s.Add(t.Context(), owner, changed); !errors.Is(err, fault.Conflict) {
			t.Errorf("%+v with the same key: %v, want Conflict", changed, err)
		}
	}
	edited, err := s.Edit(t.Context(), owner, e.ID, e.Seen(), expense.Draft{Category: "food", Price: "5"})
	if err != nil || edited.Payee != "" || edited.Tags != "" || edited.Refund {
		t.Errorf("edited %+v, %v", edited, err)
	}
	if saw := e.Seen(); !saw.IsOther(func() revision.Seen { other := e; other.Refund = false; return other.Seen() }()) {
		t.Error("who saw a refund does not see that it is none")
	}
	_, err = s.Add(t.Context(), owner, expense.Draft{Category: "a", Price: "-5", Payee: strings.Repeat("x", 101), Tags: "a\x00"})
	var fields []string
	for _, v := range fault.ViolationsOf(err) {
		fields = append(fields, v.Field)
	}
	if got := fmt.Sprint(fields); got != "[price payee tags]" || !strings.Contains(err.Error(), "Refund") {
		t.Errorf("violations at %s: %v", got, err)
	}
}

// Forms and keys that were made before there were payees, tags and refunds are recognised.
func TestAnExpenseWithoutThemHasTheFingerprintOfOld(t *testing.T) {
	e := add(t, newService(t), expense.Draft{Category: "food", Price: "5", Note: "n"})
	entry := expense.Entry{Category: "food", Price: e.Price, Date: e.Date, Note: e.Note}
	if got, want := expense.FingerprintOf(entry), idempotency.FingerprintOf("food", "5.00 USD", "2026-03-31", "n"); got != want {
		t.Errorf("fingerprint %x, want %x", got, want)
	}
	if got, want := e.Seen(), revision.Of(1, "2026-03-31", "5.00 USD", "n", "false").Beside("food"); got != want {
		t.Errorf("seen %s, want %s", got, want)
	}
}

func TestACategoryIsGivenALook(t *testing.T) {
	s := newService(t)
	c := add(t, s, expense.Draft{Category: "Kaffee", Price: "5"}).Category
	if c.Icon != "☕" || c.Colour != expense.Colours()[0] || c.Initial() != "K" {
		t.Errorf("by itself it is %+v", c)
	}
	changed, err := s.SetCategoryLook(t.Context(), owner, c.ID, revision.At(1), "plum", " 🍵 ")
	if err != nil || changed.Colour != "plum" || changed.Icon != "🍵" {
		t.Errorf("changed %+v, %v", changed, err)
	}
	for _, icon := range []string{"x", "1", "🍵 🍵", "a🍵", "<", strings.Repeat("🍵", 11), "\xff", "…", "\u200d"} {
		if got, err := expense.ParseIcon(icon); err == nil {
			t.Errorf("%q is taken as %q", icon, got)
		}
	}
	for _, icon := range []string{"", "☕", "☕️", "👨‍👩‍👧‍👦", "🇩🇪", "👍🏽", "✈️", "❤️"} {
		if got, err := expense.ParseIcon(icon); err != nil || got != icon {
			t.Errorf("%q is taken as %q, %v", icon, got, err)
		}
	}
	_, err = s.SetCategoryLook(t.Context(), owner, c.ID, revision.At(2), "beige", "x")
	if n := len(fault.ViolationsOf(err)); n != 2 {
		t.Errorf("%d violations of %v, want two", n, err)
	}
	if _, err := s.ArchiveCategory(t.Context(), owner, c.ID, revision.At(1), true); !errors.Is(err, fault.Conflict) {
		t.Errorf("a stale change: %v, want Conflict", err)
	}
	if changed, err = s.ArchiveCategory(t.Context(), owner, c.ID, revision.At(2), true); err != nil || !changed.Archived ||
		changed.Icon != "🍵" {
		t.Errorf("archived %+v, %v", changed, err)
	}
	if err := s.RemoveCategory(t.Context(), owner, c.ID, revision.At(3)); !errors.Is(err, fault.Conflict) {
		t.Errorf("it is removed with its expense: %v", err)
	}
}

// Twelve categories that come one after the other have twelve colours.
func TestColoursComeInTurn(t *testing.T) {
	seen := make(map[expense.Colour]bool)
	for id := expense.CategoryID(1 << 40); id < 1<<40+12; id++ {
		seen[expense.NewCategory(id, "x", expense.Look{}, false).Colour] = true
	}
	if len(seen) != len(expense.Colours()) || len(seen) != 12 {
		t.Errorf("%d colours", len(seen))
	}
}

func TestAReportOfNoMonthIsNotFound(t *testing.T) {
	s := newService(t)
	for _, month := range []civil.Month{{}, {Year: 2026, Month: 13}, {Year: 2026}, {Year: 1899, Month: 12}, {Year: 2200, Month: 1}} {
		if _, err := s.MonthReport(t.Context(), owner, month); !errors.Is(err, fault.NotFound) {
			t.Errorf("%v: %v, want NotFound", month, err)
		}
		if _, err := s.YearReport(t.Context(), owner, month.Year); month.Year != 2026 && !errors.Is(err, fault.NotFound) {
			t.Errorf("%d: %v, want NotFound", month.Year, err)
		}
	}
	add(t, s, expense.Draft{Category: "food", Price: "5"})
	if days, err := s.DaysOf(t.Context(), owner, civil.Month{Year: 2026, Month: 3}); err != nil || len(days) != 1 || days[0].Count != 1 {
		t.Errorf("the days %+v, %v", days, err)
	}
	if days, err := s.DaysOf(t.Context(), owner, civil.Month{Year: 2026, Month: 13}); err != nil || len(days) != 0 {
		t.Errorf("the days of no month %+v, %v", days, err)
	}
	if r, err := s.MonthReport(t.Context(), owner, civil.Month{Year: 2026, Month: 3}); err != nil || len(r.Largest) != 1 || len(r.Days) != 1 {
		t.Errorf("%+v, %v", r, err)
	}
}
