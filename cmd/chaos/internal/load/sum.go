package load

import "sync"

// Sum is what all expenses add up to as far as the clients know, in minor units: what is settled, and what changes under way may add.
type Sum struct {
	mu      sync.Mutex
	settled int64
	flying  map[*flight]struct{}
	windows map[*window]struct{}
}

// NewSum returns the sum of no expenses.
func NewSum() *Sum { return &Sum{flying: map[*flight]struct{}{}, windows: map[*window]struct{}{}} }

// Settled returns the sum of what is settled. It is all there is when no change is under way.
func (s *Sum) Settled() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.settled
}

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
		w.widen(delta)
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

// window is what a total may be that is read while it is open.
type window struct{ low, high int64 }

func (w *window) widen(delta int64) {
	w.low += min(0, delta)
	w.high += max(0, delta)
}

func (s *Sum) open() *window {
	s.mu.Lock()
	defer s.mu.Unlock()
	w := &window{s.settled, s.settled}
	for f := range s.flying {
		w.widen(f.delta)
	}
	s.windows[w] = struct{}{}
	return w
}

func (s *Sum) close(w *window) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.windows, w)
}
