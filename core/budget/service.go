package budget

import (
	"context"
	"errors"
	"slices"
	"strconv"
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
	Now func() time.Time // the clock
}

// Service holds the use cases of budgets. Each takes an actor and checks its role before anything else.
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

// Month is the budgets of a month.
type Month struct {
	Standings []Standing   // of those in force, the one for everything first
	Lapsed    []CategoryID // whose budgets counted in the month before, and do not any more
}

// Left returns how each budget stands that is in force in a month, the one for everything first. It asks the storage twice, whatever the
// ledger holds.
func (s *Service) Left(ctx context.Context, actor ledger.Actor, month civil.Month) ([]Standing, error) {
	found, err := s.Month(ctx, actor, month)
	return found.Standings, err
}

// Month returns how each budget stands in a month, and which of the month before are there no more.
func (s *Service) Month(ctx context.Context, actor ledger.Actor, month civil.Month) (Month, error) {
	if err := actor.Require(ledger.Viewer, "budget.Month"); err != nil {
		return Month{}, err
	}
	all, err := s.store.List(ctx, actor.Ledger.ID, month.AddMonths(-MaxCarried), month)
	if err != nil {
		return Month{}, err
	}
	var found Month
	inForce := make([]Budget, 0, len(all))
	for _, b := range all {
		_, now := b.In(month)
		_, before := b.In(month.AddMonths(-1))
		switch {
		case now:
			inForce = append(inForce, b)
		case before:
			found.Lapsed = append(found.Lapsed, b.Category)
		}
	}
	found.Standings, err = s.standings(ctx, actor, inForce, month)
	return found, err
}

// Get returns the budget of a category with all terms that matter, and how it stands this month, if it is in force. A category without
// one has the revision 0; one that does not exist is NotFound.
func (s *Service) Get(ctx context.Context, actor ledger.Actor, of CategoryID) (Budget, *Standing, error) {
	const op = "budget.Get"
	if err := actor.Require(ledger.Viewer, op); err != nil {
		return Budget{}, nil, err
	}
	month := s.Today(actor).MonthOf()
	found, err := s.find(ctx, op, actor, of)
	if err != nil {
		return Budget{}, nil, err
	}
	if _, ok := found.In(month); !ok {
		return found, nil, nil
	}
	standings, err := s.standings(ctx, actor, []Budget{found}, month)
	if err != nil || len(standings) == 0 {
		return found, nil, err
	}
	return found, &standings[0], nil
}

// Check returns what is wrong with a draft, field by field, as an Invalid fault; nil if Set would understand it.
func (s *Service) Check(actor ledger.Actor, draft Draft) error {
	_, err := s.parse("budget.Check", actor.Ledger, draft)
	return err
}

// Set gives a category a limit from a month on. A budget that the actor has not seen, so that saw is the zero Seen, must not be there. One
// that is there must be as it was seen, or it is a Conflict. To set what is set already changes nothing.
func (s *Service) Set(ctx context.Context, actor ledger.Actor, of CategoryID, saw revision.Seen, draft Draft) (Budget, error) {
	const op = "budget.Set"
	if err := actor.Require(ledger.Editor, op); err != nil {
		return Budget{}, err
	}
	term, err := s.parse(op, actor.Ledger, draft)
	if err != nil {
		return Budget{}, err
	}
	now, err := s.find(ctx, op, actor, of)
	switch {
	case err != nil:
		return Budget{}, err
	case now.says(term):
		return now, nil
	case saw == revision.Seen{} && now.isOpen(term.From):
		return Budget{}, fault.New(fault.Conflict, op, "there is already a budget for this; change it instead")
	case saw == revision.Seen{}:
		saw = now.Seen()
	case saw.IsOther(now.Seen()):
		return Budget{}, Stale(op)
	}
	if now.Revision == 0 {
		if err := s.checkRoom(ctx, op, actor); err != nil {
			return Budget{}, err
		}
	}
	return s.store.Set(ctx, actor.Ledger.ID, of, basisOf(saw, term), term)
}

// End ends a budget from a month on, typed as YYYY-MM or left open for this one. To end what has ended by then is a Conflict.
func (s *Service) End(ctx context.Context, actor ledger.Actor, of CategoryID, saw revision.Seen, from string) (Budget, error) {
	const op = "budget.End"
	if err := actor.Require(ledger.Editor, op); err != nil {
		return Budget{}, err
	}
	month, err := s.parseMonth(actor.Ledger, from)
	if err != nil {
		return Budget{}, fault.At(op, FieldFrom, err)
	}
	now, err := s.find(ctx, op, actor, of)
	term := Term{From: month}
	switch {
	case err != nil:
		return Budget{}, err
	case now.Revision == 0:
		return Budget{}, NoSuchBudget(op)
	case now.says(term):
		return now, nil
	case saw.IsOther(now.Seen()):
		return Budget{}, Stale(op)
	case !now.isOpen(month) && now.Revision == saw.Revision:
		return Budget{}, fault.New(fault.Conflict, op, "this budget has ended before that month")
	}
	return s.store.Set(ctx, actor.Ledger.ID, of, basisOf(saw, term), term)
}

// Copy gives this month the limits of those budgets that counted in the month before and do not any more. It returns how many. Sent
// again it finds nothing to do. Each is a change of its own: one that fails leaves those before it set.
func (s *Service) Copy(ctx context.Context, actor ledger.Actor) (int, error) {
	const op = "budget.Copy"
	if err := actor.Require(ledger.Editor, op); err != nil {
		return 0, err
	}
	month := s.Today(actor).MonthOf()
	all, err := s.store.List(ctx, actor.Ledger.ID, month.AddMonths(-1), month)
	if err != nil {
		return 0, err
	}
	copied := 0
	for _, b := range all {
		term, before := b.In(month.AddMonths(-1))
		if _, now := b.In(month); now || !before {
			continue
		}
		term.From = month
		if _, err := s.store.Set(ctx, actor.Ledger.ID, b.Category, basisOf(revision.At(b.Revision), term), term); err != nil {
			return copied, err
		}
		copied++
	}
	return copied, nil
}

// find returns a category's budget, an empty one at revision 0 if it has none.
func (s *Service) find(ctx context.Context, op string, actor ledger.Actor, of CategoryID) (Budget, error) {
	month := s.Today(actor).MonthOf()
	found, err := s.store.Get(ctx, actor.Ledger.ID, of, month.AddMonths(-MaxCarried))
	if !errors.Is(err, fault.NotFound) {
		return found, err
	}
	exists := false
	err = s.spending.SpentSince(ctx, actor, map[int64]civil.Month{int64(of): month}, month,
		func(asked, left int64, _ civil.Month, _ money.Amount) {
			exists = exists || asked == left // one that was merged away gets no budget any more
		})
	if err == nil && !exists {
		err = fault.New(fault.NotFound, op, "there is no such category")
	}
	return Budget{Category: of}, err
}

func (s *Service) checkRoom(ctx context.Context, op string, actor ledger.Actor) error {
	month := s.Today(actor).MonthOf()
	all, err := s.store.List(ctx, actor.Ledger.ID, month, month)
	if err == nil && len(all) >= MaxBudgets {
		return fault.Field(op, FieldCategory, "a ledger has at most %d budgets; change one that has ended", MaxBudgets)
	}
	return err
}

func basisOf(saw revision.Seen, term Term) revision.Basis {
	return revision.Basis{Revision: saw.Revision, Fingerprint: idempotency.FingerprintOf(
		"budget", term.From.String(), term.Limit.String(), strconv.FormatBool(term.Carry),
	)}
}

// standings asks what was spent, once for all budgets, and counts what each carries over.
func (s *Service) standings(ctx context.Context, actor ledger.Actor, budgets []Budget, month civil.Month) ([]Standing, error) {
	if len(budgets) == 0 {
		return nil, nil
	}
	since := make(map[int64]civil.Month, len(budgets))
	for _, b := range budgets {
		since[int64(b.Category)] = b.carriesSince(month)
	}
	type key struct {
		category int64
		month    civil.Month
		currency string
	}
	spent, left := map[key]money.Amount{}, map[int64]int64{}
	err := s.spending.SpentSince(ctx, actor, since, month, func(asked, kept int64, in civil.Month, amount money.Amount) {
		left[asked] = kept
		spent[key{asked, in, amount.Currency().Code()}] = amount
	})
	if err != nil {
		return nil, err
	}
	standings := make([]Standing, 0, len(budgets))
	for _, b := range budgets {
		kept, exists := left[int64(b.Category)]
		if _, own := left[kept]; !exists || own && kept != int64(b.Category) {
			continue // the category that is left has a budget of its own, and that counts
		}
		standing := b.standing(month, func(in civil.Month, currency money.Currency) money.Amount {
			return money.FromMinor(spent[key{int64(b.Category), in, currency.Code()}].Minor(), currency)
		})
		standing.Category = CategoryID(kept)
		if !slices.ContainsFunc(standings, func(s Standing) bool { return s.Category == standing.Category }) {
			standings = append(standings, standing)
		}
	}
	return standings, nil
}

// carriesSince returns the first month whose rest is carried over into the given one, directly or through others: this one itself if
// nothing is carried.
func (b Budget) carriesSince(month civil.Month) civil.Month {
	for range MaxCarried {
		term, _ := b.In(month)
		before, ok := b.In(month.AddMonths(-1))
		if !term.Carry || !ok || before.Limit.Currency() != term.Limit.Currency() {
			break
		}
		month = month.AddMonths(-1)
	}
	return month
}

// standing counts from the first month that matters to the one that is asked for.
func (b Budget) standing(month civil.Month, spent func(civil.Month, money.Currency) money.Amount) Standing {
	standing := Standing{Of: b.Category, Category: b.Category}
	for at := b.carriesSince(month); ; at = at.AddMonths(1) {
		term, _ := b.In(at)
		carried := money.FromMinor(0, term.Limit.Currency())
		if !standing.Month.IsZero() {
			carried = standing.Left()
		}
		standing.Month, standing.Term, standing.Carried, standing.Spent = at, term, carried, spent(at, term.Limit.Currency())
		if at == month {
			return standing
		}
	}
}
