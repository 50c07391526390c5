package rates

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"expense-tracker/core/civil"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
	"expense-tracker/core/rate"
	"expense-tracker/web/internal/altogether"
	"expense-tracker/web/internal/form"
	"expense-tracker/web/internal/page"
	"expense-tracker/web/internal/problem"
	"expense-tracker/web/internal/words"
)

// listView is the page of currencies.
type listView struct {
	page.Layout
	Home       string // code of the ledger's own currency
	Form       formView
	Problem    *problem.Problem
	Offline    bool // the storage cannot answer: the form only
	Sums       []sumView
	Currencies []currencyView
	Rates      []rowView
	Next       string // address; empty if there are no more
	First      string // likewise, where this is not the first page
}

// formView is the form for a rate.
type formView struct {
	Currency, Rate, Date form.Field
	DateType             string   // the kind of control: one for dates would drop what is none
	Codes                []string // that are suggested
}

// sumView is what was spent in a time, in each currency and altogether.
type sumView struct {
	Name    string
	Amounts []amountView
	Line    *altogether.Line
	Without string // why there is no line, or nothing
}

type amountView struct{ Currency, Decimal, Text string }

// currencyView is a currency that the ledger uses, with the rate that counts today if there is one.
type currencyView struct{ Code, Rate, Since, Link string }

// rowView is a rate in the list.
type rowView struct{ Day, Text, Link string }

// Why a time has no sum of all currencies.
const (
	missingOne words.Phrase = "To see it altogether, enter a rate for %s."
	tooLarge   words.Phrase = "Altogether it is more than can be kept exactly."
)

// List answers GET /rates.
func (a *Area) List(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	before, err := place(r)
	if err != nil {
		return err
	}
	in := a.Words.Of(r)
	view, err := a.listView(r.Context(), in, actor, before)
	if err != nil {
		return err
	}
	if code := r.URL.Query().Get(rate.FieldCurrency); code != "" {
		view.Form.Currency.Value = form.Shown(code)
		view.Form.Rate.Focus = true
	}
	if view.Notice, err = a.Notices.Take(w, r, in, actor); err != nil {
		return err
	}
	return a.list.Show(w, view)
}

// place returns the ID that a page of the list begins after, 0 for the first page.
func place(r *http.Request) (rate.ID, error) {
	text := r.URL.Query().Get("before")
	if text == "" {
		return 0, nil
	}
	number, err := strconv.ParseInt(text, 10, 64)
	if _, ok := rate.ID(number).Key(); err != nil || !ok {
		return 0, problem.NotFound(err)
	}
	return rate.ID(number), nil
}

// listView asks for all that the page shows, before an ID unless that is 0.
func (a *Area) listView(ctx context.Context, in *words.Language, actor ledger.Actor, before rate.ID) (listView, error) {
	summary, err := a.service.Summary(ctx, actor)
	if err != nil {
		return listView{}, err
	}
	list, err := a.service.List(ctx, actor, before)
	if err != nil {
		return listView{}, err
	}
	today := a.service.Today(actor)
	view := a.emptyList(in, actor)
	view.Form.Codes = summary.Currencies
	if len(summary.Currencies) > 0 {
		const month, allTime words.Phrase = "This month", "All time"
		view.Sums = []sumView{newSum(in, in.T(month), summary.Month, actor, today), newSum(in, in.T(allTime), summary.AllTime, actor, today)}
	}
	newest := summary.Newest
	for _, code := range summary.Currencies {
		shown := currencyView{Code: code, Link: altogether.Address + "?" + rate.FieldCurrency + "=" + code}
		if len(newest) > 0 && newest[0].Currency == code {
			shown.Rate, shown.Since, newest = written(in, newest[0]), in.Date(newest[0].Day, today), newest[1:]
		}
		view.Currencies = append(view.Currencies, shown)
	}
	for _, r := range list.Rates {
		shown := rowView{Day: in.Date(r.Day, today), Text: written(in, r), Link: addressOf(r.ID())}
		view.Rates = append(view.Rates, shown)
	}
	if list.Next != 0 {
		view.Next = altogether.Address + "?before=" + strconv.FormatInt(int64(list.Next), 10)
	}
	if before != 0 {
		view.First = altogether.Address
	}
	return view, nil
}

// emptyList is the page without anything that the storage has.
func (a *Area) emptyList(in *words.Language, actor ledger.Actor) listView {
	view := listView{Layout: a.Frame.Layout(in, actor, in.T(titleList), section), Home: actor.Ledger.Currency.Code()}
	view.Form.Date.Value, view.Form.DateType = a.service.Today(actor).String(), "date"
	return view
}

func newSum(in *words.Language, name string, spent rate.Spent, actor ledger.Actor, today civil.Date) sumView {
	view := sumView{Name: name}
	add := func(amount money.Amount) {
		view.Amounts = append(view.Amounts, amountView{Currency: amount.Currency().Code(), Decimal: amount.Decimal(), Text: in.Amount(amount)})
	}
	own := money.FromMinor(0, actor.Ledger.Currency)
	for _, amount := range spent.Amounts {
		if amount.Currency() == own.Currency() {
			own = amount
		}
	}
	add(own)
	for _, amount := range spent.Amounts {
		if amount.Currency() != own.Currency() {
			add(amount)
		}
	}
	switch {
	case spent.TooLarge:
		view.Without = in.T(tooLarge)
	case !spent.IsWhole():
		view.Without = in.T(missingOne, strings.Join(spent.Missing, ", "))
	case spent.IsNeeded():
		view.Line = altogether.NewLine(in, spent.Altogether, today)
	}
	return view
}

func written(in *words.Language, r rate.Rate) string {
	return in.T(equals, r.Currency, in.Decimal(r.Value.String()), r.Home)
}
