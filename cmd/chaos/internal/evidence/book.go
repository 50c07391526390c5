// Package evidence keeps what a trial saw: answers, faults, recoveries, and every breach of what the program promises.
package evidence

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"
)

// maxBreaches bounds what is kept of breaches; the rest is only counted.
const maxBreaches = 100

// Breach is a promise that was not kept.
type Breach struct {
	At   time.Duration // since the trial began
	What string
	Body string // of the answer that shows it, if one does
}

// Book is what one set-up's trial saw. Its methods are for any goroutine.
type Book struct {
	began      time.Time
	mu         sync.Mutex
	answers    map[int]int
	lost       int // requests without an answer
	faults     map[string]int
	trail      []string
	recoveries map[string][]time.Duration
	breaches   []Breach
	breached   int

	impossible   []interval // when nothing could be stored
	acknowledged []acknowledgement

	Acknowledged, Stored, Doubled, Totals int // set at the trial's end: changes, rows, rows too many, page totals checked
}

// NewBook returns an empty book of a trial that begins now.
func NewBook() *Book {
	return &Book{began: time.Now(), answers: map[int]int{}, faults: map[string]int{}, recoveries: map[string][]time.Duration{}}
}

// Answer notes an answer. One that says that the program failed, and not its storage, is a breach.
func (b *Book) Answer(request string, status int, body string) {
	b.mu.Lock()
	b.answers[status]++
	b.mu.Unlock()
	if status >= http.StatusInternalServerError && status != http.StatusServiceUnavailable {
		b.Breach(fmt.Sprintf("%s was answered with %d", request, status), body)
	}
}

// Lost notes a request that got no answer.
func (b *Book) Lost() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.lost++
}

// Fault notes that a fault of a kind begins, and returns the way to note that it is over.
func (b *Book) Fault(kind, what string) (over func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.faults[kind]++
	n := len(b.trail)
	b.trail = append(b.trail, fmt.Sprintf("%9.3f s  %s begins", time.Since(b.began).Seconds(), what))
	return func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.trail[n] += fmt.Sprintf(", over at %.3f s", time.Since(b.began).Seconds())
	}
}

// Trail returns a line for each fault, in the order of their beginnings.
func (b *Book) Trail() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.trail)
}

// Recovered notes how long after a fault's end every instance answered and was ready.
func (b *Book) Recovered(kind string, after time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.recoveries[kind] = append(b.recoveries[kind], after)
}

// TotalChecked notes that a page's total was right.
func (b *Book) TotalChecked() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.Totals++
}

// Breach notes a breach.
func (b *Book) Breach(what, body string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.breach(what, body)
}

// breach is Breach while b.mu is held.
func (b *Book) breach(what, body string) {
	b.breached++
	if len(b.breaches) < maxBreaches {
		b.breaches = append(b.breaches, Breach{At: time.Since(b.began), What: what, Body: body})
	}
}

// Breached returns the number of breaches, and the first of them.
func (b *Book) Breached() (int, []Breach) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.breached, slices.Clone(b.breaches)
}

// Answers returns the number of answers by status, and of requests without one.
func (b *Book) Answers() (byStatus map[int]int, lost int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return maps.Clone(b.answers), b.lost
}

// Faults returns the number of faults by kind.
func (b *Book) Faults() map[string]int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return maps.Clone(b.faults)
}

// Recovery returns the longest and the middle recovery from a kind of fault, and how often one was measured.
func (b *Book) Recovery(kind string) (longest, median time.Duration, times int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	all := slices.Sorted(slices.Values(b.recoveries[kind]))
	if len(all) == 0 {
		return 0, 0, 0
	}
	return all[len(all)-1], all[len(all)/2], len(all)
}
