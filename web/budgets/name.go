package budgets

import (
	"context"
	"net/http"
	"strconv"

	"expense-tracker/core/budget"
	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/web/internal/form"
	"expense-tracker/web/internal/row"
	"expense-tracker/web/internal/words"
)

// Addresses of the area's pages.
const (
	listAddress = "/budgets"
	everything  = "all" // in the place of a category's number
)

func addressOf(of budget.CategoryID) string { return listAddress + "/" + textOf(of) }

func textOf(of budget.CategoryID) string {
	if of == budget.Everything {
		return everything
	}
	return strconv.FormatInt(int64(of), 10)
}

// inPath returns the category of a budget's address.
func inPath(r *http.Request) (budget.CategoryID, error) {
	if r.PathValue("id") == everything {
		return budget.Everything, nil
	}
	id, err := form.ID(r)
	return budget.CategoryID(id), err
}

// nameView is what a budget is for.
type nameView struct {
	Name string
	Tile row.Tile
}

// allSpending is the name of the budget for everything.
const allSpending words.Phrase = "All spending"

func everythingView(in *words.Language) nameView {
	return nameView{Name: in.T(allSpending), Tile: row.Tile{Colour: "rest", Mark: "∑"}}
}

// names returns what budgets are for: a category that was merged away goes by what is left of it.
func (a *Area) names(
	ctx context.Context, in *words.Language, actor ledger.Actor, of ...budget.CategoryID,
) (map[budget.CategoryID]nameView, error) {
	ids := make([]expense.CategoryID, 0, len(of))
	views := make(map[budget.CategoryID]nameView, len(of))
	for _, id := range of {
		if id == budget.Everything {
			views[id] = everythingView(in)
			continue
		}
		ids = append(ids, expense.CategoryID(id))
	}
	found, err := a.expenses.CategoriesByID(ctx, actor, ids)
	for id, category := range found {
		views[budget.CategoryID(id)] = nameView{Name: string(category.Name), Tile: row.TileOf(category)}
	}
	return views, err
}

// named returns what one budget is for; NotFound if there is no such category.
func (a *Area) named(ctx context.Context, in *words.Language, actor ledger.Actor, of budget.CategoryID) (nameView, error) {
	found, err := a.names(ctx, in, actor, of)
	if err != nil {
		return nameView{}, err
	}
	view, ok := found[of]
	if !ok {
		return nameView{}, fault.New(fault.NotFound, "web.budget", "there is no such category")
	}
	return view, nil
}
