// Package sample makes up the spending of a household: plausible, and the same for the same seed. It fills the demo and
// storages that are to be tried or measured at some size.
package sample

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"time"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/money"
)

// Options say what to make up.
type Options struct {
	Count    int // expenses
	From, To civil.Date
	Seed     uint64
	Currency money.Currency
	Now      time.Time // when all of them are said to have been typed
}

// Entries returns Count entries, oldest first, spread evenly over the days from From to To, both included. Their keys are made
// of the seed and a running number, so that adding them a second time adds nothing.
func Entries(options Options) iter.Seq[expense.Entry] {
	return func(yield func(expense.Entry) bool) {
		random := rand.New(rand.NewPCG(options.Seed, 0x5eed)) //nolint:gosec // the same seed has to give the same household
		days := daysBetween(options.From, options.To)
		month := newHousehold()
		for n := range options.Count {
			kind := month.draw(random, n)
			entry := expense.Entry{
				Key:       expense.Key(fmt.Sprintf("sample-%d-%d", options.Seed, n)),
				Date:      options.From.AddDays(int(int64(n) * int64(days) / int64(options.Count))),
				Category:  kind.category,
				Price:     kind.price(random, options.Currency),
				Note:      kind.note(random),
				CreatedAt: options.Now,
			}
			entry.Fingerprint = expense.FingerprintOf(entry)
			if !yield(entry) {
				return
			}
		}
	}
}

// daysBetween counts the days from the first to the last, both included; at least one.
func daysBetween(first, last civil.Date) int {
	return max(0, int(last.UTC().Sub(first.UTC())/(24*time.Hour))) + 1
}

// kind is a sort of spending: how often a month it happens, and what it usually costs, in hundredths of a currency's unit.
type kind struct {
	category expense.CategoryName
	weight   int // times a month
	least    int64
	most     int64
	notes    []string // the first is the usual one
}

// kinds are what a household of three spends on. The weights add up to about a month's expenses.
func kinds() []kind {
	return []kind{
		{"Groceries", 22, 450, 9800, []string{"", "", "weekly shop", "farmers’ market", "bread and milk"}},
		{"Coffee", 12, 280, 690, []string{"", "", "with Ada", "to go"}},
		{"Restaurants", 8, 1400, 8600, []string{"", "lunch", "pizza", "birthday dinner"}},
		{"Transport", 10, 240, 4800, []string{"", "bus", "train", "taxi home"}},
		{"Fuel", 3, 3200, 7900, []string{""}},
		{"Household", 5, 390, 6400, []string{"", "detergent", "light bulbs"}},
		{"Health", 3, 600, 12000, []string{"", "pharmacy", "dentist"}},
		{"Children", 5, 500, 9000, []string{"", "school trip", "shoes", "swimming"}},
		{"Clothes", 3, 1500, 14000, []string{"", "winter coat", "socks"}},
		{"Books", 2, 700, 3900, []string{""}},
		{"Subscriptions", 4, 499, 1999, []string{"", "music", "newspaper"}},
		{"Phone and internet", 2, 1500, 4500, []string{""}},
		{"Electricity", 1, 6000, 14000, []string{""}},
		{"Rent", 1, 118000, 118000, []string{""}},
		{"Insurance", 1, 2900, 8900, []string{"", "liability", "home"}},
		{"Gifts", 2, 900, 7500, []string{"", "flowers", "wedding"}},
		{"Travel", 2, 4500, 48000, []string{"", "weekend by the sea", "train tickets"}},
		{"Pets", 2, 800, 5200, []string{"", "cat food", "vet"}},
	}
}

// household is about a month of spending as a deck of cards, so that what comes once a month does.
type household []kind

func newHousehold() household {
	var h household
	for _, k := range kinds() {
		for range k.weight {
			h = append(h, k)
		}
	}
	return h
}

// draw returns the n-th card; the deck is shuffled whenever it is used up.
func (h household) draw(random *rand.Rand, n int) kind {
	if n%len(h) == 0 {
		random.Shuffle(len(h), func(i, j int) { h[i], h[j] = h[j], h[i] })
	}
	return h[n%len(h)]
}

// price makes small amounts more common than large ones, as they are.
func (k kind) price(random *rand.Rand, c money.Currency) money.Amount {
	spread := k.most - k.least + 1
	cents := k.least + min(random.Int64N(spread), random.Int64N(spread))
	scale := int64(1)
	for range c.Digits() {
		scale *= 10
	}
	return money.FromMinor(max(1, cents*scale/100), c)
}

func (k kind) note(random *rand.Rand) string { return k.notes[random.IntN(len(k.notes))] }
