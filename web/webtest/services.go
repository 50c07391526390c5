package webtest

import (
	"context"
	"encoding/binary"
	"sync/atomic"
	"time"

	"expense-tracker/adapters/payers"
	"expense-tracker/adapters/repeated"
	"expense-tracker/core/budget"
	"expense-tracker/core/expense"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/member"
	"expense-tracker/core/rate"
	"expense-tracker/core/schedule"
	"expense-tracker/core/token"
	"expense-tracker/web"
)

// Database is an open storage, asked for the store of each module that pages show.
type Database interface {
	Expenses() expense.Store
	Rates() rate.Store
	Schedules() schedule.Store
	Budgets() budget.Store
	Members() member.Storage
	Tokens() token.Store
}

// Settings say how services work in a test.
type Settings struct {
	Now      func() time.Time       // the clock
	NewKey   func() idempotency.Key // makes the key of an add that brings none
	PageSize int                    // expenses on a page
	People   payers.Names           // knows users' names; nil where one is all there is
}

// Services returns the use cases of every module on a storage. Each test that makes a site has them from here, so that a new module is
// a line of this file and of no other test.
func Services(db Database, settings Settings) web.Services {
	services := web.Services{}
	services.Members = member.NewService(db.Members(), member.Settings{
		Now: settings.Now, NewKey: settings.NewKey, PageSize: settings.PageSize, Configured: ledger.Default, Random: counting(),
	})
	known := expense.Settings{Now: settings.Now, NewKey: settings.NewKey, PageSize: settings.PageSize}
	if settings.People != nil {
		known.Payers = payers.New(services.Members, settings.People)
	}
	services.Expenses = expense.NewService(db.Expenses(), known)
	services.Rates = rate.NewService(db.Rates(), services.Expenses, rate.Settings{Now: settings.Now, PageSize: settings.PageSize})
	services.Schedules = schedule.NewService(db.Schedules(), repeated.NewMaker(services.Expenses),
		schedule.Settings{Now: settings.Now, NewKey: settings.NewKey})
	services.Budgets = budget.NewService(db.Budgets(), services.Expenses, budget.Settings{Now: settings.Now})
	services.Tokens = token.NewService(db.Tokens(), token.Settings{
		Now: settings.Now, NewKey: settings.NewKey, Random: counting(), Place: services.Members.Place,
		Wrong: func(context.Context, string) error { return nil },
		Later: func(_ string, work func(context.Context)) { work(context.Background()) },
	})
	return services
}

// counting returns what fills bytes with a number that is one more each time, so that the tokens of a test are always the same.
func counting() func([]byte) {
	var n atomic.Uint64
	return func(b []byte) { binary.BigEndian.PutUint64(b, n.Add(1)) }
}
