package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
)

// loss is an add that was acknowledged and is not stored.
type loss struct {
	note string
	at   time.Time // of the acknowledgement
}

// outcome is what a scenario came to.
type outcome struct {
	name         string
	acknowledged int
	stored       int
	lost         []loss // oldest first
	doubled      int
	strange      int           // stored, and sent by nobody or after the moment that was restored
	lostAt       time.Time     // the volume
	restore      time.Duration // by the tools
	rto          time.Duration // from the loss to the next acknowledged add
	window       time.Duration // how old the oldest lost one was when the volume was lost
	allowed      time.Duration // how old it may be
	verified     bool
	faults       []string
}

// compare holds what was acknowledged against what is stored. What came after until was to be gone; the zero time for none.
func (c *crowd) compare(ctx context.Context, database string, o *outcome, until time.Time) (err error) {
	conn, err := pgx.Connect(ctx, database)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	rows, err := conn.Query(ctx, "SELECT note, count(*) FROM expense WHERE note LIKE 'drill-%' GROUP BY note")
	if err != nil {
		return err
	}
	stored := map[string]int{}
	var note string
	var n int
	if _, err := pgx.ForEachRow(rows, []any{&note, &n}, func() error {
		stored[note] = n
		o.stored += n
		return nil
	}); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	o.acknowledged = len(c.told)
	for note, at := range c.told {
		switch there := stored[note] > 0; {
		case there && !until.IsZero() && at.After(until.Add(time.Second)):
			o.strange++
		case !there && (until.IsZero() || at.Before(until)):
			o.lost = append(o.lost, loss{note, at})
		}
	}
	for note, n := range stored {
		if n > 1 {
			o.doubled++
		}
		if _, told := c.told[note]; !told && !c.unknown[note] {
			o.strange++
		}
	}
	slices.SortFunc(o.lost, func(a, b loss) int { return a.at.Compare(b.at) })
	if len(o.lost) > 0 {
		o.window = o.lostAt.Sub(o.lost[0].at)
	}
	return nil
}

// judge adds what broke a promise.
func (o *outcome) judge(rto time.Duration) {
	say := func(format string, args ...any) { o.faults = append(o.faults, fmt.Sprintf(format, args...)) }
	if o.window > o.allowed {
		say("what was acknowledged %s before the loss is gone; %s was allowed", o.window.Round(time.Millisecond), o.allowed)
	}
	if o.doubled > 0 || o.strange > 0 {
		say("%d are doubled, %d are stored that should not be", o.doubled, o.strange)
	}
	if o.rto > rto {
		say("the restore took %s, and may take %s", o.rto.Round(time.Second), rto)
	}
	if !o.verified {
		say("verify finds faults")
	}
}
