package postgres

import (
	"context"
	"database/sql"

	"expense-tracker/adapters/internal/groupcommit"
	"expense-tracker/adapters/internal/sqlexpense"
	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/adapters/internal/sqlmoney"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
)

// maxBatch bounds how many adds share a commit, and with it how long a later one waits.
const maxBatch = 1000

// lanes are how many batches of several ledgers are under way at a time: with few, more adds share a commit.
const lanes = 2

// expenseStore is an expense.Store in PostgreSQL.
type expenseStore struct {
	*sqlexpense.Store
	sqlexpense.Auditor
	sqlexpense.Searcher
	runner     *sqlkit.Runner
	main, adds *sql.DB
	adder      *groupcommit.Adder
}

var _ expense.Store = (*expenseStore)(nil)

// planOnce has a transaction use the plans that a session has made before. To plan a report takes longer than to read it: an index has its
// order, whatever the values are.
const planOnce = "SELECT set_config('" + paramPlans + "', 'force_generic_plan', true)"

func newExpenseStore(db *DB, currencies *sqlmoney.Currencies, options Options) *expenseStore {
	shared := sqlexpense.New(db.runner, currencies)
	shared.PlanReports(planOnce)
	said := texts{entries: "expense_entry"}
	if db.wall {
		said.entries = entriesOfLedger
		shared.ReadThrough(entriesOfLedger, "SELECT entries FROM "+countOfAll)
	}
	forSearches := sqlkit.New(db.pools.main, db.pools.main, dialect{}, sqlkit.Options{
		OperationTimeout: options.OperationTimeout, LedgerReads: searches, Connections: options.MaxConnections,
	})
	s := &expenseStore{
		Store: shared, Auditor: sqlexpense.NewAuditor(shared, sqlkit.New(db.pools.audits, db.pools.audits, dialect{}, sqlkit.Options{})),
		Searcher: sqlexpense.NewSearcher(shared, forSearches, said),
		runner:   db.runner, main: db.pools.main, adds: db.pools.adds,
	}
	s.adder = groupcommit.New(s.AddAll, s.addAcross, groupcommit.Options{
		MaxBatch: maxBatch, MaxQueue: options.MaxQueue, Timeout: options.OperationTimeout, Observer: options.Observer,
		Lanes: lanes,
	})
	return s
}

// Add stores an entry together with those that arrive while another commit of the ledger is under way.
func (s *expenseStore) Add(ctx context.Context, in ledger.ID, entry expense.Entry) (expense.Receipt, error) {
	return s.adder.Add(ctx, in, entry)
}
