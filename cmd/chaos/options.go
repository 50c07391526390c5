package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/pflag"

	"expense-tracker/cmd/chaos/internal/world"
)

// options say what to try.
type options struct {
	seed      uint64
	faults    int // over all set-ups
	perRound  int
	clients   int
	storages  []string
	instances []int
	kinds     []string // of fault; empty for all
	without   []string
	evidence  string // folder
	atOnce    bool   // all set-ups side by side

	visit func(context.Context, *world.World) error // the world of a drill before its end; nil for nobody
}

const (
	maxFaults  = 100_000
	maxClients = 64
)

func (o *options) bind(flags *pflag.FlagSet) {
	flags.Uint64Var(&o.seed, "seed", 0, "of the schedule and of what clients choose; "+
		"without it another one each time. The same seed and options replay a run")
	flags.IntVar(&o.faults, "faults", 1000, "over all set-ups")
	flags.IntVar(&o.perRound, "round", 20, "faults between two whole checks")
	flags.IntVar(&o.clients, "clients", 6, "that work at a time, besides rivals and a reader")
	flags.StringSliceVar(&o.storages, "storage", []string{"sqlite", "postgres"}, "storages; "+available+
		" for the highly available set-up, which takes its time, and part in a run of all unless something for it is missing")
	flags.IntSliceVar(&o.instances, "instances", []int{1, 2}, "numbers of instances on one storage")
	flags.StringSliceVar(&o.kinds, "kinds", nil, "only these kinds of fault")
	flags.StringSliceVar(&o.without, "without", nil, "not these kinds of fault")
	flags.BoolVar(&o.atOnce, "at-once", false, "try all set-ups side by side: quicker, and each gets less of the machine")
	flags.StringVar(&o.evidence, "evidence", "", "folder for logs and breaches, which is kept if there are any; without it a temporary one")
}

// complete chooses a seed, and refuses what would not end or not try anything.
func (o *options) complete(flags *pflag.FlagSet) error {
	if !flags.Changed("seed") {
		o.seed = uint64(time.Now().UnixNano()) % 1_000_000
	}
	if o.faults < 1 || o.faults > maxFaults || o.perRound < 1 {
		return fmt.Errorf("--faults: from 1 to %d; --round: at least 1", maxFaults)
	}
	if o.clients < 1 || o.clients > maxClients {
		return fmt.Errorf("--clients: from 1 to %d", maxClients)
	}
	for _, storage := range o.storages {
		if !slices.Contains([]string{"sqlite", "postgres", available}, storage) {
			return fmt.Errorf("--storage: %q is neither sqlite nor postgres nor %s", storage, available)
		}
	}
	for _, n := range o.instances {
		if n < 1 || n > 4 {
			return fmt.Errorf("--instances: from 1 to 4")
		}
	}
	if !flags.Changed("storage") {
		o.storages = append(o.storages, available)
	}
	if len(o.storages) == 0 || len(o.instances) == 0 {
		return fmt.Errorf("name a storage and a number of instances")
	}
	return nil
}

// wants reports whether a kind of fault is to be tried.
func (o *options) wants(kind string) bool {
	return (len(o.kinds) == 0 || slices.Contains(o.kinds, kind)) && !slices.Contains(o.without, kind)
}
