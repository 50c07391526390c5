package expense_test

import (
	"errors"
	"testing"

	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/core/revision"
)

func TestEveryUseCaseChecksTheRole(t *testing.T) {
	s, ctx := newService(t), t.Context()
	e := add(t, s, expense.Draft{Category: "food", Price: "1"})
	other := add(t, s, expense.Draft{Category: "rent", Price: "1"})
	draft := expense.Draft{Category: "food", Price: "1"}
	for name, useCase := range map[string]struct {
		need ledger.Role
		call func(ledger.Actor) error
	}{
		"State":      {ledger.Viewer, func(a ledger.Actor) error { _, err := s.State(ctx, a); return err }},
		"Home":       {ledger.Viewer, func(a ledger.Actor) error { _, err := s.Home(ctx, a); return err }},
		"Spent":      {ledger.Viewer, func(a ledger.Actor) error { _, _, err := s.Spent(ctx, a); return err }},
		"PageBefore": {ledger.Viewer, func(a ledger.Actor) error { _, err := s.PageBefore(ctx, a, expense.Position{}); return err }},
		"PageAfter":  {ledger.Viewer, func(a ledger.Actor) error { _, err := s.PageAfter(ctx, a, expense.Position{}); return err }},
		"Get":        {ledger.Viewer, func(a ledger.Actor) error { _, err := s.Get(ctx, a, e.ID); return err }},
		"Categories": {ledger.Viewer, func(a ledger.Actor) error { _, err := s.Categories(ctx, a, ""); return err }},
		"Category":   {ledger.Viewer, func(a ledger.Actor) error { _, err := s.Category(ctx, a, e.Category.ID); return err }},
		"CategorySpending": {ledger.Viewer, func(a ledger.Actor) error {
			_, err := s.CategorySpending(ctx, a, e.Category.ID, expense.SearchPlace{})
			return err
		}},
		"SuggestCategories": {ledger.Viewer, func(a ledger.Actor) error { _, err := s.SuggestCategories(ctx, a); return err }},
		"CategoryNamed":     {ledger.Viewer, func(a ledger.Actor) error { _, err := s.CategoryNamed(ctx, a, "food"); return err }},
		"SpentSince": {ledger.Viewer, func(a ledger.Actor) error {
			return s.SpentSince(ctx, a, nil, e.Date.MonthOf(), nil)
		}},
		"CategoriesByID": {ledger.Viewer, func(a ledger.Actor) error { _, err := s.CategoriesByID(ctx, a, nil); return err }},
		"Add":            {ledger.Editor, func(a ledger.Actor) error { _, err := s.Add(ctx, a, draft); return err }},
		"Check":          {ledger.Editor, func(a ledger.Actor) error { _, err := s.Check(ctx, a, draft); return err }},
		"Edit":           {ledger.Editor, func(a ledger.Actor) error { _, err := s.Edit(ctx, a, e.ID, revision.At(0), draft); return err }},
		"Delete":         {ledger.Editor, func(a ledger.Actor) error { _, err := s.Delete(ctx, a, e.ID, revision.At(0)); return err }},
		"Restore":        {ledger.Editor, func(a ledger.Actor) error { _, err := s.Restore(ctx, a, e.ID, revision.At(0)); return err }},
		"Bin":            {ledger.Viewer, func(a ledger.Actor) error { _, err := s.Bin(ctx, a, nil, nil); return err }},
		"History":        {ledger.Viewer, func(a ledger.Actor) error { _, err := s.History(ctx, a, e.ID, 0); return err }},
		"EmptyBin":       {ledger.Editor, func(a ledger.Actor) error { _, err := s.EmptyBin(ctx, a); return err }},
		"Undo":           {ledger.Editor, func(a ledger.Actor) error { _, err := s.Undo(ctx, a, e.ID, revision.At(0)); return err }},
		"RenameCategory": {ledger.Editor, func(a ledger.Actor) error {
			_, err := s.RenameCategory(ctx, a, e.Category.ID, revision.At(0), "x")
			return err
		}},
		"MergeCategory": {ledger.Editor, func(a ledger.Actor) error {
			_, err := s.MergeCategory(ctx, a, e.Category.ID, revision.At(0), other.Category.ID)
			return err
		}},
		"DaysOf": {ledger.Viewer, func(a ledger.Actor) error {
			_, err := s.DaysOf(ctx, a, e.Date.MonthOf())
			return err
		}},
		"MonthReport": {ledger.Viewer, func(a ledger.Actor) error {
			_, err := s.MonthReport(ctx, a, e.Date.MonthOf())
			return err
		}},
		"YearReport": {ledger.Viewer, func(a ledger.Actor) error { _, err := s.YearReport(ctx, a, e.Date.Year); return err }},
		"SetCategoryLook": {ledger.Editor, func(a ledger.Actor) error {
			_, err := s.SetCategoryLook(ctx, a, e.Category.ID, revision.At(0), "leaf", "")
			return err
		}},
		"ArchiveCategory": {ledger.Editor, func(a ledger.Actor) error {
			_, err := s.ArchiveCategory(ctx, a, e.Category.ID, revision.At(0), true)
			return err
		}},
		"MergedCategory": {ledger.Viewer, func(a ledger.Actor) error { _, err := s.MergedCategory(ctx, a, e.Category.ID); return err }},
		"UndoCategory": {ledger.Editor, func(a ledger.Actor) error {
			_, err := s.UndoCategory(ctx, a, e.Category.ID, revision.At(0))
			return err
		}},
		"RemoveCategory": {ledger.Editor, func(a ledger.Actor) error { return s.RemoveCategory(ctx, a, e.Category.ID, revision.At(0)) }},
	} {
		for _, role := range []ledger.Role{0, ledger.Viewer, ledger.Editor, ledger.Owner} {
			err := useCase.call(ledger.Actor{Ledger: in(here), Role: role})
			if forbidden := errors.Is(err, fault.Forbidden); forbidden != (role < useCase.need) {
				t.Errorf("%s as %s: %v", name, role, err)
			}
		}
	}
}
