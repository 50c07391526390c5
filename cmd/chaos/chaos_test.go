package main

import (
	"strings"
	"testing"
	"time"

	"github.com/spf13/pflag"
)

// A few dozen faults on every set-up. `make chaos` is the whole trial.
func TestNothingAcknowledgedIsLostOrDoubledUnderFaults(t *testing.T) {
	const seed, faults = "1", "24"
	var o options
	flags := pflag.NewFlagSet("chaos", pflag.ContinueOnError)
	o.bind(flags)
	arguments := []string{"--seed", seed, "--faults", faults, "--round", "6", "--clients", "3", "--at-once"}
	if err := flags.Parse(arguments); err != nil {
		t.Fatal(err)
	}
	if err := o.complete(flags); err != nil {
		t.Fatal(err)
	}
	var tables, progress strings.Builder
	began := time.Now()
	if err := chaos(t.Context(), o, &tables, &progress); err != nil {
		t.Errorf("%v\nagain: go run ./cmd/chaos %s\n%s%s", err, strings.Join(arguments, " "), progress.String(), tables.String())
	}
	t.Logf("seed %s, %s faults in %s\n%s", seed, faults, time.Since(began).Round(time.Second), tables.String())
}
