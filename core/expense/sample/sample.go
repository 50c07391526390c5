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
	"expense-tracker/core/idempotency"
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
				Key:       idempotency.Key(fmt.Sprintf("sample-%d-%d", options.Seed, n)),
				Date:      options.From.AddDays(int(int64(n) * int64(days) / int64(options.Count))),
				Category:  kind.category,
				Price:     kind.price(random, options.Currency),
				Note:      kind.note(random),
				Payee:     kind.payee(random),
				Tags:      kind.tags,
				Refund:    random.IntN(refundsOneIn) == 0 && kind.mayComeBack,
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

// refundsOneIn is how many expenses of a kind that may come back there are to one that did.
const refundsOneIn = 25

// kind is a sort of spending: how often a month it happens, and what it usually costs, in hundredths of a currency's unit.
type kind struct {
	category expense.CategoryName
	weight   int // times a month
	least    int64
	most     int64
	notes    []string // the first is the usual one
	payees   []string // an empty one for nobody
	tags     expense.Tags

	mayComeBack bool // what is sent back, or paid back
}

// kinds are what a household of three spends on. The weights add up to about a month's expenses.
func kinds() []kind {
	return []kind{
		{category: "Groceries", weight: 22, least: 450, most: 9800,
			notes: []string{"", "", "weekly shop", "farmers’ market", "bread and milk"}, payees: []string{"Corner Market", "Green Grocer", ""}},
		{category: "Coffee", weight: 12, least: 280, most: 690,
			notes: []string{"", "", "with Ada", "to go"}, payees: []string{"Blue Door Café", "Kiosk", ""}},
		{category: "Restaurants", weight: 8, least: 1400, most: 8600,
			notes: []string{"", "lunch", "pizza", "birthday dinner"}, payees: []string{"Trattoria Sole", "Noodle Bar", ""}},
		{category: "Transport", weight: 10, least: 240, most: 4800,
			notes: []string{"", "bus", "train", "taxi home"}, payees: []string{"City Transit", ""}, tags: "work"},
		{category: "Fuel", weight: 3, least: 3200, most: 7900, notes: []string{""}, payees: []string{"Filling Station"}},
		{category: "Household", weight: 5, least: 390, most: 6400,
			notes: []string{"", "detergent", "light bulbs"}, payees: []string{"Hardware & Co", ""}, mayComeBack: true},
		{category: "Health", weight: 3, least: 600, most: 12000,
			notes: []string{"", "pharmacy", "dentist"}, payees: []string{"Old Town Pharmacy", ""}, mayComeBack: true},
		{category: "Children", weight: 5, least: 500, most: 9000,
			notes: []string{"", "school trip", "shoes", "swimming"}, payees: []string{""}, tags: "family school"},
		{category: "Clothes", weight: 3, least: 1500, most: 14000,
			notes: []string{"", "winter coat", "socks"}, payees: []string{"Needle & Thread", ""}, mayComeBack: true},
		{category: "Books", weight: 2, least: 700, most: 3900, notes: []string{""}, payees: []string{"Page One Books"}},
		{category: "Subscriptions", weight: 4, least: 499, most: 1999,
			notes: []string{"", "music", "newspaper"}, payees: []string{""}, tags: "monthly"},
		{category: "Phone and internet", weight: 2, least: 1500, most: 4500,
			notes: []string{""}, payees: []string{"Linkline"}, tags: "monthly"},
		{category: "Electricity", weight: 1, least: 6000, most: 14000,
			notes: []string{""}, payees: []string{"City Power"}, tags: "monthly home"},
		{category: "Rent", weight: 1, least: 118000, most: 118000, notes: []string{""}, payees: []string{"Ms Keller"}, tags: "monthly home"},
		{category: "Insurance", weight: 1, least: 2900, most: 8900, notes: []string{"", "liability", "home"}, payees: []string{"Mutual"}},
		{category: "Gifts", weight: 2, least: 900, most: 7500, notes: []string{"", "flowers", "wedding"}, payees: []string{""}, tags: "family"},
		{category: "Travel", weight: 2, least: 4500, most: 48000,
			notes:  []string{"", "weekend by the sea", "train tickets"},
			payees: []string{"Rail", "Hotel Mira", ""}, tags: "holiday", mayComeBack: true},
		{category: "Pets", weight: 2, least: 800, most: 5200, notes: []string{"", "cat food", "vet"}, payees: []string{"Paws", ""}},
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

func (k kind) payee(random *rand.Rand) string { return k.payees[random.IntN(len(k.payees))] }
