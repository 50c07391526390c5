package world

import (
	"context"
	"time"

	"expense-tracker/cmd/chaos/internal/schedule"
)

const (
	// astrayPatience bounds how long changes are made that a restore takes away.
	astrayPatience = 3 * time.Second
	// restoreTries is how often a restore is tried that waits for a lock while the program waits for it.
	restoreTries = 3
)

// restart stops the server in good order, and starts it after a while.
func (p *postgres) restart(ctx context.Context, f schedule.Fault) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.server.Stop(ctx); err != nil {
		return err
	}
	gone := time.Now()
	time.Sleep(f.Lasts / 2)
	p.world.record.Impossible(gone, time.Now())
	return p.begin(ctx)
}

// demoted makes the server a standby for a while, as a primary is after a failover that the program's connections do not follow.
func (p *postgres) demoted(ctx context.Context, f schedule.Fault) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.server.Demote(ctx); err != nil {
		return err
	}
	reading := time.Now()
	time.Sleep(f.Lasts)
	p.world.record.Impossible(reading, time.Now())
	return p.server.Promote(ctx)
}

// restore makes a dump, lets changes be made that nobody relies on, and restores the dump: then all is as if those had never been. Pages,
// revisions and keys that were seen of them must not stand for what comes next. Mostly the program is stopped, as README says; else it
// runs on.
func (p *postgres) restore(ctx context.Context, f schedule.Fault) error {
	return p.world.alone(func() error {
		ended, err := p.restoreAlone(ctx, f)
		if err != nil || !ended {
			return err
		}
		return p.world.startAll(ctx) // other faults of the server may end meanwhile, or none would start
	})
}

// restoreAlone returns whether it has ended the instances.
func (p *postgres) restoreAlone(ctx context.Context, f schedule.Fault) (ended bool, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.server.Dump(ctx, database); err != nil {
		return false, err
	}
	astray, cancel := context.WithTimeout(ctx, astrayPatience)
	defer cancel()
	undecided := p.world.Astray(astray)
	if f.Draw%3 == 0 && undecided == nil {
		return false, p.restoreDump(ctx)
	}
	if err := p.world.endAll(); err != nil {
		return true, err
	}
	stopped := time.Now()
	if f.Draw%3 == 1 {
		if err := p.server.Execute(ctx, "postgres", "SET default_transaction_read_only = off",
			"DROP DATABASE "+database+" WITH (FORCE)", "CREATE DATABASE "+database); err != nil {
			return true, err
		}
	}
	if err := p.restoreDump(ctx); err != nil {
		return true, err
	}
	p.world.record.Impossible(stopped, time.Now())
	return true, nil
}

func (p *postgres) restoreDump(ctx context.Context) (err error) {
	for range restoreTries {
		if err = p.server.Restore(ctx, database); err == nil {
			return nil
		}
	}
	return err
}
