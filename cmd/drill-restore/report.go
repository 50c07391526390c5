package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"
)

// report writes a table of all scenarios, names what was lost, and returns errBroken if a promise was.
func report(w io.Writer, o options, took preparation, all []*outcome) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	line := func(format string, args ...any) { _, _ = fmt.Fprintf(table, format, args...) } // Flush says whether it failed
	line("%d expenses before; base backup %.1f s; dump, fetched, restored and checked %.1f s; log archived every %s\n", o.count,
		took.base.Seconds(), took.dump.Seconds(), o.archive)
	line("scenario\tacknowledged\tstored\tlost\toldest lost s\tallowed s\tdoubled\tstrange\trestore s\tadds again s\tverify\t\n")
	broken := false
	for _, one := range all {
		verified := "clean"
		if !one.verified {
			verified = "FAULTS"
		}
		line("%s\t%d\t%d\t%d\t%.1f\t%.1f\t%d\t%d\t%.1f\t%.1f\t%s\t\n", one.name, one.acknowledged, one.stored, len(one.lost),
			one.window.Seconds(), one.allowed.Seconds(), one.doubled, one.strange, one.restore.Seconds(), one.rto.Seconds(), verified)
		broken = broken || len(one.faults) > 0
	}
	err := table.Flush()
	var names strings.Builder
	for _, one := range all {
		nameLost(&names, one)
		for _, fault := range one.faults {
			_, _ = fmt.Fprintf(&names, "BROKEN: %s: %s\n", one.name, fault)
		}
	}
	_, written := io.WriteString(w, names.String())
	err = errors.Join(err, written, o.writeLost(all))
	if broken {
		err = errors.Join(err, errBroken)
	}
	return err
}

// nameLost names the first and the last of what a scenario lost, with their times.
func nameLost(w io.Writer, one *outcome) {
	const ends = 3
	for n, lost := range one.lost {
		switch {
		case n < ends || n >= len(one.lost)-ends:
			_, _ = fmt.Fprintf(w, "lost in “%s”: %s, acknowledged at %s, %.2f s before the loss\n", one.name, lost.note,
				lost.at.UTC().Format(time.RFC3339Nano), one.lostAt.Sub(lost.at).Seconds())
		case n == ends:
			_, _ = fmt.Fprintf(w, "lost in “%s”: … %d more\n", one.name, len(one.lost)-2*ends)
		}
	}
}

// writeLost writes all that was lost to the file, if one was named.
func (o options) writeLost(all []*outcome) (err error) {
	if o.lost == "" {
		return nil
	}
	file, err := os.Create(o.lost)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	for _, one := range all {
		for _, lost := range one.lost {
			if _, err := fmt.Fprintf(file, "%s\t%s\t%s\n", one.name, lost.note, lost.at.UTC().Format(time.RFC3339Nano)); err != nil {
				return err
			}
		}
	}
	return nil
}
