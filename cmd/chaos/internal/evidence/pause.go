package evidence

import (
	"net/http"
	"slices"
	"time"
)

// Pause returns the longest time after a moment in which nothing was acknowledged, until now, and when it was over, both counted from
// that moment.
func (b *Record) Pause(from time.Time) (longest, over time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var answered []time.Time
	for _, a := range b.acknowledged {
		if a.to.After(from) {
			answered = append(answered, a.to)
		}
	}
	slices.SortFunc(answered, time.Time.Compare)
	last := from
	for _, at := range answered {
		if gap := at.Sub(last); gap > longest {
			longest, over = gap, at.Sub(from)
		}
		last = at
	}
	if gap := time.Since(last); gap > longest {
		longest, over = gap, time.Since(from)
	}
	return longest, over
}

// Failed returns how many requests got no answer, or one that says that the program or its storage cannot.
func (b *Record) Failed() (failed int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for status, times := range b.answers {
		if status >= http.StatusInternalServerError {
			failed += times
		}
	}
	return failed + b.lost
}
