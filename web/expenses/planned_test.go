package expenses_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/core/ledger/ledgertest"
	"expense-tracker/web"
	"expense-tracker/web/webtest"
)

// What is left of the budgets stands on the first page as soon as they change, on every instance.
func TestTheFirstPageSaysWhatIsLeftOfTheBudgets(t *testing.T) {
	s := webtest.New(t, web.Options{})
	other, err := web.New(s.Services, web.Options{Ledger: ledgertest.Ledger(ledger.Default)})
	if err != nil {
		t.Fatal(err)
	}
	want := func(texts ...string) {
		t.Helper()
		for range 2 { // rendered, and kept
			s.Get("/").Want(t, 200, texts...)
			recorder := httptest.NewRecorder()
			other.ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "/", nil))
			webtest.AnswerOf(recorder).Want(t, 200, texts...)
		}
	}
	s.Add(expense.Draft{Category: "rent", Price: "1000"})
	s.Add(expense.Draft{Category: "food", Price: "90", Date: "2026-11-02"})
	s.Add(expense.Draft{Category: "tea", Price: "5", Currency: "EUR"})
	want(`!class="planned`, `!class="left`, `!class="end"`, `!class="pale"`)
	s.Post("/budgets", "category", "all", "amount", "1500").Want(t, 303)
	want(`!class="left`,
		`<p class="planned"><a href="/budgets">$410.00 left of $1,500; $58 a day for 7 days</a></p>`)
	s.Post("/budgets", "category", "2", "amount", "300").Want(t, 303)
	want(`<rect class="pale" width="30%"`, `<rect class="end" x="30%"`, `<small class="left">$210.00 left of $300</small>`)
	s.Post("/budgets", "category", "3", "amount", "4", "currency", "EUR").Want(t, 303)
	want(`<small class="left over">€1.00 over €4</small>`)
	s.Post("/add", "category", "food", "price", "445").Want(t, 303)
	want(`<p class="planned over"><a href="/budgets">$35.00 over the budget of $1,500</a>`,
		`<small class="left over">$235.00 over $300</small>`)
	s.Follow(s.Post("/add", "category", "food", "price", "1")).Want(t, 200, "$36.00 over the budget of $1,500", "$236.00 over $300")
	s.Post("/add", "category", "food", "price", "none").Want(t, 422, "$36.00 over the budget of $1,500", "$236.00 over $300")
	s.Post("/budgets/all/end", "revision", "1").Want(t, 303)
	s.Post("/budgets/2/end", "revision", "1").Want(t, 303)
	s.Post("/budgets/3/end", "revision", "1").Want(t, 303)
	want(`!class="planned`, `!class="left`, `!class="end"`)
}

// A merged category's budget goes on with the one that is left.
func TestABudgetIsMarkedWhereItsCategoryWasMerged(t *testing.T) {
	s := webtest.New(t, web.Options{})
	s.Add(expense.Draft{Category: "food", Price: "30"})
	s.Add(expense.Draft{Category: "snacks", Price: "5"})
	s.Post("/budgets", "category", "2", "amount", "40").Want(t, 303)
	s.Post("/categories/2/merge", "into", "1", "revision", "1").Want(t, 303)
	s.Get("/").Want(t, 200, `<small class="left">$5.00 left of $40</small>`)
}
