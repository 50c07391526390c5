// Package report keeps what a benchmark measured, compares it with the bars that the program has to reach, and writes it as tables and as
// JSON.
package report

import (
	"time"

	"expense-tracker/cmd/bench/internal/load"
	"expense-tracker/cmd/bench/internal/stats"
)

// Who was measured.
const (
	Program   = "program"
	AfterAdd  = "program, after an add"
	LocalUser = "program, nobody signs in"
	SignedIn  = "program, signed in"
	Flooded   = "program, signed in, log-ins flood"
	People    = "program, many people"
	Static    = "static page"
	Insert    = "pgbench insert"
	Naive     = "pgbench insert and total"
)

// What it did.
const (
	Home   = "home page"
	Older  = "second page"
	Oldest = "deepest page"
	Add    = "add"
	Start  = "start"
	Fill   = "fill"

	Month       = "month page"
	Year        = "year page"
	Category    = "category page"
	Bin         = "bin"
	Budgets     = "budgets"
	SearchRare  = "search of a rare word"
	SearchTenth = "search of a word in a tenth"
	SearchMonth = "search of a category's month"
)

// Measure is a property that was measured, in the unit that its name ends with.
type Measure string

// The measures.
const (
	PerSecond Measure = "per_second"
	P50       Measure = "p50_ms"
	P99       Measure = "p99_ms"
	Bytes     Measure = "bytes"
	RSS       Measure = "rss_mb" // resident memory of the program, the most that was seen meanwhile
	Took      Measure = "took_ms"
)

// Key says what was measured.
type Key struct {
	Storage  string `json:"storage"`
	Expenses int    `json:"expenses,omitempty"` // stored at the start; 0 where it does not matter
	Task     string `json:"task"`
	Clients  int    `json:"clients,omitempty"`
	Subject  string `json:"subject"`
}

// Figures keeps every measured value: for each key and measure one a round, in the order of rounds.
type Figures struct {
	keys   []Key // in the order in which they were first measured
	values map[Key]map[Measure][]float64
}

// NewFigures returns no figures yet.
func NewFigures() *Figures { return &Figures{values: map[Key]map[Measure][]float64{}} }

// Record adds the value of one round.
func (b *Figures) Record(key Key, measure Measure, value float64) {
	if b.values[key] == nil {
		b.values[key] = map[Measure][]float64{}
		b.keys = append(b.keys, key)
	}
	b.values[key][measure] = append(b.values[key][measure], value)
}

// RecordLoad adds what a load of one round measured.
func (b *Figures) RecordLoad(key Key, result load.Result) {
	b.Record(key, PerSecond, result.PerSecond)
	b.Record(key, P50, Milliseconds(result.P50))
	b.Record(key, P99, Milliseconds(result.P99))
	if result.Bytes > 0 {
		b.Record(key, Bytes, float64(result.Bytes))
	}
}

// Values returns one value a round.
func (b *Figures) Values(key Key, measure Measure) []float64 { return b.values[key][measure] }

func (b *Figures) summary(key Key, measure Measure) (stats.Summary, bool) {
	values := b.Values(key, measure)
	return stats.Summarize(values), len(values) > 0
}

// Milliseconds returns a duration in milliseconds.
func Milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// Megabytes returns bytes in units of a million bytes.
func Megabytes(bytes int64) float64 { return float64(bytes) / 1e6 }
