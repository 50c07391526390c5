package load

import (
	"fmt"
	"sync"
)

// Sum is what all expenses add up to as far as the clients know, in minor units: what is settled, and what changes under way may add.
type Sum struct {
	mu      sync.Mutex
	settled int64
	flying  map[*flight]struct{}
	windows map[*window]struct{}
}

// NewSum returns the sum of no expenses.
func NewSum() *Sum { return &Sum{flying: map[*flight]struct{}{}, windows: map[*window]struct{}{}} }

// flight is a change under way.
type flight struct {
	sum   *Sum
	delta int64
}

// begin notes a change that may happen from now on.
func (s *Sum) begin(delta int64) *flight {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := &flight{s, delta}
	s.flying[f] = struct{}{}
	for w := range s.windows {
		w.add(delta)
	}
	return f
}

// land notes that the change has happened, or that it never will.
func (f *flight) land(happened bool) {
	f.sum.mu.Lock()
	defer f.sum.mu.Unlock()
	delete(f.sum.flying, f)
	if happened {
		f.sum.settled += f.delta
	}
}

// window is what a total may be that is read while it is open: what was settled, and any of the changes that were under way.
type window struct {
	settled int64
	may     []int64
}

// maxExact bounds how many changes are tried in all combinations; with more of them a total has only to lie within their bounds.
const maxExact = 16

func (w *window) add(delta int64) {
	if delta != 0 {
		w.may = append(w.may, delta)
	}
}

// allows reports whether the total can be.
func (w *window) allows(total int64) bool {
	if len(w.may) <= maxExact {
		return reachable(total-w.settled, w.may)
	}
	low, high := w.settled, w.settled
	for _, delta := range w.may {
		low, high = low+min(0, delta), high+max(0, delta)
	}
	return low <= total && total <= high
}

// reachable reports whether some of the changes add up to the rest.
func reachable(rest int64, may []int64) bool {
	if len(may) == 0 {
		return rest == 0
	}
	return reachable(rest, may[1:]) || reachable(rest-may[0], may[1:])
}

func (w *window) String() string {
	text := decimal(w.settled)
	for _, delta := range w.may {
		text += fmt.Sprintf(" %+.2f", float64(delta)/100)
	}
	return text
}

func (s *Sum) open() *window {
	s.mu.Lock()
	defer s.mu.Unlock()
	w := &window{settled: s.settled}
	for f := range s.flying {
		w.add(f.delta)
	}
	s.windows[w] = struct{}{}
	return w
}

func (s *Sum) close(w *window) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.windows, w)
}
