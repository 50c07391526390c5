package relocation

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// ErrSchemas is the error for two storages of which one has a table or a column that the other lacks. It is a fault of the program.
var ErrSchemas = errors.New("the two storages are not of the same tables")

// exchange is the one column of decimals that are no money.
var exchange = map[string]string{"rate": "value"}

// first is the table that says what amounts are counted in.
const first = "currency"

// Plan pairs the tables of two storages and says how each value travels: those that others refer to come before them.
func Plan(from, to []Table) ([]Pair, error) {
	var faults []error
	theirs := make(map[string]Table, len(to))
	for _, t := range to {
		theirs[t.Name] = t
	}
	pairs := make(map[string]Pair, len(from))
	for _, t := range from {
		other, there := theirs[t.Name]
		if !there {
			faults = append(faults, fmt.Errorf("%w: %s is in the first alone", ErrSchemas, t.Name))
			continue
		}
		delete(theirs, t.Name)
		p, err := pair(t, other)
		faults = append(faults, err)
		pairs[t.Name] = p
	}
	for name := range theirs {
		faults = append(faults, fmt.Errorf("%w: %s is in the second alone", ErrSchemas, name))
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	return ordered(pairs)
}

// pair matches the columns of a table by name.
func pair(from, to Table) (Pair, error) {
	if len(from.Columns) != len(to.Columns) || from.Numbered != to.Numbered {
		return Pair{}, fmt.Errorf("%w: %s has other columns, or gives other numbers", ErrSchemas, from.Name)
	}
	p := Pair{From: from, To: to}
	p.From.Columns = slices.SortedFunc(slices.Values(from.Columns), func(a, b Column) int { return strings.Compare(a.Name, b.Name) })
	p.To.Columns = nil // in that order, so that a digest is the same whichever way a row travels
	for _, c := range p.From.Columns {
		i := slices.IndexFunc(to.Columns, func(other Column) bool { return other.Name == c.Name })
		if i < 0 {
			return Pair{}, fmt.Errorf("%w: %s.%s is in the first alone", ErrSchemas, from.Name, c.Name)
		}
		p.To.Columns = append(p.To.Columns, to.Columns[i])
		kind, err := kindOf(from.Name, c.Name, c.Type, to.Columns[i].Type)
		if err != nil {
			return Pair{}, err
		}
		p.Kinds = append(p.Kinds, kind)
	}
	for i, kind := range p.Kinds {
		if kind == Money && p.column("currency") < 0 {
			return Pair{}, fmt.Errorf("%w: %s.%s is money of no currency", ErrSchemas, from.Name, p.From.Columns[i].Name)
		}
	}
	return p, nil
}

func sorted(names []string) []string { return slices.Sorted(slices.Values(names)) }

// kindOf returns how a column's values travel between two types.
func kindOf(table, column string, from, to Native) (Kind, error) {
	richer, plainer := max(from, to), min(from, to)
	switch {
	case richer == Numeric && exchange[table] == column && (plainer == Numeric || plainer == String):
		return Decimal, nil
	case richer == Numeric && exchange[table] != column && (plainer == Numeric || plainer == Integer):
		return Money, nil
	case richer == Timestamp && (plainer == Timestamp || plainer == String):
		return Moment, nil
	case richer == Date && (plainer == Date || plainer == String):
		return Day, nil
	case richer == Truth, richer == Integer:
		return Whole, nil
	case richer == String && plainer == String:
		return Text, nil
	case richer == Binary && plainer == Binary:
		return Bytes, nil
	}
	return 0, fmt.Errorf("%w: %s.%s is of types that do not match", ErrSchemas, table, column)
}

// ordered puts each table after those that its rows refer to, in either storage.
func ordered(pairs map[string]Pair) ([]Pair, error) {
	var all []Pair
	state := make(map[string]int, len(pairs)) // 1 under way, 2 done
	var visit func(name string, way []string) error
	visit = func(name string, way []string) error {
		p, there := pairs[name]
		if !there || state[name] == 2 {
			return nil
		}
		if state[name] == 1 {
			return fmt.Errorf("%w: tables refer to each other: %s", ErrSchemas, strings.Join(append(way, name), ", "))
		}
		state[name] = 1
		for _, to := range sorted(slices.Concat(p.From.References, p.To.References)) {
			if to == name {
				continue
			}
			if err := visit(to, append(way, name)); err != nil {
				return err
			}
		}
		state[name] = 2
		all = append(all, p)
		return nil
	}
	names := []string{first}
	for name := range pairs {
		names = append(names, name)
	}
	slices.Sort(names[1:])
	for _, name := range names {
		if err := visit(name, nil); err != nil {
			return nil, err
		}
	}
	return all, nil
}
