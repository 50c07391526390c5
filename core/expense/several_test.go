package expense_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/core/ledger/ledgertest"
	"expense-tracker/core/revision"
)

func pickOf(e expense.Expense) expense.Pick { return expense.Pick{ID: e.ID, Saw: e.Seen()} }

func picksOf(expenses ...expense.Expense) []expense.Pick {
	var picks []expense.Pick
	for _, e := range expenses {
		picks = append(picks, pickOf(e))
	}
	return picks
}

func TestSeveralAreChangedAndTakenBackAsOne(t *testing.T) {
	s, ctx, owner := newService(t), t.Context(), ledgertest.Owner()
	first := add(t, s, expense.Draft{Category: "food", Price: "1", Date: "2026-11-01", Tags: "#a #Work"})
	second := add(t, s, expense.Draft{Category: "Rent", Price: "2", Date: "2026-11-02"})
	third := add(t, s, expense.Draft{Category: "tea", Price: "3", Date: "2026-11-03", Tags: "#b"})
	now := func(e expense.Expense) string {
		t.Helper()
		e, err := s.Get(ctx, owner, e.ID)
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(e.Category.Name, " ", e.Date, " ", e.Tags.Typed(), " ", e.Deleted)
	}
	draft := expense.SeveralDraft{Category: "rent", Tags: "#new", Untag: "work"}
	picks := picksOf(third, first, second, first)
	done, err := s.EditSeveral(ctx, owner, picks, draft)
	if err != nil || done.Changed != 3 || done.Number < 1 {
		t.Fatalf("%+v, %v", done, err)
	}
	for e, want := range map[expense.Expense]string{
		first: "Rent 2026-11-01 #a #new false", second: "Rent 2026-11-02 #new false", third: "Rent 2026-11-03 #b #new false",
	} {
		if got := now(e); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	if again, err := s.EditSeveral(ctx, owner, picks, draft); err != nil || again != done {
		t.Errorf("sent again: %+v, %v, want %+v", again, err, done)
	}
	undone, err := s.UndoSeveral(ctx, owner, done.Number)
	if err != nil || undone.Changed != 3 {
		t.Fatalf("%+v, %v", undone, err)
	}
	if again, err := s.UndoSeveral(ctx, owner, done.Number); err != nil || again != undone {
		t.Errorf("pressed twice: %+v, %v", again, err)
	}
	if got := now(first); got != "food 2026-11-01 #a #Work false" {
		t.Error("taken back:", got)
	}
	if _, err := s.UndoSeveral(ctx, owner, undone.Number); err != nil || now(first) != "Rent 2026-11-01 #a #new false" {
		t.Error("the undo taken back:", now(first), err)
	}
	if _, err := s.UndoSeveral(ctx, owner, 7); !errors.Is(err, fault.Conflict) {
		t.Error("an undo of nothing:", err)
	}
}

// One that was deleted for good is no reason to forget the others.
func TestOneOfSeveralIsGone(t *testing.T) {
	s, ctx, owner := newService(t), t.Context(), ledgertest.Owner()
	first := add(t, s, expense.Draft{Category: "food", Price: "1"})
	picks := append(picksOf(first), expense.Pick{ID: first.ID + 1, Saw: revision.At(1)})
	for what, change := range map[string]func() (expense.Done, error){
		"edit": func() (expense.Done, error) {
			return s.EditSeveral(ctx, owner, picks, expense.SeveralDraft{Category: "tea"})
		},
		"delete":  func() (expense.Done, error) { return s.DeleteSeveral(ctx, owner, picks) },
		"restore": func() (expense.Done, error) { return s.RestoreSeveral(ctx, owner, picks[1:]) },
	} {
		if _, err := change(); !errors.Is(err, fault.Conflict) || !strings.Contains(fault.MessageOf(err), "gone for good") {
			t.Errorf("%s: %v", what, err)
		}
	}
	if now, err := s.Get(ctx, owner, first.ID); err != nil || now != first {
		t.Errorf("the other is %+v, %v", now, err)
	}
}

func TestSeveralAreDeletedAndBroughtBackAsOne(t *testing.T) {
	s, ctx, owner := newService(t), t.Context(), ledgertest.Owner()
	first, second := add(t, s, expense.Draft{Category: "food", Price: "1"}), add(t, s, expense.Draft{Category: "tea", Price: "2"})
	done, err := s.DeleteSeveral(ctx, owner, picksOf(first, second))
	if err != nil || done.Changed != 2 {
		t.Fatalf("%+v, %v", done, err)
	}
	if before, err := s.SeveralBefore(ctx, owner, done.Number); err != nil || len(before) != 2 || before[0] != first {
		t.Errorf("before it: %+v, %v", before, err)
	}
	gone, err := s.Get(ctx, owner, first.ID)
	if err != nil || !gone.Deleted {
		t.Fatalf("%+v, %v", gone, err)
	}
	if _, err := s.DeleteSeveral(ctx, owner, picksOf(gone)); !errors.Is(err, fault.Conflict) {
		t.Error("deleted already:", err)
	}
	if _, err := s.EditSeveral(ctx, owner, picksOf(gone), expense.SeveralDraft{Tags: "x"}); !errors.Is(err, fault.Conflict) {
		t.Error("of what is deleted:", err)
	}
	if back, err := s.RestoreSeveral(ctx, owner, picksOf(gone)); err != nil || back.Changed != 1 {
		t.Errorf("%+v, %v", back, err)
	}
	if _, err := s.UndoSeveral(ctx, owner, done.Number); !errors.Is(err, fault.Conflict) {
		t.Error("an undo after one of them was changed:", err)
	}
	if _, err := s.RestoreSeveral(ctx, owner, picksOf(second)); !errors.Is(err, fault.Conflict) {
		t.Error("as it was before the deletion:", err)
	}
}

func TestWhatIsWrongAboutSeveralIsRefused(t *testing.T) {
	s, ctx, owner := newService(t), t.Context(), ledgertest.Owner()
	full := add(t, s, expense.Draft{Category: "food", Price: "1", Tags: "a b c d e f g h i j"})
	stale := pickOf(full)
	stale.Saw = revision.Of(1, "something else")
	many := make([]expense.Pick, expense.MaxSeveral+1)
	for i := range many {
		many[i] = expense.Pick{ID: expense.ID(i + 1), Saw: revision.At(1)}
	}
	fine := expense.SeveralDraft{Category: "tea"}
	for name, tt := range map[string]struct {
		picks []expense.Pick
		draft expense.SeveralDraft
		want  error
		says  string
	}{
		"nothing picked":    {nil, fine, fault.Invalid, "at least one"},
		"too many":          {many, fine, fault.Invalid, "at most 200"},
		"nothing to do":     {picksOf(full), expense.SeveralDraft{Category: " "}, fault.Invalid, "say what to change"},
		"no category":       {picksOf(full), expense.SeveralDraft{Category: "\x00"}, fault.Invalid, "category:"},
		"no date":           {picksOf(full), expense.SeveralDraft{Date: "soon"}, fault.Invalid, "date:"},
		"no tags":           {picksOf(full), expense.SeveralDraft{Tags: "\x00"}, fault.Invalid, "tags:"},
		"no tags to take":   {picksOf(full), expense.SeveralDraft{Untag: "\x00"}, fault.Invalid, "untag:"},
		"a tag too many":    {picksOf(full), expense.SeveralDraft{Tags: "k"}, fault.Invalid, "at most 10 tags"},
		"another content":   {[]expense.Pick{stale}, fine, fault.Conflict, "changed meanwhile"},
		"seen at two times": {[]expense.Pick{stale, pickOf(full)}, fine, fault.Invalid, "twice"},
		"of nobody":         {[]expense.Pick{{ID: 99, Saw: revision.At(1)}}, fine, fault.Conflict, "gone for good"},
	} {
		if _, err := s.EditSeveral(ctx, owner, tt.picks, tt.draft); !errors.Is(err, tt.want) || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: %v, want %v, %q", name, err, tt.want, tt.says)
		}
	}
	if now, err := s.Get(ctx, owner, full.ID); err != nil || now != full {
		t.Errorf("afterwards: %+v, %v", now, err)
	}
}

func TestTheRoleIsCheckedForSeveral(t *testing.T) {
	s, ctx := newService(t), t.Context()
	var nothing expense.SeveralDraft
	for name, useCase := range map[string]struct {
		need ledger.Role
		call func(ledger.Actor) error
	}{
		"EditSeveral":    {ledger.Editor, func(a ledger.Actor) error { _, err := s.EditSeveral(ctx, a, nil, nothing); return err }},
		"DeleteSeveral":  {ledger.Editor, func(a ledger.Actor) error { _, err := s.DeleteSeveral(ctx, a, nil); return err }},
		"RestoreSeveral": {ledger.Editor, func(a ledger.Actor) error { _, err := s.RestoreSeveral(ctx, a, nil); return err }},
		"UndoSeveral":    {ledger.Editor, func(a ledger.Actor) error { _, err := s.UndoSeveral(ctx, a, 1); return err }},
		"SeveralBefore":  {ledger.Viewer, func(a ledger.Actor) error { _, err := s.SeveralBefore(ctx, a, 1); return err }},
	} {
		for _, role := range []ledger.Role{0, ledger.Viewer, ledger.Editor, ledger.Owner} {
			err := useCase.call(ledger.Actor{Ledger: in(here), Role: role})
			if forbidden := errors.Is(err, fault.Forbidden); forbidden != (role < useCase.need) {
				t.Errorf("%s as %s: %v", name, role, err)
			}
		}
	}
}
