package report

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/dustin/go-humanize"

	"expense-tracker/cmd/bench/internal/stats"
)

// WriteTable writes the report for people: every figure as its median with the least and the most of the rounds, then the verdicts.
func (r Report) WriteTable(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	line(table, "storage", "expenses", "task", "clients", "who", "a second", "p50 ms", "p99 ms", "bytes", "memory MB", "took ms")
	for _, key := range r.Figures.keys {
		cells := []string{key.Storage, count(key.Expenses), key.Task, count(key.Clients), key.Subject}
		for _, measure := range []Measure{PerSecond, P50, P99, Bytes, RSS, Took} {
			cells = append(cells, r.Figures.cell(key, measure))
		}
		line(table, cells...)
	}
	line(table)
	line(table, "storage", "bar", "wanted", "reached", "")
	for _, v := range r.Verdicts {
		line(table, v.Storage, v.What, v.Wanted, written(v.Figure)+v.Bar.Unit, v.word())
	}
	line(table)
	line(table, fmt.Sprintf("Medians of %d rounds of %s each, with the least and the most in brackets. The whole took %s.", r.Rounds,
		r.Duration, r.Took))
	return table.Flush()
}

// line writes a row; what the writer underneath refuses is told by its Flush.
func line(table *tabwriter.Writer, cells ...string) {
	_, _ = fmt.Fprintln(table, strings.Join(cells, "\t"))
}

func (b *Figures) cell(key Key, measure Measure) string {
	summary, measured := b.summary(key, measure)
	switch {
	case !measured:
		return ""
	case measure == Bytes:
		return number(int(summary.Median))
	}
	return written(summary)
}

func (v Verdict) word() string {
	if v.Met {
		return "met"
	}
	return "NOT MET"
}

// written is a median with its spread, such as "1.25 (1.2–1.31)".
func written(s stats.Summary) string {
	return significant(s.Median) + " (" + significant(s.Min) + "–" + significant(s.Max) + ")"
}

// significant writes three digits of a small figure, and all digits before the point of a large one.
func significant(f float64) string {
	if math.Abs(f) >= 999.5 {
		return number(int(math.Round(f)))
	}
	return strconv.FormatFloat(f, 'g', 3, 64)
}

func number(n int) string { return humanize.Comma(int64(n)) }

func count(n int) string {
	if n == 0 {
		return ""
	}
	return number(n)
}
