package schedules

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
	"expense-tracker/core/schedule"
	"expense-tracker/web/internal/chart"
	"expense-tracker/web/internal/page"
	"expense-tracker/web/internal/repeat"
	"expense-tracker/web/internal/row"
	"expense-tracker/web/internal/total"
	"expense-tracker/web/internal/words"
)

// ahead is how many days the list looks ahead, today among them.
const ahead = 30

// listView is the list of repeats.
type listView struct {
	page.Layout
	Due    *dueView    // nil if nothing falls due
	Bars   *chart.Bars // of what falls due, day by day; nil where that is one day
	Heard  string      // what the chart says to those who hear it
	Cut    string      // which of its days are higher than the axis
	Active []rowView
	Paused []rowView
	Ended  []rowView
}

// dueView is what falls due in the next days.
type dueView struct {
	Totals []total.View
	Count  string
	Next   string // when the next is
}

// rowView is a repeat in few words.
type rowView struct {
	Link   string
	Label  string // what the link says to those who hear it: name, price and when it repeats
	Tile   row.Tile
	Name   string
	About  string // when it repeats
	Refund bool
	Price  string
	When   string // the next date, or since when it rests
}

// List answers GET /repeats.
func (a *Area) List(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	ctx, in, today := r.Context(), a.Words.Of(r), a.schedules.Today(actor)
	live, err := a.schedules.Live(ctx, actor)
	if err != nil {
		return err
	}
	ended, err := a.schedules.Ended(ctx, actor)
	if err != nil {
		return err
	}
	categories := a.known(ctx, actor, slices.Concat(live, ended)...)
	view := listView{Layout: a.Frame.Layout(in, actor, in.T(titleList), section)}
	slices.SortStableFunc(live, func(x, y schedule.Schedule) int {
		xNext, _ := x.NextDue()
		yNext, _ := y.NextDue()
		return xNext.Compare(yNext)
	})
	for _, one := range live {
		shown := newRow(in, one, categories.Of(one), today)
		if since, paused := one.PausedOn(); paused {
			shown.When = in.T(pausedSince, in.Date(since, today))
			view.Paused = append(view.Paused, shown)
		} else {
			view.Active = append(view.Active, shown)
		}
	}
	for _, one := range ended {
		shown := newRow(in, one, categories.Of(one), today)
		shown.When = until(in, one.Rule, today)
		view.Ended = append(view.Ended, shown)
	}
	if err := view.look(in, live, categories, actor.Ledger.Currency, today); err != nil {
		return err
	}
	if view.Notice, err = a.Notices.Take(w, r, in, actor); err != nil {
		return err
	}
	return a.list.Show(w, view)
}

func newRow(in *words.Language, s schedule.Schedule, category expense.Category, today civil.Date) rowView {
	const label words.Phrase = "%s, %s, %s"
	shown := rowView{
		Link: repeat.Address(s.ID), Tile: row.TileOf(category), Name: repeat.Name(s, category),
		About: ruleText(in, s.Rule), Refund: s.Spending.Refund, Price: in.Amount(repeat.Spent(s, s.Price())),
	}
	shown.Label = in.T(label, shown.Name, shown.Price, shown.About)
	if next, ok := s.NextDue(); ok {
		shown.When = in.ShortDay(next, today)
	}
	return shown
}

// coming is a date that falls due soon.
type coming struct {
	schedule.Occurrence
	of       schedule.Schedule
	category expense.Category
}

// comingOf returns what falls due in the next days, the earliest first.
func comingOf(live []schedule.Schedule, categories repeat.Categories, today civil.Date) []coming {
	var all []coming
	for _, one := range live {
		for _, due := range one.Coming(today, today.AddDays(ahead-1)) {
			all = append(all, coming{due, one, categories.Of(one)})
		}
	}
	slices.SortStableFunc(all, func(x, y coming) int { return x.Date.Compare(y.Date) })
	return all
}

// look fills in what falls due in the next days.
func (v *listView) look(
	in *words.Language, live []schedule.Schedule, categories repeat.Categories, own money.Currency, today civil.Date,
) error {
	all := comingOf(live, categories, today)
	if len(all) == 0 {
		return nil
	}
	totals := make(map[money.Currency]expense.Total)
	for _, one := range all {
		sum, known := totals[one.Price.Currency()]
		if !known {
			sum.Amount = money.FromMinor(0, one.Price.Currency())
		}
		var err error
		if sum.Amount, err = sum.Amount.Add(repeat.Spent(one.of, one.Price)); err != nil {
			return err
		}
		sum.Count++
		totals[one.Price.Currency()] = sum
	}
	var listed []expense.Total
	for _, sum := range totals {
		listed = append(listed, sum)
	}
	slices.SortFunc(listed, func(x, y expense.Total) int {
		return cmp.Compare(x.Amount.Currency().Code(), y.Amount.Currency().Code())
	})
	v.Due = &dueView{
		Totals: total.ViewsOfSome(in, listed, own), Count: in.N("%d payment", "%d payments", int64(len(all))),
		Next: in.ShortDay(all[0].Date, today),
	}
	return v.draw(in, all, own, today)
}

// draw makes the chart of what falls due in the ledger's own currency. A day has the colour of the most that is paid on it.
func (v *listView) draw(in *words.Language, all []coming, own money.Currency, today civil.Date) error {
	days := make([]chart.Column, ahead)
	var heard []string
	for n := range days {
		day := chart.Column{Name: in.ShortDay(today.AddDays(n), today), Short: short(in, n, today), Amount: money.FromMinor(0, own)}
		most := int64(0)
		for _, one := range all {
			if one.Date != today.AddDays(n) || one.Price.Currency() != own || one.of.Spending.Refund {
				continue
			}
			var err error
			if day.Amount, err = day.Amount.Add(one.Price); err != nil {
				return err
			}
			if minor := one.Price.Minor(); minor > most {
				most, day.Colour = minor, row.TileOf(one.category).Colour
			}
		}
		if most > 0 {
			heard = append(heard, day.Name+": "+in.Amount(day.Amount))
		}
		days[n] = day
	}
	if len(heard) < 2 {
		return nil
	}
	v.Bars, v.Heard = chart.NewPayments(in, days, own), strings.Join(heard, "; ")
	v.Cut = v.Bars.CutToFit(in)
	return nil
}

// short returns what stands below the day that comes after n others: the name of a month that begins, or the number of a week's first day,
// or of today where none of these is so near that they would run into one another.
func short(in *words.Language, n int, today civil.Date) string {
	day := today.AddDays(n)
	switch {
	case day.Day == 1:
		return in.ShortMonth(day.MonthOf())
	case day.Day <= 22 && day.Day%7 == 1:
		return in.Number(int64(day.Day))
	case n == 0 && short(in, 1, today) == "" && short(in, 2, today) == "":
		return in.Number(int64(today.Day))
	}
	return ""
}
