package sqlite

import (
	"cmp"
	"context"

	"expense-tracker/adapters/internal/groupcommit"
	"expense-tracker/adapters/internal/sqlexpense"
	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
)

// maxBatch bounds the adds in one commit: more would make the first of them wait without saving anything.
const maxBatch = 512

// expenseStore is an expense.Store on an SQLite file.
type expenseStore struct {
	*sqlexpense.Store
	sqlexpense.Auditor
	sqlexpense.Searcher
	runner *sqlkit.Runner
	adder  *groupcommit.Adder
}

var _ expense.Store = (*expenseStore)(nil)

func newExpenseStore(db *DB, options Options) *expenseStore {
	shared := sqlexpense.New(db.runner, db.currencies)
	forSearches := sqlkit.New(db.writer, db.reader, dialect{}, sqlkit.Options{OperationTimeout: db.timeout, LedgerReads: searches})
	s := &expenseStore{
		Store: shared, Auditor: sqlexpense.NewAuditor(shared, db.runner.Unbounded()),
		Searcher: sqlexpense.NewSearcher(shared, forSearches, texts{}), runner: db.runner,
	}
	s.adder = groupcommit.New(s.AddAll, s.addAcross, groupcommit.Options{
		MaxBatch: maxBatch, MaxQueue: cmp.Or(options.MaxQueue, defaultMaxQueue), Timeout: db.timeout, Observer: options.Observer,
		Lanes: 1, // a file has one writer
	})
	return s
}

// Add implements expense.SpendingStore. It shares its commit with adds that wait at the same time.
func (s *expenseStore) Add(ctx context.Context, in ledger.ID, entry expense.Entry) (expense.Receipt, error) {
	return s.adder.Add(ctx, in, entry)
}
