package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"text/tabwriter"
	"time"
)

// report writes what every set-up saw as tables, and the breaches of each into the folder of its logs.
func report(w io.Writer, o options, all []setUp) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	line := func(format string, args ...any) { _, _ = fmt.Fprintf(table, format, args...) } // Flush says whether it failed
	line("seed %d\n", o.seed)
	line("set-up\tfaults\tanswers\tnone\t303\t409\t503\tother\t500\tacknowledged\tstored\tdoubled\ttotals checked\tbreaches\tseconds\t\n")
	for _, s := range all {
		answers, lost := s.book.Answers()
		sum, faults := 0, 0
		for _, n := range answers {
			sum += n
		}
		for _, n := range s.book.Faults() {
			faults += n
		}
		breaches, _ := s.book.Breached()
		other := sum - answers[200] - answers[303] - answers[409] - answers[500] - answers[503]
		line("%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%.0f\t\n", s, faults, sum, lost, answers[303], answers[409], answers[503], other, answers[500],
			s.book.Acknowledged, s.book.Stored, s.book.Doubled, s.book.Totals, breaches, s.took.Seconds())
	}
	line("\nset-up\tfault\ttimes\trecovered\tmedian s\tlongest s\t\n")
	for _, s := range all {
		faults := s.book.Faults()
		for _, kind := range slices.Sorted(maps.Keys(faults)) {
			longest, median, times := s.book.Recovery(kind)
			line("%s\t%s\t%d\t%d\t%.2f\t%.2f\t\n", s, kind, faults[kind], times, median.Seconds(), longest.Seconds())
		}
	}
	err := table.Flush()
	for _, s := range all {
		err = errors.Join(err, breaches(w, s, filepath.Join(o.evidence, s.String(), "breaches.txt")))
	}
	return err
}

// breaches writes the breaches of a set-up to w, and with the answers to a file.
func breaches(w io.Writer, s setUp, path string) error {
	number, first := s.book.Breached()
	if number == 0 {
		return nil
	}
	file, err := os.Create(path) //nolint:gosec // in our folder
	if err != nil {
		return err
	}
	for _, fault := range s.book.Trail() {
		_, written := fmt.Fprintln(file, fault)
		err = errors.Join(err, written)
	}
	for n, b := range first {
		if n < 20 {
			_, written := fmt.Fprintf(w, "%s at %s: %s\n", s, b.At.Round(time.Millisecond), b.What)
			err = errors.Join(err, written)
		}
		_, written := fmt.Fprintf(file, "%s\n%s\n%s\n\n", b.At.Round(time.Millisecond), b.What, b.Body)
		err = errors.Join(err, written)
	}
	return errors.Join(err, file.Close())
}
