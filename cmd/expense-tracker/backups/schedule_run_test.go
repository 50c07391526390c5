//go:build linux

package backups

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"
)

// guarded is a source that may let nobody in.
type guarded struct {
	content
	shut *atomic.Bool
}

func (g guarded) Lock(context.Context) (func(), error) {
	if g.shut.Load() {
		return nil, errors.New("another password")
	}
	return func() {}, nil
}

// teller says what a schedule tells, one word each.
type teller chan string

func (c teller) Known(Backup, int)      {}
func (c teller) Due(time.Time)          {}
func (c teller) Began(time.Time)        {}
func (c teller) Succeeded(Result)       { c <- "succeeded" }
func (c teller) Failed(phase Phase)     { c <- "failed: " + string(phase) }
func (c teller) Aged(error)             {}
func (c teller) Based(time.Time, error) {}
func (c teller) Skipped(made bool) {
	if made {
		c <- "there is one"
		return
	}
	c <- "busy"
}

// A storage that lets nobody in is told at once, though the next backup is due tomorrow; and that it does again, without another backup.
func TestAStorageThatLetsNobodyInIsToldAtOnce(t *testing.T) {
	t.Parallel()
	job, shut, told := newJob(t, t.TempDir(), 1000), &atomic.Bool{}, make(teller, 10)
	job.Source = guarded{job.Source.(content), shut}
	s := Schedule{Job: job, Every: 24 * time.Hour, Told: told, Soonest: 100 * time.Millisecond, Latest: 100 * time.Millisecond}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	run := func() {
		ended := make(chan struct{})
		go func() { s.Run(ctx); close(ended) }()
		t.Cleanup(func() { cancel(); <-ended })
	}
	await := func(want string) {
		t.Helper()
		select {
		case got := <-told:
			if got != want {
				t.Fatalf("it says %q, want %q", got, want)
			}
		case <-time.After(time.Minute):
			t.Fatalf("it does not say %q", want)
		}
	}
	if _, err := job.Once(t.Context(), InAnyCase(time.Now())); err != nil {
		t.Fatal(err)
	}
	shut.Store(true)
	run()
	await("failed: open")
	shut.Store(false)
	for got := range told {
		if got == "there is one" {
			return
		}
		if got != "failed: open" { // of while it was shut
			t.Fatalf("it says %q", got)
		}
	}
}
