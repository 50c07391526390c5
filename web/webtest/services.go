package webtest

import (
	"time"

	"expense-tracker/core/expense"
	"expense-tracker/web"
)

// Database is an open storage, asked for the store of each module that pages show.
type Database interface {
	Expenses() expense.Store
}

// Settings say how services work in a test.
type Settings struct {
	Now      func() time.Time   // the clock
	NewKey   func() expense.Key // makes the key of an add that brings none
	PageSize int                // expenses on a page
}

// Services returns the use cases of every module on a storage. Each test that makes a site has them from here, so that a new module is
// a line of this file and of no other test.
func Services(db Database, settings Settings) web.Services {
	return web.Services{
		Expenses: expense.NewService(db.Expenses(), expense.Settings{Now: settings.Now, NewKey: settings.NewKey, PageSize: settings.PageSize}),
	}
}
