package rate

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"expense-tracker/core/civil"
	"expense-tracker/core/fault"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
	"expense-tracker/core/revision"
)

// Settings are what a Service needs to know of the installation it works for.
type Settings struct {
	Now      func() time.Time // the clock
	PageSize int              // of the list of rates
}

// Service holds the use cases of rates. Each takes an actor and checks its role before anything else.
type Service struct {
	store    Store
	spending Spending
	settings Settings
}

// NewService returns a Service on the storage.
func NewService(store Store, spending Spending, settings Settings) *Service {
	return &Service{store: store, spending: spending, settings: settings}
}

// Today returns the day that it is for the people of the actor's ledger.
func (s *Service) Today(actor ledger.Actor) civil.Date { return actor.Ledger.Today(s.settings.Now()) }

// Spent is what was spent, with what it makes altogether at the rates that count today.
type Spent struct {
	Amounts []money.Amount // one for each currency
	Altogether
	TooLarge bool // it makes more than can be kept exactly
}

// Summary is what the ledger spends beside its own currency.
type Summary struct {
	Currencies     []string // codes of those in use beside the ledger's own, sorted
	Newest         []Rate   // that count today, of those currencies, by currency
	Month, AllTime Spent
}

// Summary returns the currencies that the ledger uses beside its own, with their rates of today, and its totals altogether.
func (s *Service) Summary(ctx context.Context, actor ledger.Actor) (Summary, error) {
	if err := actor.Require(ledger.Viewer, "rate.Summary"); err != nil {
		return Summary{}, err
	}
	month, allTime, err := s.spending.Spent(ctx, actor)
	if err != nil {
		return Summary{}, err
	}
	home := actor.Ledger.Currency
	summary := Summary{Currencies: foreign(home, append(slices.Clone(month), allTime...))}
	if len(summary.Currencies) > 0 {
		summary.Newest, err = s.store.Newest(ctx, actor.Ledger.ID, home.Code(), summary.Currencies, s.Today(actor))
	}
	if err == nil {
		summary.Month, err = spentAt(home, month, summary.Newest)
	}
	if err == nil {
		summary.AllTime, err = spentAt(home, allTime, summary.Newest)
	}
	return summary, err
}

func spentAt(home money.Currency, amounts []money.Amount, rates []Rate) (Spent, error) {
	spent := Spent{Amounts: amounts}
	var err error
	spent.Altogether, err = Convert(home, amounts, rates)
	if errors.Is(err, money.ErrOverflow) {
		spent.TooLarge, err = true, nil
	}
	return spent, err
}

// Altogether returns what amounts make in the ledger's own currency at the rates that count on a day. The storage is asked only if one
// of them is in another. An overflow is money.ErrOverflow.
func (s *Service) Altogether(ctx context.Context, actor ledger.Actor, amounts []money.Amount, on civil.Date) (Altogether, error) {
	if err := actor.Require(ledger.Viewer, "rate.Altogether"); err != nil {
		return Altogether{}, err
	}
	home := actor.Ledger.Currency
	currencies := foreign(home, amounts)
	if len(currencies) == 0 {
		return Convert(home, amounts, nil)
	}
	rates, err := s.store.Newest(ctx, actor.Ledger.ID, home.Code(), currencies, on)
	if err != nil {
		return Altogether{}, err
	}
	return Convert(home, amounts, rates)
}

// foreign returns the codes of the currencies beside home that amounts are in, sorted.
func foreign(home money.Currency, amounts []money.Amount) []string {
	var codes []string
	for _, a := range amounts {
		if code := a.Currency().Code(); code != home.Code() {
			codes = append(codes, code)
		}
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

// Page is a part of the list of rates.
type Page struct {
	Rates []Rate
	Next  ID // before which the next page is; 0 if this is the last
}

// List returns rates that lead to the ledger's own currency, the newest day first; those before an ID unless it is 0.
func (s *Service) List(ctx context.Context, actor ledger.Actor, before ID) (Page, error) {
	if err := actor.Require(ledger.Viewer, "rate.List"); err != nil {
		return Page{}, err
	}
	size := max(s.settings.PageSize, 1)
	rates, err := s.store.List(ctx, actor.Ledger.ID, actor.Ledger.Currency.Code(), before, size+1)
	if err != nil {
		return Page{}, err
	}
	if len(rates) <= size {
		return Page{Rates: rates}, nil
	}
	return Page{Rates: rates[:size], Next: rates[size-1].ID()}, nil
}

// Get returns a rate, a removed one too.
func (s *Service) Get(ctx context.Context, actor ledger.Actor, id ID) (Rate, error) {
	const op = "rate.Get"
	if err := actor.Require(ledger.Viewer, op); err != nil {
		return Rate{}, err
	}
	return s.get(ctx, op, actor, id)
}

func (s *Service) get(ctx context.Context, op string, actor ledger.Actor, id ID) (Rate, error) {
	if _, ok := id.Key(); !ok {
		return Rate{}, NoSuchRate(op)
	}
	return s.store.Get(ctx, actor.Ledger.ID, id)
}

// Enter stores a rate for a currency and a day that has none. To enter what is entered already changes nothing; another value for that
// day is a Conflict: that rate has to be opened to be changed.
func (s *Service) Enter(ctx context.Context, actor ledger.Actor, draft Draft) (Rate, error) {
	const op = "rate.Enter"
	if err := actor.Require(ledger.Editor, op); err != nil {
		return Rate{}, err
	}
	rate, err := s.parse(ctx, op, actor, draft)
	if err != nil {
		return Rate{}, err
	}
	now, err := s.store.Get(ctx, actor.Ledger.ID, rate.ID())
	switch {
	case err != nil && !errors.Is(err, fault.NotFound):
		return Rate{}, err
	case err == nil && now.says(rate.Value):
		return now, nil
	case err == nil && !now.Removed:
		return Rate{}, alreadyEntered(op, now)
	}
	entered, err := s.put(ctx, actor, now.Revision, rate)
	if errors.Is(err, fault.Conflict) { // somebody else was quicker
		return Rate{}, alreadyEntered(op, rate)
	}
	return entered, err
}

// alreadyEntered is the error for a second rate of a day.
func alreadyEntered(op string, rate Rate) error {
	return fault.New(fault.Conflict, op, "there is already a rate of %s for %s; open it to change it", rate.Currency, rate.Day.String())
}

// Change gives a rate another value. It must be as it was seen, or it is a Conflict.
func (s *Service) Change(ctx context.Context, actor ledger.Actor, id ID, saw revision.Seen, typed string) (Rate, error) {
	const op = "rate.Change"
	if err := actor.Require(ledger.Editor, op); err != nil {
		return Rate{}, err
	}
	value, err := ParseValue(typed)
	if err != nil {
		return Rate{}, fault.At(op, FieldRate, err)
	}
	return s.change(ctx, op, actor, id, saw, func(r Rate) (Rate, error) {
		if r.Removed && r.Revision == saw.Revision {
			return Rate{}, Stale(op)
		}
		r.Value, r.Removed = value, false
		return r, nil
	})
}

// Remove makes a rate count no more. It must be as it was seen, or it is a Conflict. To remove what is removed changes nothing.
func (s *Service) Remove(ctx context.Context, actor ledger.Actor, id ID, saw revision.Seen) (Rate, error) {
	const op = "rate.Remove"
	if err := actor.Require(ledger.Editor, op); err != nil {
		return Rate{}, err
	}
	return s.change(ctx, op, actor, id, saw, func(r Rate) (Rate, error) {
		r.Removed = true
		return r, nil
	})
}

// Restore makes a rate that was removed count again. It must be as it was seen, or it is a Conflict.
func (s *Service) Restore(ctx context.Context, actor ledger.Actor, id ID, saw revision.Seen) (Rate, error) {
	const op = "rate.Restore"
	if err := actor.Require(ledger.Editor, op); err != nil {
		return Rate{}, err
	}
	return s.change(ctx, op, actor, id, saw, func(r Rate) (Rate, error) {
		r.Removed = false
		return r, nil
	})
}

// change stores what apply makes of a rate. What makes it as it is already changes nothing.
func (s *Service) change(
	ctx context.Context, op string, actor ledger.Actor, id ID, saw revision.Seen, apply func(Rate) (Rate, error),
) (Rate, error) {
	now, err := s.get(ctx, op, actor, id)
	if err != nil {
		return Rate{}, err
	}
	wanted, err := apply(now)
	switch {
	case err != nil:
		return Rate{}, err
	case wanted == now:
		return now, nil
	case saw.IsOther(now.Seen()):
		return Rate{}, Stale(op)
	}
	return s.put(ctx, actor, saw.Revision, wanted)
}

func (s *Service) put(ctx context.Context, actor ledger.Actor, saw int, rate Rate) (Rate, error) {
	return s.store.Put(ctx, actor.Ledger.ID, revision.Basis{Revision: saw, Fingerprint: idempotency.FingerprintOf(
		"rate", strconv.FormatInt(int64(rate.ID()), 10), rate.Value.String(), strconv.FormatBool(rate.Removed),
	)}, rate)
}

// codeTyped returns a currency's code as it was typed, in capitals.
func codeTyped(typed string) string { return strings.ToUpper(strings.TrimSpace(typed)) }
