package main

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/pflag"
)

// options say what to measure.
type options struct {
	sizes    []int // expenses, ascending
	storages []string
	rounds   int
	duration time.Duration // of each load
	json     string        // file for the report; empty for none, - for the standard output in place of the tables
	quick    bool
	people   int // who have a ledger each
}

const (
	warmup    = 200 * time.Millisecond
	maxSize   = 10_000_000
	maxRound  = 50
	maxPeople = 10_000
	maxLoad   = time.Minute
)

func (o *options) bind(flags *pflag.FlagSet) {
	flags.IntSliceVar(&o.sizes, "sizes", []int{100, 10_000, 1_000_000}, "numbers of expenses stored")
	flags.StringSliceVar(&o.storages, "storages", []string{"postgres", "sqlite", "memory"}, "storages")
	flags.IntVar(&o.rounds, "rounds", 5, "how often each figure is measured")
	flags.DurationVar(&o.duration, "duration", time.Second, "of each load; pgbench rounds it up to whole seconds")
	flags.IntVar(&o.people, "people", 1000, "people with a ledger each, who have as many expenses; 0 for none")
	flags.StringVar(&o.json, "json", "", "write the report to this file as well; - for the standard output, in place of the tables")
	flags.BoolVar(&o.quick, "quick", false, "a first look: --sizes 100,10000 --rounds 1 --duration 300ms --people 50, unless they are given")
}

// complete fills in what --quick stands for, and refuses what would not end or not measure.
func (o *options) complete(flags *pflag.FlagSet) error {
	if o.quick {
		if !flags.Changed("sizes") {
			o.sizes = []int{100, 10_000}
		}
		if !flags.Changed("rounds") {
			o.rounds = 1
		}
		if !flags.Changed("people") {
			o.people = 50
		}
		if !flags.Changed("duration") {
			o.duration = 300 * time.Millisecond
		}
	}
	slices.Sort(o.sizes)
	o.sizes = slices.Compact(o.sizes)
	if len(o.sizes) == 0 || o.sizes[0] < 1 || o.sizes[len(o.sizes)-1] > maxSize {
		return fmt.Errorf("--sizes: from 1 to %d expenses", maxSize)
	}
	for _, storage := range o.storages {
		if !slices.Contains([]string{"postgres", "sqlite", "memory"}, storage) {
			return fmt.Errorf("--storages: %q is none of postgres, sqlite and memory", storage)
		}
	}
	if len(o.storages) == 0 {
		return errors.New("--storages: name one")
	}
	if o.people < 0 || o.people > maxPeople {
		return fmt.Errorf("--people: from 0 to %d", maxPeople)
	}
	if o.rounds < 1 || o.rounds > maxRound {
		return fmt.Errorf("--rounds: from 1 to %d", maxRound)
	}
	if o.duration <= 0 || o.duration > maxLoad {
		return fmt.Errorf("--duration: above 0s, and at most %s", maxLoad)
	}
	return nil
}
