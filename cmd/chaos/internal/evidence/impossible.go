package evidence

import (
	"fmt"
	"slices"
	"time"
)

// keptFor bounds how long acknowledgements and intervals are kept for each other. No change and no fault takes as long.
const keptFor = 10 * time.Minute

// interval is a time between two moments.
type interval struct{ from, to time.Time }

func (i interval) contains(other interval) bool {
	return !other.from.Before(i.from) && !other.to.After(i.to)
}

func (i interval) old(now time.Time) bool { return now.Sub(i.to) > keptFor }

// acknowledgement is a change from its first try to the answer that acknowledged it.
type acknowledgement struct {
	interval
	what string
}

func (a acknowledgement) old(now time.Time) bool { return a.interval.old(now) }

// Impossible notes that nothing could be stored between two moments. A change that began and was acknowledged between them is a breach.
// It may be called before, while or after such a change is acknowledged.
func (b *Record) Impossible(from, to time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	b.impossible = append(slices.DeleteFunc(b.impossible, func(i interval) bool { return i.old(now) }), interval{from, to})
	for _, a := range b.acknowledged {
		b.judge(interval{from, to}, a)
	}
}

// Acknowledge notes that a change was acknowledged: its first try began at one moment, and the answer was there at another.
func (b *Record) Acknowledge(what string, firstTry, answered time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	a := acknowledgement{interval{firstTry, answered}, what}
	b.acknowledged = append(b.acknowledged, a)
	if now := time.Now(); b.acknowledged[0].old(now) {
		b.acknowledged = slices.DeleteFunc(b.acknowledged, func(a acknowledgement) bool { return a.old(now) })
	}
	for _, i := range b.impossible {
		b.judge(i, a)
	}
}

// judge finds an acknowledgement of what cannot be stored. b.mu is held.
func (b *Record) judge(impossible interval, a acknowledgement) {
	if impossible.contains(a.interval) {
		b.breach(fmt.Sprintf("acknowledged while nothing could be stored, from %.3f s to %.3f s: %s, from %.3f s to %.3f s",
			b.since(impossible.from), b.since(impossible.to), a.what, b.since(a.from), b.since(a.to)), "")
	}
}

func (b *Record) since(moment time.Time) float64 { return moment.Sub(b.began).Seconds() }
