package expense

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"expense-tracker/core/civil"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
	"expense-tracker/core/text"
)

// The fields of a SearchDraft, as violations name them and as forms send them; and those that it shares with Draft.
const (
	FieldQuery = "q"
	FieldTag   = "tag"
	FieldFrom  = "from"
	FieldTo    = "to"
	FieldMin   = "min"
	FieldMax   = "max"
)

// What a search may ask for at most.
const (
	MaxQuery            = 200 // characters
	maxTerms            = 20
	maxSearchCategories = 50
)

// SearchDraft is a search as somebody typed it, unchecked. Empty fields leave open what they are about.
type SearchDraft struct {
	Query      string
	Categories []string // each a name in any case, or an ID
	Tag        string
	Currency   string
	From, To   string // YYYY-MM-DD
	Min, Max   string // prices
	PaidBy     string // a member's name, or PayerText
	Deleted    bool
}

// search is what a draft says once every field has been understood.
type search struct {
	filter     Filter
	categories []Category // of the filter
	finds      bool       // false if it names categories, and none of them is there
}

// parseSearch understands a draft, or returns an Invalid fault with a violation for every field that is wrong.
func (s *Service) parseSearch(ctx context.Context, op string, actor ledger.Actor, draft SearchDraft) (search, error) {
	in := actor.Ledger
	var violations []fault.Violation
	check := func(field string, err error) {
		if err != nil {
			violations = append(violations, fault.Violation{Field: field, Message: fault.Said(err)})
		}
	}
	f := Filter{Deleted: draft.Deleted}
	var err error
	f.Terms, err = parseTerms(draft.Query, in.Currency)
	check(FieldQuery, err)
	f.Tag, err = parseTag(draft.Tag)
	check(FieldTag, err)
	counted, err := s.searchedCurrency(ctx, in, draft.Currency)
	if failed := (*fault.Error)(nil); errors.As(err, &failed) {
		return search{}, err // the storage's, which is no violation
	}
	check(FieldCurrency, err)
	if strings.TrimSpace(draft.Currency) != "" {
		f.Currency = counted.Code()
	}
	if err != nil {
		counted = in.Currency
	}
	f.From, err = parseSearchDay(draft.From)
	check(FieldFrom, err)
	f.To, err = parseSearchDay(draft.To)
	check(FieldTo, err)
	if !f.From.IsZero() && !f.To.IsZero() && f.From.Compare(f.To) > 0 {
		check(FieldTo, fault.Refuse("the last day is before the first"))
	}
	f.Min, err = parseBound(draft.Min, counted)
	check(FieldMin, err)
	f.Max, err = parseBound(draft.Max, counted)
	check(FieldMax, err)
	if f.Min != nil && f.Max != nil && f.Min.Minor() > f.Max.Minor() {
		check(FieldMax, fault.Refuse("the highest price is below the lowest"))
	}
	if len(draft.Categories) > maxSearchCategories {
		check(FieldCategory, fault.Refuse("a search takes at most %d categories; this has %d", maxSearchCategories, len(draft.Categories)))
	}
	f.Payer, err = s.parseSearchedPayer(ctx, actor, draft.PaidBy)
	if failed := (*fault.Error)(nil); errors.As(err, &failed) {
		return search{}, err // the storage's, which is no violation
	}
	check(FieldPaidBy, err)
	if violations != nil {
		return search{}, &fault.Error{Kind: fault.Invalid, Op: op, Violations: violations}
	}
	parsed := search{filter: f, finds: true}
	if err := s.searchCategories(ctx, in.ID, draft.Categories, &parsed); err != nil {
		return search{}, err
	}
	return parsed, nil
}

// searchCategories finds the categories that are typed. One that is not there, any more or at all, has no expenses.
func (s *Service) searchCategories(ctx context.Context, in ledger.ID, typed []string, to *search) error {
	named := false
	for _, one := range typed {
		if strings.TrimSpace(one) == "" {
			continue
		}
		named = true
		found, err := s.searchCategory(ctx, in, one)
		if errors.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return err
		}
		if !slices.Contains(to.filter.Categories, found.ID) {
			to.filter.Categories = append(to.filter.Categories, found.ID)
			to.categories = append(to.categories, found)
		}
	}
	to.finds = !named || len(to.categories) > 0
	return nil
}

// searchCategory returns the category of a name or, where no category has it, of an ID.
func (s *Service) searchCategory(ctx context.Context, in ledger.ID, typed string) (Category, error) {
	name, err := ParseCategoryName(typed)
	if err != nil {
		return Category{}, fault.Wrap(fault.NotFound, "expense.Search", err)
	}
	found, err := s.store.CategoryNamed(ctx, in, name)
	if !errors.Is(err, fault.NotFound) {
		return found, err
	}
	id, notNumber := strconv.ParseInt(string(name), 10, 64)
	if notNumber != nil || id < 1 {
		return Category{}, err
	}
	summary, err := s.store.GetCategory(ctx, in, CategoryID(id))
	return summary.Category, err
}

// parseTerms divides a query into words, each of which must occur.
func parseTerms(typed string, own money.Currency) ([]Term, error) {
	if n := utf8.RuneCountInString(typed); n > MaxQuery {
		return nil, fault.Refuse("a search has at most %d characters; this has %d", MaxQuery, n)
	}
	if err := text.Check(typed, "\t\r\n"); err != nil {
		return nil, err
	}
	var terms []Term
	for _, word := range strings.Fields(text.WithoutDirections(typed)) {
		term := Term{Text: text.Fold(strings.TrimLeft(word, "#＃")), Amount: amountIn(word, own)}
		if term.Text != "" && !slices.ContainsFunc(terms, func(t Term) bool { return t.Text == term.Text }) {
			terms = append(terms, term)
		}
	}
	if len(terms) > maxTerms {
		return nil, fault.Refuse("a search has at most %d words; this has %d", maxTerms, len(terms))
	}
	return terms, nil
}

// amountIn returns the amount that a word may mean, such as "12.50" or "€5"; nil if it means none.
func amountIn(word string, own money.Currency) *money.Amount {
	number := strings.TrimFunc(word, func(r rune) bool { return unicode.Is(unicode.Sc, r) })
	for _, digits := range []int{own.Digits(), 2, 4} {
		counted, err := money.StoredCurrency(own.Code(), digits)
		if err != nil {
			return nil
		}
		if amount, err := money.ParsePrice(number, counted); err == nil {
			return &amount
		}
	}
	return nil
}

func parseTag(typed string) (string, error) {
	tags, err := ParseTags(typed)
	if err != nil || tags == "" {
		return "", err
	}
	if len(tags.List()) > 1 {
		return "", fault.Refuse("enter one tag")
	}
	return text.Fold(string(tags)), nil
}

// searchedCurrency returns the currency that prices of a search are counted in.
func (s *Service) searchedCurrency(ctx context.Context, in ledger.Ledger, typed string) (money.Currency, error) {
	if strings.TrimSpace(typed) == "" {
		return in.Currency, nil
	}
	listed, err := money.ParseCurrency(typed)
	if err != nil {
		return money.Currency{}, err
	}
	return currencyIn(ctx, s.store, listed)
}

func parseSearchDay(typed string) (civil.Date, error) {
	typed = strings.TrimSpace(typed)
	if typed == "" {
		return civil.Date{}, nil
	}
	day, err := civil.ParseDate(typed)
	if err != nil {
		return civil.Date{}, fault.Refuse("enter a date that exists, as YYYY-MM-DD")
	}
	if !maySpendOn(day) {
		return civil.Date{}, fault.Refuse("enter a date from %s to %s", strconv.Itoa(firstYear), strconv.Itoa(lastYear))
	}
	return day, nil
}

// parseBound reads a lowest or highest price. Zero is one, too.
func parseBound(typed string, in money.Currency) (*money.Amount, error) {
	typed = text.WithoutDirections(strings.TrimSpace(typed))
	if typed == "" {
		return nil, nil
	}
	if strings.Trim(typed, "0.,") == "" && strings.Contains(typed, "0") && len(typed) <= 2+in.Digits() {
		zero := money.FromMinor(0, in)
		return &zero, nil
	}
	bound, err := money.ParsePrice(typed, in)
	if err != nil {
		return nil, err
	}
	return &bound, nil
}
