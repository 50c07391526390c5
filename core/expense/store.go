package expense

import (
	"context"

	"expense-tracker/core/civil"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
	"expense-tracker/core/revision"
)

// Store is the port to a storage, as pages need it; operators' commands have the ports in operator.go. Adapters implement all of them
// and are held to the contract in expensetest.
//
// Every method is atomic, belongs to one ledger and sees no other; the caller has checked that the actor may do it. A ledger
// that nothing was written to is empty, not missing. What a method has answered is durable and is seen by every call that
// starts afterwards, on any instance that shares the storage. Each change gives the ledger a new State and moves the maintained
// totals in the same transaction. Errors are faults: NotFound for a missing row, Conflict, Invalid, and Unavailable when the storage did
// not answer in time or at all; the outcome of an unavailable change is unknown, and it may be repeated: an Add with its key,
// any other change with its Basis.
type Store interface {
	SpendingStore
	SearchStore
	BinStore
	BatchStore
	TotalStore
	SinceStore
	CategoryStore
	CurrencyStore
	ledger.StateStore
}

// CurrencyStore keeps what amounts are counted in: a currency's code and decimals. The first price that is stored of a code decides
// for good, whatever a list of currencies says later. A storage may know more codes from the start.
type CurrencyStore interface {
	// Currency returns the currency of a code as this storage counts it; NotFound if it has none.
	Currency(ctx context.Context, code string) (money.Currency, error)
}

// SpendingStore keeps expenses. A price that comes with other decimals than the storage counts its currency in is kept in the
// storage's: exactly, or the entry is Invalid at the price.
type SpendingStore interface {
	// Add stores an entry, once for its key. A key that is known returns its expense, as it is now and even if deleted,
	// as a duplicate; with another fingerprint it is a Conflict. Nothing else of a refused entry is stored, nor its category.
	Add(ctx context.Context, in ledger.ID, entry Entry) (Receipt, error)
	// AddAll adds many entries in one transaction, each with the outcome that Add would have had. The results have the
	// entries' order. The error is for the whole: then none of them is known to be stored.
	AddAll(ctx context.Context, in ledger.ID, entries []Entry) ([]AddResult, error)
	// Get returns an expense, a deleted one too.
	Get(ctx context.Context, in ledger.ID, id ID) (Expense, error)
	// Change hands an expense at the revision that basis names to revise, and stores what that returns as the next revision, which
	// Change returns. The storage calls revise again if it has to start over. An error of revise ends the change and is
	// returned as it is. ID and Revision are the storage's; a Category with ID 0 is found by its name or created.
	//
	// The revision and the one before it are kept in the history, with the basis's At as the time of the change.
	//
	// At another revision nothing changes. If the step from the basis was made by the same change, this is its repeat, and
	// Change returns the expense as it is now. Otherwise it is a Conflict, or NotFound if the expense is deleted.
	Change(ctx context.Context, in ledger.ID, id ID, basis revision.Basis, revise func(Expense) (Expense, error)) (Expense, error)
	// List returns at most query.Limit expenses that are not deleted, newest first.
	List(ctx context.Context, in ledger.ID, query ListQuery) ([]Expense, error)
}

// AddResult is one entry's outcome in AddAll: a receipt, or an error.
type AddResult struct {
	Receipt Receipt
	Err     error
}

// ListQuery asks for a stretch of a ledger's list: from the newest expense on, or, if After is set, the Limit expenses that
// stand next to it on the newer side, or, if Before is set, on the older side. At most one of them is set. The zero Position as
// After asks for the oldest expenses.
type ListQuery struct {
	Before *Position
	After  *Position
	Limit  int
}

// TotalStore answers from the maintained totals; no method reads a history.
type TotalStore interface {
	// Overview returns what a home page shows, all of one moment.
	Overview(ctx context.Context, in ledger.ID, query OverviewQuery) (Overview, error)
	// Report returns what a page about a month or a year shows, all of one moment. Its cost is bounded by the query, whatever the ledger
	// holds: the largest expenses stand in an index, of which each month gives as many as are asked for.
	Report(ctx context.Context, in ledger.ID, query ReportQuery) (Report, error)
}

// OverviewQuery says which month an overview is about and how much of everything it holds at most.
type OverviewQuery struct {
	Month       civil.Month
	Newest      int // expenses
	Months      int // months up to Month that Trend covers
	Categories  int // of the month, per currency
	Suggestions int
	Frequent    int    // categories; 0 for none
	Currency    string // code of the ledger's own currency
	Currencies  int    // that Categories is about: the ledger's own, then those with the most expenses in the month
}

// Charted returns which of the currencies with these totals are among the query's Currencies, ordered by code.
func (q OverviewQuery) Charted(totals []Total) []money.Currency {
	return Charted(totals, q.Currency, q.Currencies)
}

// Read returns how many of the newest expenses a storage reads: those that are shown, or those that Frequent is about.
func (q OverviewQuery) Read() int {
	if q.Frequent > 0 {
		return max(q.Newest, FrequentAmong)
	}
	return q.Newest
}

// Overview is a ledger at one moment. Lists of totals are ordered by currency code, then as said.
type Overview struct {
	State       ledger.State
	Newest      []Expense       // as List
	AllTime     []Total         // one per currency in use
	Month       []Total         // one per currency used in the month
	Categories  []CategoryTotal // of the month: the largest amount first, then by name; see CandidateCategories
	Trend       []MonthTotal    // oldest month first; months without expenses are left out
	Days        []DayTotal      // of the month and the month before, oldest first; days without expenses are left out
	Suggestions []CategoryName  // of categories that are not merged away, archived or removed, by name
	Frequent    []Category      // those used most among the newest FrequentAmong expenses, then others that are suggested
}

// FrequentAmong is how many of the newest expenses decide which categories are used most.
const FrequentAmong = 100

// CandidateCategories is how many categories of a month and a currency a storage has to compare to find the largest. Where more of them
// are about as large as each other, within a factor of three, some of these may be missing from an overview.
const CandidateCategories = 1000

// CategoryStore keeps categories. They come into being with their first expense.
type CategoryStore interface {
	// ListCategories returns at most limit categories that are not merged away or removed, ordered by key, those after the given key only.
	ListCategories(ctx context.Context, in ledger.ID, after string, limit int) ([]CategorySummary, error)
	// GetCategory returns a category; one that was merged away or removed is NotFound.
	GetCategory(ctx context.Context, in ledger.ID, id CategoryID) (CategorySummary, error)
	// SuggestCategories returns at most limit categories that have expenses and are not merged away or archived, ordered by key. It looks at
	// the first SuggestAmong times as many, so that a ledger full of categories without expenses costs no more.
	SuggestCategories(ctx context.Context, in ledger.ID, limit int) ([]Category, error)
	// CategoryNamed returns the category of a name, whatever its case, or NotFound.
	CategoryNamed(ctx context.Context, in ledger.ID, name CategoryName) (Category, error)
	// RenameCategory gives a category another name; Conflict if another category has it. Expenses are not rewritten.
	// The basis counts as in SpendingStore.Change; a repeat returns the category that is left of it.
	RenameCategory(ctx context.Context, in ledger.ID, id CategoryID, basis revision.Basis, name CategoryName) (Category, error)
	// MergeCategory makes all expenses of one category, and of those merged into it, appear under another, which it
	// returns; its name is free again. Its totals move, expenses are not rewritten. From and into must differ. The basis is that
	// of from; the merge is a step of both. It is Invalid, and nothing is merged, if a total of both together cannot be kept exactly.
	MergeCategory(ctx context.Context, in ledger.ID, from CategoryID, basis revision.Basis, into CategoryID) (Category, error)
	// MergedCategory returns a category that was merged away, and the one that is left of it; NotFound if it was not.
	MergedCategory(ctx context.Context, in ledger.ID, id CategoryID) (Merge, error)
	// UndoCategory takes back the rename, the merge or the removal of a category that made the basis: it has its name again, or is there
	// again with its expenses and those of the categories that came along. What got another category since keeps that, what was added
	// since stays. The undo is a step of both categories of a merge. It is a Conflict if something else was the last change of either, or
	// if another category has the name by now. A repeat returns the category that is left of it.
	UndoCategory(ctx context.Context, in ledger.ID, id CategoryID, basis revision.Basis) (Category, error)
	// ChangeCategory gives a category another look, or archives it or brings it back. The basis counts as in RenameCategory.
	ChangeCategory(ctx context.Context, in ledger.ID, id CategoryID, basis revision.Basis, change CategoryChange) (Category, error)
	// RemoveCategory takes a category that no expense of a list has out of all lists; Conflict if an expense has it. It comes back as it
	// was with the next expense of its name, and with one that is restored. The basis counts as in RenameCategory.
	RemoveCategory(ctx context.Context, in ledger.ID, id CategoryID, basis revision.Basis) error
}

// CategoryChange is what is changed of a category; what is nil stays.
type CategoryChange struct {
	Look     *Look
	Archived *bool
}

// Merge is a category that was merged away.
type Merge struct {
	Away     Category // as it was
	Revision int      // of Away
	Left     Category // that it was merged into
}

// CategorySummary is a category with its totals of all time, one per currency, ordered by code.
type CategorySummary struct {
	Category Category
	Revision int // 1 when created, one more with each change
	Totals   []Total
}
