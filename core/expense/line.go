package expense

import (
	"context"
	"errors"
	"slices"
	"strings"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense/quickline"
	"expense-tracker/core/fault"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/text"
)

// The bounds of a line, and of what it is understood by.
const (
	MaxLine    = 500 // characters (Unicode code points)
	lineBefore = 200 // newest expenses
)

// filled is a draft with what its line said, and the fields that the line had a part in.
type filled struct {
	Draft
	byLine []string
}

// ReadLine returns what a line says, by what the ledger holds: its first MaxSuggestions categories, and its newest expenses with theirs.
// A line that is too long or cannot be shown is Invalid at FieldLine.
func (s *Service) ReadLine(ctx context.Context, actor ledger.Actor, typed string) (quickline.Line, error) {
	if err := actor.Require(ledger.Viewer, "expense.ReadLine"); err != nil {
		return quickline.Line{}, err
	}
	return s.readLine(ctx, "expense.ReadLine", actor.Ledger, typed, quickline.Everything())
}

func (s *Service) readLine(ctx context.Context, op string, in ledger.Ledger, typed string, wanted quickline.Wanted) (
	quickline.Line, error,
) {
	line, err := text.Line(typed, text.Rule{Max: MaxLine, TooLong: "a line has at most %d characters; this has %d"})
	if err != nil {
		return quickline.Line{}, fault.At(op, FieldLine, err)
	}
	known := quickline.Known{Today: in.Today(s.settings.Now()), Currency: in.Currency}
	if wanted.Category && line != "" {
		suggested, err := s.store.SuggestCategories(ctx, in.ID, MaxSuggestions)
		if err != nil {
			return quickline.Line{}, err
		}
		newest, err := s.store.List(ctx, in.ID, ListQuery{Limit: lineBefore})
		if err != nil {
			return quickline.Line{}, err
		}
		for _, c := range suggested {
			known.Categories = append(known.Categories, string(c.Name))
		}
		for _, e := range newest {
			if e.Category.Archived {
				continue
			}
			name := string(e.Category.Name)
			if len(suggested) == MaxSuggestions && !slices.Contains(known.Categories, name) {
				known.Categories = append(known.Categories, name)
			}
			known.Before = append(known.Before,
				quickline.Spending{Text: e.Note, Category: name}, quickline.Spending{Text: e.Payee, Category: name})
		}
	}
	return quickline.Read(line, known, wanted), nil
}

// fill puts what a draft's line says into the fields that the draft leaves open. The day of today and the ledger's own currency are what a
// form starts with, so they leave their fields open too. Tags come to those of the draft, and what was not understood to its note.
func (s *Service) fill(ctx context.Context, op string, in ledger.Ledger, draft Draft) (filled, error) {
	f := filled{Draft: draft}
	if isBlank(draft.Line) {
		return f, nil
	}
	date := strings.TrimSpace(draft.Date)
	wanted := quickline.Wanted{
		Price: isBlank(draft.Price), Category: isBlank(draft.Category), Date: date == "" || date == in.Today(s.settings.Now()).String(),
	}
	line, err := s.readLine(ctx, op, in, draft.Line, wanted)
	if err != nil {
		return filled{}, err
	}
	take := func(field string, into *string, said string) {
		if said != "" {
			*into = said
			f.byLine = append(f.byLine, field)
		}
	}
	if wanted.Price {
		f.Price = line.Price
		f.byLine = append(f.byLine, FieldPrice) // one that is missing is missing in the line
		if strings.EqualFold(strings.TrimSpace(draft.Currency), in.Currency.Code()) {
			f.Currency = ""
		}
	}
	take(FieldCategory, &f.Category, line.Category)
	if line.Date != (civil.Date{}) {
		take(FieldDate, &f.Date, line.Date.String())
	}
	if line.Tags != "" {
		take(FieldTags, &f.Tags, strings.TrimSpace(draft.Tags+" "+line.Tags))
	}
	if line.Note != "" {
		take(FieldNote, &f.Note, strings.TrimSpace(draft.Note+"\n"+line.Note))
	}
	return f, nil
}

func isBlank(s string) bool { return strings.TrimSpace(s) == "" }

// atLine moves what is wrong about fields that the line filled to the line, where it was typed.
func (f filled) atLine(err error) error {
	var failed *fault.Error
	if len(f.byLine) == 0 || !errors.As(err, &failed) {
		return err
	}
	moved := *failed
	moved.Violations = slices.Clone(failed.Violations)
	for i, v := range moved.Violations {
		if slices.Contains(f.byLine, v.Field) {
			moved.Violations[i].Field = FieldLine
		}
	}
	return &moved
}

// fingerprintTyped digests a draft with a line as it was typed. What the line is understood as may change from day to day, and a repeat
// is a repeat all the same.
func (d Draft) fingerprintTyped() idempotency.Fingerprint {
	refund := ""
	if d.Refund {
		refund = FieldRefund
	}
	parts := []string{FieldLine, d.Line, d.Category, d.Price, d.Currency, d.Date, d.Note, d.Payee, d.Tags, refund}
	if d.PaidBy != nil && *d.PaidBy != "" {
		parts = append(parts, FieldPaidBy, *d.PaidBy)
	}
	return idempotency.FingerprintOf(parts...)
}
