package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"text/tabwriter"
	"time"
)

// report writes what every set-up saw as tables, and the first breaches of each. What is acknowledged and stored is of the last whole
// check.
func report(w io.Writer, o options, all []setUp) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	line := func(format string, args ...any) { _, _ = fmt.Fprintf(table, format, args...) } // Flush says whether it failed
	line("seed %d\n", o.seed)
	line("set-up\tfaults\tanswers\tnone\t303\t409\t503\tother\t500\tacknowledged\tstored\tdoubled\ttotals checked\tbreaches\tseconds\t\n")
	for _, s := range all {
		answers, lost := s.record.Answers()
		sum, faults := 0, 0
		for _, n := range answers {
			sum += n
		}
		for _, n := range s.record.Faults() {
			faults += n
		}
		breaches, _ := s.record.Breached()
		other := sum - answers[200] - answers[303] - answers[409] - answers[500] - answers[503]
		line("%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%.0f\t\n", s, faults, sum, lost, answers[303], answers[409], answers[503],
			other, answers[500],
			s.record.Acknowledged, s.record.Stored, s.record.Doubled, s.record.Totals, breaches, s.took.Seconds())
	}
	line("\nset-up\tfault\ttimes\trecovered\tmedian s\tlongest s\t\n")
	for _, s := range all {
		faults := s.record.Faults()
		for _, kind := range slices.Sorted(maps.Keys(faults)) {
			longest, median, times := s.record.Recovery(kind)
			line("%s\t%s\t%d\t%d\t%.2f\t%.2f\t\n", s, kind, faults[kind], times, median.Seconds(), longest.Seconds())
		}
	}
	err := table.Flush()
	for _, s := range all {
		err = errors.Join(err, breaches(w, s))
	}
	return err
}

const maxTold = 20

// breaches writes the first breaches of a set-up. The journal has them all.
func breaches(w io.Writer, s setUp) error {
	_, first := s.record.Breached()
	var err error
	for _, b := range first[:min(len(first), maxTold)] {
		_, written := fmt.Fprintf(w, "%s at %s: %s\n", s, b.At.Round(time.Millisecond), b.What)
		err = errors.Join(err, written)
	}
	return err
}
