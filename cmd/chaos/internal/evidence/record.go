// Package evidence keeps what a trial saw: answers, faults, recoveries, and every breach of what the program promises.
package evidence

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"
)

// maxBreaches bounds what is kept of breaches. Of the rest the journal has a line each.
const maxBreaches = 100

// Breach is a promise that was not kept.
type Breach struct {
	At   time.Duration // since the trial began
	What string
	Body string // of the answer that shows it, if one does
}

// Record is what one set-up's trial saw. Its methods are for any goroutine.
type Record struct {
	began      time.Time
	brokenOff  func() bool
	mu         sync.Mutex
	journal    io.Writer
	unwritten  error // the journal's first error
	answers    map[int]int
	lost       int // requests without an answer
	faults     map[string]int
	recoveries map[string][]time.Duration
	breaches   []Breach
	breached   int

	impossible   []interval // when nothing could be stored
	acknowledged []acknowledgement

	Acknowledged, Stored, Doubled, Totals int // set at the trial's end: changes, rows, rows too many, page totals checked
}

// NewRecord returns an empty record of a trial that begins now. Faults and breaches are written to the journal at once. When the trial is
// broken off, nothing is a breach any more: what is found may come of that.
func NewRecord(journal io.Writer, brokenOff func() bool) *Record {
	return &Record{began: time.Now(), journal: journal, brokenOff: brokenOff, answers: map[int]int{}, faults: map[string]int{},
		recoveries: map[string][]time.Duration{}}
}

// Answer notes an answer. One that says that the program failed, and not its storage, is a breach.
func (b *Record) Answer(request string, status int, body string) {
	b.mu.Lock()
	b.answers[status]++
	if status == http.StatusServiceUnavailable {
		b.write(fmt.Sprintf("%s was answered with %d", request, status))
	}
	b.mu.Unlock()
	if status >= http.StatusInternalServerError && status != http.StatusServiceUnavailable {
		b.Breach(fmt.Sprintf("%s was answered with %d", request, status), body)
	}
}

// Lost notes a request that got no answer, and why.
func (b *Record) Lost(request string, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.lost++
	b.write(fmt.Sprintf("no answer to %s: %v", request, err))
}

// Fault notes that a fault of a kind begins, and returns the way to note that it is over.
func (b *Record) Fault(kind, what string) (over func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.faults[kind]++
	b.write(what + " begins")
	return func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.write(what + " is over")
	}
}

// write writes to the journal. b.mu is held.
func (b *Record) write(text string) {
	if _, err := fmt.Fprintf(b.journal, "%9.3f s  %s\n", time.Since(b.began).Seconds(), text); err != nil && b.unwritten == nil {
		b.unwritten = fmt.Errorf("write the journal: %w", err)
	}
}

// Close closes the journal, and returns an error if anything is missing in it.
func (b *Record) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if closer, is := b.journal.(io.Closer); is {
		return errors.Join(b.unwritten, closer.Close())
	}
	return b.unwritten
}

// Recovered notes how long after a fault's end every instance answered and was ready.
func (b *Record) Recovered(kind string, after time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.recoveries[kind] = append(b.recoveries[kind], after)
}

// TotalChecked notes that a page's total was right.
func (b *Record) TotalChecked() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.Totals++
}

// Breach notes a breach.
func (b *Record) Breach(what, body string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.breach(what, body)
}

// breach is Breach while b.mu is held.
func (b *Record) breach(what, body string) {
	if b.brokenOff() {
		return
	}
	b.breached++
	if len(b.breaches) >= maxBreaches {
		b.write("BREACH: " + what)
		return
	}
	b.write("BREACH: " + what + "\n" + body)
	b.breaches = append(b.breaches, Breach{At: time.Since(b.began), What: what, Body: body})
}

// Breached returns the number of breaches, and the first of them.
func (b *Record) Breached() (int, []Breach) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.breached, slices.Clone(b.breaches)
}

// Answers returns the number of answers by status, and of requests without one.
func (b *Record) Answers() (byStatus map[int]int, lost int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return maps.Clone(b.answers), b.lost
}

// Faults returns the number of faults by kind.
func (b *Record) Faults() map[string]int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return maps.Clone(b.faults)
}

// Recovery returns the longest and the middle recovery from a kind of fault, and how often one was measured.
func (b *Record) Recovery(kind string) (longest, median time.Duration, times int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	all := slices.Sorted(slices.Values(b.recoveries[kind]))
	if len(all) == 0 {
		return 0, 0, 0
	}
	return all[len(all)-1], all[len(all)/2], len(all)
}
