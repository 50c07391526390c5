package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spf13/pflag"
)

// A few dozen faults on every set-up. `make chaos` is the whole trial.
func TestNothingAcknowledgedIsLostOrDoubledUnderFaults(t *testing.T) {
	const seed, faults = "1", "24"
	arguments := []string{"--seed", seed, "--faults", faults, "--storage", "sqlite,postgres", "--round", "6", "--clients", "3", "--at-once"}
	o := parse(t, arguments...)
	var tables, progress strings.Builder
	began := time.Now()
	if err := chaos(t.Context(), o, &tables, &progress); err != nil {
		t.Errorf("%v\nagain: go run ./cmd/chaos %s\n%s%s", err, strings.Join(arguments, " "), progress.String(), tables.String())
	}
	t.Logf("seed %s, %s faults in %s\n%s", seed, faults, time.Since(began).Round(time.Second), tables.String())
}

func TestATrialThatIsBrokenOffReportsWhatItSaw(t *testing.T) {
	folder := t.TempDir()
	o := parse(t, "--storage", "sqlite", "--instances", "1,2", "--kinds", "kill", "--faults", "1000", "--round", "2", "--clients", "2",
		"--evidence", folder)
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	var tables strings.Builder
	err := chaos(ctx, o, &tables, writer(func(line string) {
		if strings.Contains(line, "round 2") {
			interrupt()
		}
	}))
	if !errors.Is(err, errBrokenOff) || !strings.Contains(err.Error(), folder) {
		t.Errorf("%v, want %v and the folder %s", err, errBrokenOff, folder)
	}
	if !strings.Contains(tables.String(), "sqlite-1") || strings.Contains(tables.String(), "sqlite-2") {
		t.Errorf("the report has not what was done, or what was not:\n%s", tables.String())
	}
	journal, err := os.ReadFile(filepath.Join(folder, "sqlite-1", "journal.txt"))
	if err != nil || !strings.Contains(string(journal), "kill at instance 0") {
		t.Errorf("the journal says %q, %v", journal, err)
	}
}

// writer is called with each line that is written.
type writer func(line string)

func (w writer) Write(line []byte) (int, error) {
	w(string(line))
	return len(line), nil
}

func parse(t *testing.T, arguments ...string) options {
	t.Helper()
	var o options
	flags := pflag.NewFlagSet("chaos", pflag.ContinueOnError)
	o.bind(flags)
	if err := flags.Parse(arguments); err != nil {
		t.Fatal(err)
	}
	if err := o.complete(flags); err != nil {
		t.Fatal(err)
	}
	return o
}
