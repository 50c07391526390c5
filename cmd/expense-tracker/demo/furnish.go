package demo

import (
	"context"
	"fmt"
	"time"

	"expense-tracker/core/budget"
	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
	"expense-tracker/core/rate"
	"expense-tracker/core/revision"
	"expense-tracker/core/schedule"
)

// Services are the use cases that the demo calls, as somebody would who plans.
type Services struct {
	Expenses  *expense.Service
	Budgets   *budget.Service
	Rates     *rate.Service
	Schedules *schedule.Service
}

// Furnish adds to a ledger that Fill has filled what its household plans: money of another country with its rates, budgets, and
// what repeats. What a repeat has due by now is left to the job that makes it.
func Furnish(ctx context.Context, services Services, own ledger.Ledger) error {
	actor := ledger.LocalOwner(own)
	h := household{Services: services, actor: actor, today: services.Expenses.Today(actor)}
	for _, furnish := range []func(context.Context) error{h.travel, h.plan, h.repeat} {
		if err := furnish(ctx); err != nil {
			return fmt.Errorf("fill the demo: %w", err)
		}
	}
	return nil
}

// household is whose ledger the demo shows.
type household struct {
	Services
	actor ledger.Actor
	today civil.Date
}

// price writes an amount for a currency: of cents, or of what stands in their place in it.
func price(cents int64, in money.Currency) string {
	scale := int64(1)
	for range in.Digits() {
		scale *= 10
	}
	return money.FromMinor(max(1, cents*scale/100), in).Decimal()
}

// abroad is the currency of the country that the household travels to.
func (h household) abroad() (money.Currency, error) {
	if h.actor.Ledger.Currency.Code() == "EUR" {
		return money.ParseCurrency("CHF")
	}
	return money.ParseCurrency("EUR")
}

// travel adds a weekend abroad, and what the money there was worth.
func (h household) travel(ctx context.Context) error {
	abroad, err := h.abroad()
	if err != nil {
		return err
	}
	for _, spent := range []struct {
		before   int // days
		cents    int64
		category string
		payee    string
		note     string
		refund   bool
	}{
		{68, 28400, "Travel", "Hotel Mira", "weekend by the sea", false},
		{67, 6480, "Restaurants", "La Mouette", "dinner with Ada", false},
		{67, 2360, "Transport", "Taxi", "to the beach", false},
		{66, 1490, "Gifts", "", "postcards and honey", false},
		{60, 4000, "Travel", "Hotel Mira", "the deposit", true},
		{2, 4230, "Books", "Librairie du Port", "", false},
	} {
		_, err := h.Expenses.Add(ctx, h.actor, expense.Draft{
			Category: spent.category, Price: price(spent.cents, abroad), Currency: abroad.Code(), Date: h.today.AddDays(-spent.before).String(),
			Payee: spent.payee, Note: spent.note, Tags: "#holiday", Refund: spent.refund, Key: fmt.Sprint("demo-", spent.before, "-", spent.cents),
		})
		if err != nil {
			return err
		}
	}
	for before, value := range map[int]string{364: "1.0863", 70: "1.1724", 12: "1.1589"} {
		if _, err := h.Rates.Enter(ctx, h.actor, rate.Draft{
			Currency: abroad.Code(), Rate: value, Date: h.today.AddDays(-before).String(),
		}); err != nil {
			return err
		}
	}
	return nil
}

// plan sets budgets: one that is kept, one that is near, one that is over, one that carries over, and one for all.
func (h household) plan(ctx context.Context) error {
	from := h.today.MonthOf().AddMonths(-3).String()
	for _, planned := range []struct {
		category string // empty for all
		cents    int64
		carry    bool
	}{
		{"", 480000, false}, {"Groceries", 98000, false}, {"Restaurants", 32000, false}, {"Transport", 22000, false},
		{"Children", 25000, false}, {"Clothes", 18000, true},
	} {
		of := budget.Everything
		if planned.category != "" {
			found, err := h.Expenses.CategoryNamed(ctx, h.actor, planned.category)
			if err != nil {
				return err
			}
			of = budget.CategoryID(found.ID)
		}
		draft := budget.Draft{Amount: price(planned.cents, h.actor.Ledger.Currency), From: from, Carry: planned.carry}
		if _, err := h.Budgets.Set(ctx, h.actor, of, revision.Seen{}, draft); err != nil {
			return err
		}
	}
	return nil
}

// repeat makes what the household pays again and again: some of it has made expenses already, one will cost more, one rests.
func (h household) repeat(ctx context.Context) error {
	own := h.actor.Ledger.Currency
	abroad, err := h.abroad()
	if err != nil {
		return err
	}
	month := h.today.MonthOf()
	next := month.AddMonths(1).First()
	monday := h.today.AddDays(1)
	for monday.UTC().Weekday() != time.Monday {
		monday = monday.AddDays(1)
	}
	typed := func(category, payee, tags string, cents int64, in money.Currency) schedule.Typed {
		return schedule.Typed{Category: category, Payee: payee, Tags: tags, Price: price(cents, in), Currency: in.Code()}
	}
	var rent, gym schedule.Schedule
	for i, paid := range []struct {
		schedule.Typed
		frequency, day string
		start          civil.Date
		kept           *schedule.Schedule
	}{
		{typed("Rent", "Ms Keller", "#monthly #home", 118000, own), "monthly", "1", next, &rent},
		{typed("Transport", "Week ticket", "#work", 2335, own), "weekly", "", monday, nil},
		{typed("Children", "Nursery", "#family", 32000, own), "monthly", "2", next.AddDays(1), nil},
		{typed("Phone and internet", "Linkline", "#monthly", 3990, own), "monthly", "3", next.AddDays(2), nil},
		{typed("Subscriptions", "Soundwave", "#monthly", 1099, own), "monthly", "18", h.today.AddDays(-150), nil},
		{typed("Subscriptions", "Le Courrier", "#monthly", 1290, abroad), "monthly", "32", h.today.AddDays(-90), nil},
		{typed("Insurance", "Mutual", "", 13900, own), "yearly", "", h.today.AddDays(21), nil},
		{typed("Health", "Gym", "", 2900, own), "monthly", "5", h.today.AddDays(-60), &gym},
	} {
		made, err := h.Schedules.Create(ctx, h.actor, schedule.Draft{
			Typed: paid.Typed, Frequency: paid.frequency, Day: paid.day, Start: paid.start.String(), Key: fmt.Sprint("demo-", i),
		}, civil.Date{})
		if err != nil {
			return err
		}
		if paid.kept != nil {
			*paid.kept = made
		}
	}
	dearer := month.AddMonths(4).First().String()
	if _, err := h.Schedules.SetPrice(ctx, h.actor, rent.ID, rent.Seen(), dearer, price(121500, own)); err != nil {
		return err
	}
	_, err = h.Schedules.Pause(ctx, h.actor, gym.ID, gym.Seen())
	return err
}
