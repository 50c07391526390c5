package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"expense-tracker/cmd/chaos/internal/load"
	"expense-tracker/cmd/chaos/internal/schedule"
	"expense-tracker/cmd/chaos/internal/world"
)

const (
	// answerPatience bounds how long a change may go without a final answer after the last fault of its round.
	answerPatience = 60 * time.Second
	// wellPatience bounds how long an instance may be ill after the last fault of its round.
	wellPatience = 40 * time.Second
	// answerPatienceOfMany is answerPatience in the highly available set-up, whose nodes fall one after the other.
	answerPatienceOfMany = 3 * time.Minute
	rivals               = 2
	ledgers              = 3
)

// trial is the trial of one set-up.
type trial struct {
	options
	setUp
	binary string
	folder string
	logs   string
	say    func(format string, args ...any)

	world   *world.World
	front   load.Instances // where people send their requests; the world, but for a test that stands in between
	clients []*load.Client
	rivals  []*load.Client
	readers []*load.Client // one of each ledger, the default one first
	owner   *load.Client   // of the expense that rivals share
	shared  *load.Shared
}

// run inflicts a number of faults, in rounds with a whole check after each.
func (t *trial) run(ctx context.Context, faults int) (err error) {
	t.say("%s: %d faults", t.setUp, faults)
	if err := t.build(ctx); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, t.world.Close(context.WithoutCancel(ctx))) }()
	var kinds []string
	for _, kind := range t.world.Kinds() {
		if t.wants(kind) {
			kinds = append(kinds, kind)
		}
	}
	if len(kinds) == 0 {
		return errors.New("no kind of fault is left")
	}
	if err := t.people(ctx); err != nil {
		return err
	}
	for n, round := range schedule.Plan(t.seed, faults, t.perRound, t.setUp.instances, kinds) {
		if err := t.round(ctx, n, round); err != nil {
			return fmt.Errorf("round %d: %w", n+1, err)
		}
	}
	return nil
}

// build builds the world.
func (t *trial) build(ctx context.Context) error {
	if err := os.MkdirAll(t.folder, 0o711); err != nil { //nolint:gosec // the user postgres has to pass through
		return err
	}
	deploy, err := deployFolder(ctx)
	if err != nil {
		return err
	}
	site := world.Site{Binary: t.binary, Folder: t.folder, Logs: t.logs, Record: t.record, Deploy: deploy}
	t.world, err = world.New(ctx, site, t.storage, t.setUp.instances)
	t.front = t.world
	return err
}

// people come, and one of them shares an expense.
func (t *trial) people(ctx context.Context) error {
	draw := uint64(0)
	next := func(name string) *load.Client {
		draw++
		return load.NewClient(name, t.front, load.NewSum(), t.record, t.seed*1000+draw)
	}
	for n := range t.options.clients {
		t.clients = append(t.clients, next(fmt.Sprintf("c%d", n+1)))
	}
	for n := range rivals {
		t.rivals = append(t.rivals, next(fmt.Sprintf("r%d", n+1)))
	}
	t.readers, t.owner = []*load.Client{next("reader")}, next("owner")
	for n := 1; n < ledgers; n++ {
		reader := next(fmt.Sprintf("reader%d", n))
		if err := reader.Found(ctx); err != nil {
			return err
		}
		t.readers = append(t.readers, reader)
	}
	for n, c := range t.clients {
		c.Join(t.readers[n%ledgers])
	}
	for _, c := range append(t.rivals, t.owner) {
		c.Join(t.readers[0])
	}
	strays := uint64(0)
	t.world.Astray = func(ctx context.Context) error {
		strays++
		stray := load.NewClient(fmt.Sprintf("s%d", strays), world.Inside{World: t.world}, load.NewSum(), t.record, t.seed*1000+500+strays)
		return stray.Astray(ctx)
	}
	if err := t.owner.Add(ctx); err != nil {
		return err
	}
	t.shared = load.NewShared(t.owner.Expenses[0])
	return nil
}

// round inflicts faults under load, and then checks everything in quiet.
func (t *trial) round(ctx context.Context, number int, faults []schedule.Fault) error {
	began := time.Now()
	err := t.work(ctx, func() {
		var trouble sync.WaitGroup
		began := time.Now()
		for _, f := range faults {
			if !sleep(ctx, time.Until(began.Add(f.At))) {
				break
			}
			trouble.Go(func() { t.inflict(ctx, f) })
		}
		trouble.Wait()
		sleep(ctx, 200*time.Millisecond) // so that every round ends with answers of a sound storage
	})
	if err != nil {
		return err
	}
	if err := t.check(ctx); err != nil {
		return err
	}
	t.say("%s: round %d, %d faults in %.1f s; %d rows; %s", t.setUp, number+1, len(faults), time.Since(began).Seconds(),
		t.record.Stored, t.breaches())
	return nil
}

// work lets people work while something is done, and returns when each of their changes has a final answer.
func (t *trial) work(ctx context.Context, while func()) error {
	stop := make(chan struct{})
	working, cancel := context.WithCancel(ctx)
	defer cancel()
	var people sync.WaitGroup
	for _, c := range t.clients {
		people.Go(func() { c.Work(working, stop) })
	}
	for _, c := range t.rivals {
		people.Go(func() { c.Rival(working, t.shared, stop) })
	}
	for _, c := range t.readers {
		people.Go(func() { c.Read(working, stop) })
	}
	while()
	close(stop)
	patience := answerPatience
	if t.storage == available {
		patience = answerPatienceOfMany
	}
	defer time.AfterFunc(patience, cancel).Stop()
	people.Wait()
	return ctx.Err()
}

// breaches says how many there are, and names the first one shortly.
func (t *trial) breaches() string {
	const short = 120
	number, first := t.record.Breached()
	if number == 0 {
		return "0 breaches"
	}
	return fmt.Sprintf("%d BREACHES, the first at %.0f s: %.*s", number, first[0].At.Seconds(), short, first[0].What)
}

// inflict does a fault and measures the recovery from it, which other faults may hold up.
func (t *trial) inflict(ctx context.Context, f schedule.Fault) {
	if err := t.world.Inflict(context.WithoutCancel(ctx), f); err != nil { // what was begun is put right
		t.record.Breach("a fault could not be done: "+err.Error(), "")
		return
	}
	ctx, cancel := context.WithTimeout(ctx, wellPatience)
	defer cancel()
	over := time.Now()
	if err := t.world.AwaitWell(ctx); err == nil {
		t.record.Recovered(f.Kind, time.Since(over))
	}
}

// sleep waits, and returns false if there is no use in it any more.
func sleep(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(max(0, d)):
		return true
	}
}
