package relocation

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"expense-tracker/adapters/internal/sqlkit"
)

// Errors of a copy.
var (
	ErrDiffer         = errors.New("the copy is not what the source holds")
	ErrMoved          = errors.New("the source was changed while it was copied: stop what uses it, or say that it may go on")
	ErrUnknownOutcome = errors.New("it is not known whether the target has kept the copy: compare the two")
)

// Options of a copy.
type Options struct {
	Live     bool                         // what the source takes meanwhile is left out; else it is an error
	Progress func(table string, rows int) // is told after each part of a table; nil for nobody
}

// part is after how many rows Progress is told.
const part = 50_000

// Copy moves everything from one storage into another, compares the two, and only then lets the target keep it. It returns what each table
// adds up to. On any error the target is what it was before; but for ErrUnknownOutcome.
func Copy(ctx context.Context, from Source, to Target, options Options) ([]Sum, error) {
	if options.Progress == nil {
		options.Progress = func(string, int) {}
	}
	pairs, err := planned(ctx, from, to)
	if err != nil {
		return nil, err
	}
	if err := CheckEmpty(ctx, to, reversed(pairs)); err != nil {
		return nil, err
	}
	for _, p := range slices.Backward(pairs) { // those that refer to others go first
		if err := to.Clear(ctx, p); err != nil {
			return nil, fmt.Errorf("clear %s: %w", p.Name(), err)
		}
	}
	for _, p := range pairs {
		if err := move(ctx, from, to, p, options.Progress); err != nil {
			return nil, fmt.Errorf("copy %s: %w", p.Name(), err)
		}
	}
	if err := to.Settle(ctx); err != nil {
		return nil, fmt.Errorf("finish the copy: %w", err)
	}
	if !options.Live {
		if err := from.Renew(ctx); err != nil {
			return nil, err
		}
	}
	sums, err := compare(ctx, from, to, pairs)
	if errors.Is(err, ErrDiffer) && !options.Live {
		err = errors.Join(ErrMoved, err)
	}
	if err != nil {
		return nil, err
	}
	return sums, to.Commit(ctx)
}

// Compare compares what two storages hold, row by row. It returns ErrDiffer, with the first tables and rows that do.
func Compare(ctx context.Context, one, other Side) ([]Sum, error) {
	pairs, err := planned(ctx, one, other)
	if err != nil {
		return nil, err
	}
	return compare(ctx, one, other, pairs)
}

func planned(ctx context.Context, from, to Side) ([]Pair, error) {
	sources, err := from.Tables(ctx)
	if err != nil {
		return nil, err
	}
	targets, err := to.Tables(ctx)
	if err != nil {
		return nil, err
	}
	return Plan(sources, targets)
}

// reversed returns the pairs as the target reads them.
func reversed(pairs []Pair) []Pair {
	turned := slices.Clone(pairs)
	for i, p := range turned {
		turned[i].From, turned[i].To = p.To, p.From
	}
	return turned
}

// turned is a pair as its second storage reads it.
func turned(p Pair) Pair { return Pair{From: p.To, To: p.From, Kinds: p.Kinds} }

// move copies one table.
func move(ctx context.Context, from Source, to Target, p Pair, progress func(string, int)) error {
	mark := -1
	if name, is := redrawn[p.Name()]; is {
		mark = p.column(name)
	}
	read := 0
	written, err := to.Write(ctx, p, func(yield func([]any) error) error {
		return from.Read(ctx, p)(func(row []any) error {
			if mark >= 0 {
				row[mark] = sqlkit.NewMark()
			}
			if read++; read%part == 0 {
				progress(p.Name(), read)
			}
			return yield(row)
		})
	})
	if err != nil {
		return err
	}
	if written != int64(read) {
		return fmt.Errorf("%w: %d rows were read and %d written", ErrDiffer, read, written)
	}
	progress(p.Name(), read)
	if p.From.Numbered == "" {
		return nil
	}
	last, err := from.Last(ctx, p)
	if err != nil {
		return err
	}
	return to.SetLast(ctx, p, last)
}

// compare adds both sides up, at the same time.
func compare(ctx context.Context, one, other Side, pairs []Pair) ([]Sum, error) {
	var left, right []Sum
	both, within := errgroup.WithContext(ctx)
	both.Go(func() (err error) { left, err = addUp(within, one, pairs); return err })
	both.Go(func() (err error) { right, err = addUp(within, other, reversed(pairs)); return err })
	if err := both.Wait(); err != nil {
		return nil, err
	}
	var faults []error
	for i, p := range pairs {
		if same(left[i], right[i]) {
			continue
		}
		rows, err := differing(ctx, one, other, p)
		if err != nil {
			return nil, err
		}
		faults = append(faults, fmt.Errorf("%w: %s has %d rows on one side and %d on the other%s",
			ErrDiffer, p.Name(), left[i].Rows, right[i].Rows, rows))
	}
	return left, errors.Join(faults...)
}

func same(a, b Sum) bool {
	return a.Rows == b.Rows && a.Digest == b.Digest && a.Last == b.Last &&
		maps.EqualFunc(a.Money, b.Money, func(x, y *big.Int) bool { return x.Cmp(y) == 0 })
}

func addUp(ctx context.Context, side Side, pairs []Pair) ([]Sum, error) {
	sums := make([]Sum, 0, len(pairs))
	for _, p := range pairs {
		s := newSummer(p)
		if err := side.Read(ctx, p)(s.add); err != nil {
			return nil, fmt.Errorf("read %s: %w", p.Name(), err)
		}
		if p.From.Numbered != "" {
			last, err := side.Last(ctx, p)
			if err != nil {
				return nil, fmt.Errorf("numbers of %s: %w", p.Name(), err)
			}
			s.sum.Last = last
		}
		sums = append(sums, s.sum)
	}
	return sums, nil
}

// shown is how many rows a difference names.
const shown = 3

// differing names rows that one side has and the other has not, by their keys.
func differing(ctx context.Context, one, other Side, p Pair) (string, error) {
	left, right := newSummer(p), newSummer(turned(p))
	there := make(map[[32]byte]string)
	var only []string
	err := one.Read(ctx, p)(func(row []any) error {
		digest, err := left.row(row)
		there[digest] = key(p, row)
		return err
	})
	if err != nil {
		return "", err
	}
	err = other.Read(ctx, turned(p))(func(row []any) error {
		digest, err := right.row(row)
		if _, found := there[digest]; found {
			delete(there, digest)
		} else if len(only) < shown {
			only = append(only, "second: "+key(p, row))
		}
		return err
	})
	if err != nil {
		return "", err
	}
	for _, name := range slices.Sorted(maps.Values(there)) {
		if len(only) == 2*shown {
			break
		}
		only = append(only, "first: "+name)
	}
	if len(only) == 0 {
		return ", or other numbers given", nil
	}
	return "; rows of one side alone: " + strings.Join(only, "; "), nil
}

// key writes the values of a row's key, bytes by their length alone: they may be secrets.
func key(p Pair, row []any) string {
	var parts []string
	for _, name := range p.From.Key {
		value := row[p.column(name)]
		if b, is := value.([]byte); is {
			value = fmt.Sprintf("%d bytes", len(b))
		}
		parts = append(parts, fmt.Sprintf("%s %v", name, value))
	}
	return strings.Join(parts, ", ")
}
