package main

import (
	"errors"
	"time"

	"github.com/spf13/pflag"
)

// options say what to drill.
type options struct {
	count   int           // expenses that are there before
	load    time.Duration // that people add before the loss
	archive time.Duration // the longest that PostgreSQL waits until it archives what there is
	clients int
	rto     time.Duration // what a restore may take
	lost    string        // file for what was lost
}

func (o *options) bind(flags *pflag.FlagSet) {
	flags.IntVar(&o.count, "count", 1_000_000, "expenses that are there before")
	flags.DurationVar(&o.load, "load", 90*time.Second, "how long people add before each loss")
	flags.DurationVar(&o.archive, "archive-timeout", time.Minute, "the longest that PostgreSQL waits until it archives what there is: the RPO")
	flags.IntVar(&o.clients, "clients", 4, "that add at a time")
	flags.DurationVar(&o.rto, "rto", 5*time.Minute, "what a restore may take, from the loss to the next add")
	flags.StringVar(&o.lost, "lost", "",
		"file that names every acknowledged add that was lost; without it the first and last are printed alone")
}

const (
	maxCount   = 10_000_000
	maxClients = 32
	maxLoad    = 10 * time.Minute
)

func (o *options) complete() error {
	if o.count < 1 || o.count > maxCount || o.clients < 1 || o.clients > maxClients || o.load < time.Second || o.load > maxLoad ||
		o.archive < time.Second || o.archive > time.Hour || o.rto < time.Second {
		return errors.New("--count: from 1 to 10,000,000; --clients: from 1 to 32; --load: from 1s to 10m; --archive-timeout: from 1s to 1h")
	}
	return nil
}
