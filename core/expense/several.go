package expense

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"expense-tracker/core/civil"
	"expense-tracker/core/fault"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/revision"
)

// MaxSeveral is how many expenses one change may be about: as many as the largest page has.
const MaxSeveral = 200

// FieldUntag is the field of a SeveralDraft for the tags to take away, as FieldTags is for those to add.
const FieldUntag = "untag"

// BatchStore changes several expenses as one.
type BatchStore interface {
	// ChangeAll hands each expense of a batch to revise, at the revision that its row names, and stores what that returns as Change does:
	// of all or of none, in one transaction. What revise returns as it was stays as it is. A row that is not at its revision any more is
	// StaleAmong, and one that is missing GoneAmong, unless this very batch was stored before. The result has the order of the rows: each
	// expense as it is now.
	ChangeAll(ctx context.Context, in ledger.ID, batch Batch, revise func(Expense) (Expense, error)) ([]Expense, error)
	// BatchBefore returns what each expense that a batch has changed was before, ordered by ID; nothing if no batch has the number.
	BatchBefore(ctx context.Context, in ledger.ID, number BatchNumber) ([]Expense, error)
}

// BatchNumber names a change of several expenses, for its undo. It is above zero.
type BatchNumber int64

// Batch says what a change of several expenses starts from and what it wants, as a revision.Basis does of one.
type Batch struct {
	Fingerprint idempotency.Fingerprint
	At          time.Time
	By          ledger.UserID // who makes the change
	Rows        []BatchRow    // no ID twice
}

// BatchRow is an expense of a batch, with the revision that the author of the change saw.
type BatchRow struct {
	ID       ID
	Revision int
}

// Number returns the name of the batch: the same batch has the same.
func (b Batch) Number() BatchNumber {
	var number BatchNumber
	for _, octet := range b.Fingerprint[:8] {
		number = number<<8 | BatchNumber(octet)
	}
	return max(1, number&math.MaxInt64)
}

// Basis returns what the change of one row starts from.
func (b Batch) Basis(row BatchRow) revision.Basis {
	return revision.Basis{Revision: row.Revision, Fingerprint: b.Fingerprint, At: b.At, By: b.By}
}

// Pick is one of several expenses, as the actor saw it.
type Pick struct {
	ID  ID
	Saw revision.Seen
}

// Unpaid is how a SeveralDraft says that it is not known who has paid, as nothing would leave it as it is.
const Unpaid = "-"

// SeveralDraft is what somebody typed to change of several expenses. What is empty stays.
type SeveralDraft struct {
	Category string
	Date     string
	Tags     string // to add to those that each has
	Untag    string // to take away from those
	PaidBy   string // a member's name, or PayerText; Unpaid for nobody
}

// Done is what became of a change of several expenses.
type Done struct {
	Number  BatchNumber // for UndoSeveral
	Changed int         // the others were like that before
}

// EditSeveral makes one change of all picked expenses, or of none: it is a Conflict if one of them is not any more what the actor saw.
func (s *Service) EditSeveral(ctx context.Context, actor ledger.Actor, picks []Pick, draft SeveralDraft) (Done, error) {
	const op = "expense.EditSeveral"
	if err := actor.Require(ledger.Editor, op); err != nil {
		return Done{}, err
	}
	change, err := s.parseSeveral(ctx, op, actor, draft)
	if err != nil {
		return Done{}, err
	}
	words := []string{"edit", string(change.category), change.date.String(), string(change.tags), string(change.untag)}
	if change.setsPayer {
		words = append(words, FieldPaidBy, PayerText(change.payer))
	}
	return s.changeAll(ctx, op, actor, picks, words, func(e Expense) (Expense, error) {
		if e.Deleted {
			return Expense{}, StaleAmong(op, e)
		}
		return change.of(op, e)
	})
}

// DeleteSeveral deletes all picked expenses, or none.
func (s *Service) DeleteSeveral(ctx context.Context, actor ledger.Actor, picks []Pick) (Done, error) {
	return s.setDeleted(ctx, "expense.DeleteSeveral", actor, picks, true)
}

// RestoreSeveral brings back all picked expenses, or none.
func (s *Service) RestoreSeveral(ctx context.Context, actor ledger.Actor, picks []Pick) (Done, error) {
	return s.setDeleted(ctx, "expense.RestoreSeveral", actor, picks, false)
}

func (s *Service) setDeleted(ctx context.Context, op string, actor ledger.Actor, picks []Pick, deleted bool) (Done, error) {
	if err := actor.Require(ledger.Editor, op); err != nil {
		return Done{}, err
	}
	return s.changeAll(ctx, op, actor, picks, []string{op}, func(e Expense) (Expense, error) {
		if e.Deleted == deleted {
			return Expense{}, StaleAmong(op, e)
		}
		e.Deleted = deleted
		return e, nil
	})
}

// SeveralBefore returns what the expenses that a batch has changed were before; nothing if that is not known.
func (s *Service) SeveralBefore(ctx context.Context, actor ledger.Actor, number BatchNumber) ([]Expense, error) {
	if err := actor.Require(ledger.Viewer, "expense.SeveralBefore"); err != nil {
		return nil, err
	}
	return s.store.BatchBefore(ctx, actor.Ledger.ID, number)
}

// UndoSeveral takes all expenses of a batch back to what they were before it, or none. It is a batch itself, which can be undone.
func (s *Service) UndoSeveral(ctx context.Context, actor ledger.Actor, number BatchNumber) (Done, error) {
	const op = "expense.UndoSeveral"
	if err := actor.Require(ledger.Editor, op); err != nil {
		return Done{}, err
	}
	known, err := s.store.BatchBefore(ctx, actor.Ledger.ID, number)
	if err != nil {
		return Done{}, err
	}
	if len(known) == 0 {
		return Done{}, fault.New(fault.Conflict, op, "it is not known any more what these expenses were before")
	}
	before := make(map[ID]Expense, len(known))
	picks := make([]Pick, 0, len(known))
	for _, e := range known {
		before[e.ID] = e
		picks = append(picks, Pick{ID: e.ID, Saw: revision.At(e.Revision + 1)})
	}
	words := []string{"undo", strconv.FormatInt(int64(number), 10)}
	return s.changeAll(ctx, op, actor, picks, words, func(e Expense) (Expense, error) { return before[e.ID], nil })
}

// changeAll checks the picks and makes a batch of them. The words say what it does.
func (s *Service) changeAll(
	ctx context.Context, op string, actor ledger.Actor, picks []Pick, words []string, revise func(Expense) (Expense, error),
) (Done, error) {
	picks = slices.Clone(picks)
	slices.SortFunc(picks, func(p, other Pick) int { return cmp.Compare(p.ID, other.ID) })
	picks = slices.Compact(picks)
	switch {
	case len(picks) == 0:
		return Done{}, fault.New(fault.Invalid, op, "select at least one expense")
	case len(picks) > MaxSeveral:
		return Done{}, fault.New(fault.Invalid, op, "select at most %d expenses at once; these are %d", MaxSeveral, len(picks))
	}
	words = append([]string{"several"}, words...)
	saw := make(map[ID]revision.Seen, len(picks))
	batch := Batch{At: s.settings.Now(), By: actor.User}
	for _, pick := range picks {
		if _, twice := saw[pick.ID]; twice {
			return Done{}, fault.New(fault.Invalid, op, "an expense was selected twice, as it was at two times")
		}
		saw[pick.ID] = pick.Saw
		batch.Rows = append(batch.Rows, BatchRow{ID: pick.ID, Revision: pick.Saw.Revision})
		words = append(words, strconv.FormatInt(int64(pick.ID), 10), pick.Saw.String())
	}
	batch.Fingerprint = idempotency.FingerprintOf(words...)
	now, err := s.store.ChangeAll(ctx, actor.Ledger.ID, batch, func(e Expense) (Expense, error) {
		if saw[e.ID].IsOther(e.Seen()) {
			return Expense{}, StaleAmong(op, e)
		}
		return revise(e)
	})
	if err != nil {
		return Done{}, err
	}
	done := Done{Number: batch.Number()}
	for i, e := range now {
		if e.Revision > batch.Rows[i].Revision {
			done.Changed++
		}
	}
	return done, nil
}

// severalChange is a SeveralDraft that was understood. What is empty stays.
type severalChange struct {
	category    CategoryName
	date        civil.Date
	tags, untag Tags
	payer       ledger.UserID
	setsPayer   bool
}

func (s *Service) parseSeveral(ctx context.Context, op string, actor ledger.Actor, draft SeveralDraft) (severalChange, error) {
	var c severalChange
	var violations []fault.Violation
	parse := func(field, typed string, how func() error) {
		if strings.TrimSpace(typed) == "" {
			return
		}
		if err := how(); err != nil {
			violations = append(violations, fault.Violation{Field: field, Message: fault.Said(err)})
		}
	}
	parse(FieldCategory, draft.Category, func() (err error) { c.category, err = ParseCategoryName(draft.Category); return err })
	parse(FieldDate, draft.Date, func() (err error) { c.date, err = s.parseDate(actor.Ledger, draft.Date); return err })
	parse(FieldTags, draft.Tags, func() (err error) { c.tags, err = ParseTags(draft.Tags); return err })
	parse(FieldUntag, draft.Untag, func() (err error) { c.untag, err = ParseTags(draft.Untag); return err })
	var failed error
	parse(FieldPaidBy, draft.PaidBy, func() (err error) {
		if c.setsPayer = true; strings.TrimSpace(draft.PaidBy) != Unpaid {
			c.payer, err = s.parsePayer(ctx, actor, draft.PaidBy, nil)
		}
		if errors.As(err, new(*fault.Error)) {
			failed, err = err, nil // the storage's, which is no violation
		}
		return err
	})
	if failed != nil {
		return severalChange{}, failed
	}
	if violations != nil {
		return severalChange{}, &fault.Error{Kind: fault.Invalid, Op: op, Violations: violations}
	}
	if c == (severalChange{}) {
		return severalChange{}, fault.New(fault.Invalid, op, "say what to change of them: the category, the date, the tags or who paid")
	}
	return c, nil
}

// of returns an expense with the change.
func (c severalChange) of(op string, e Expense) (Expense, error) {
	if c.category != "" && c.category.Key() != e.Category.Name.Key() {
		e.Category = Category{Name: c.category}
	}
	if !c.date.IsZero() {
		e.Date = c.date
	}
	if c.setsPayer {
		e.PaidBy = c.payer
	}
	tags, err := e.Tags.changed(c.tags, c.untag)
	if err != nil {
		return Expense{}, fault.Field(op, FieldTags, "an expense has at most %d tags, and %s, %s would have more", MaxTags,
			string(e.Category.Name), e.Spent())
	}
	e.Tags = tags
	return e, nil
}
