package observability

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// slowestKept is how many statements of a request or a batch are told of by name.
const slowestKept = 4

// times are the statements that a request or a batch has asked. Any number of goroutines may note one.
type times struct {
	mu      sync.Mutex
	count   int
	total   time.Duration
	slowest [slowestKept]*statement // the slowest first
}

func timesOf(ctx context.Context) *times {
	t, _ := ctx.Value(timesKey{}).(*times)
	return t
}

func (t *times) note(s *statement) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.count++
	t.total += s.took
	for i, kept := range t.slowest {
		if kept == nil {
			t.slowest[i] = s
			return
		}
		if s.took > kept.took {
			t.slowest[i], s = s, kept
		}
	}
}

// sum is the statements of several times together.
func sum(all ...*times) (count int, total time.Duration, slowest []*statement) {
	for _, t := range all {
		t.mu.Lock()
		count += t.count
		total += t.total
		slowest = append(slowest, t.slowest[:min(t.count, slowestKept)]...)
		t.mu.Unlock()
	}
	slices.SortStableFunc(slowest, func(a, b *statement) int { return cmp.Compare(b.took, a.took) })
	return count, total, slowest[:min(len(slowest), slowestKept)]
}

const statementShown = 100 // characters of a statement's text in the log

// String says how long the statement took, and which it was, without any value.
func (s *statement) String() string {
	text := fmt.Sprintf("%.1f ms %s", float64(s.took.Microseconds())/1000, s.name)
	if query := queryOf(s.options); query != "" {
		text += " " + shortened(bare(query), statementShown)
	}
	return text
}

func describe(all []*statement) string {
	texts := make([]string, len(all))
	for i, s := range all {
		texts[i] = s.String()
	}
	return strings.Join(texts, "; ")
}
