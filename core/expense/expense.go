// Package expense is the heart of the program: expenses, their categories and the totals that are kept beside them. Service
// holds the use cases, Store is the port that a storage adapter implements, and expensetest is the contract it is held to.
package expense

import (
	"time"

	"expense-tracker/core/civil"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
)

// ID names an expense. It is given by the storage, is above zero and is never used again.
type ID int64

// Expense is one spending, as a ledger holds it.
type Expense struct {
	ID       ID
	Date     civil.Date // the day that the user says the money was spent
	Category Category   // what it went for; where categories were merged, the one that is left
	Price    money.Amount
	Payee    string // who got the money, on one line; may be empty
	Tags     Tags
	Refund   bool          // the money came back: the price, which is above zero all the same, counts as less spent
	Note     string        // may be empty
	AddedBy  ledger.UserID // 0 if that is not known
	PaidBy   ledger.UserID // 0 if nobody has said
	Revision int           // 1 when added, one more with each change; an edit names the revision that it saw
	Deleted  bool          // kept for an undo, but in no list and no total
	Gone     bool          // deleted for good: only the ID and the key are left. No one but the receipt of a late repeat has such an expense
}

// Spent is what the expense counts for in totals: its price, below zero for a refund.
func (e Expense) Spent() money.Amount { return spent(e.Price, e.Refund) }

func spent(price money.Amount, refund bool) money.Amount {
	if refund {
		return price.Neg()
	}
	return price
}

// CategoryID names a category. It is given by the storage and is above zero.
type CategoryID int64

// Category is what money goes for. Its name is unique in the ledger, whatever its case.
type Category struct {
	ID       CategoryID
	Name     CategoryName
	Colour   Colour // never empty, unless the category is yet to be found or made
	Icon     string // an emoji; empty if neither somebody nor its name gives one: then Initial stands in its place
	Archived bool   // it keeps its expenses, and is not suggested any more
}

// Entry is a checked expense on its way into a storage.
type Entry struct {
	Key         idempotency.Key         // makes the add exactly-once
	Fingerprint idempotency.Fingerprint // of the content that came with the key
	Date        civil.Date
	Category    CategoryName // found by name, or created with the expense
	Price       money.Amount // above zero
	Payee       string
	Tags        Tags
	Refund      bool
	Note        string
	CreatedAt   time.Time
	AddedBy     ledger.UserID // 0 for the program itself
	PaidBy      ledger.UserID // 0 if nobody has said
}

// Spent is what the entry will count for in totals.
func (e Entry) Spent() money.Amount { return spent(e.Price, e.Refund) }

// Receipt is the answer to an add: the stored expense, and whether an earlier add with the same key had stored it.
type Receipt struct {
	Expense   Expense
	Duplicate bool
}

// Position is a place in a ledger's list, which is ordered by spending date and then by ID, newest first.
type Position struct {
	Date civil.Date
	ID   ID
}

// PositionOf returns where e stands in the list.
func PositionOf(e Expense) Position { return Position{Date: e.Date, ID: e.ID} }

// Compare returns a negative number if p is older than other, a positive one if it is newer.
func (p Position) Compare(other Position) int {
	if c := p.Date.Compare(other.Date); c != 0 {
		return c
	}
	switch {
	case p.ID < other.ID:
		return -1
	case p.ID > other.ID:
		return 1
	}
	return 0
}
