package stats_test

import (
	"math"
	"testing"
	"time"

	"expense-tracker/cmd/bench/internal/stats"
)

func TestSummarize(t *testing.T) {
	for _, c := range []struct {
		values []float64
		want   stats.Summary
	}{
		{[]float64{7}, stats.Summary{Median: 7, Min: 7, Max: 7}},
		{[]float64{9, 1, 5}, stats.Summary{Median: 5, Min: 1, Max: 9}},
		{[]float64{4, 1, 3, 2}, stats.Summary{Median: 2.5, Min: 1, Max: 4}},
		{[]float64{1, 1, 1, 1000, 2}, stats.Summary{Median: 1, Min: 1, Max: 1000}}, // one disturbed round changes the spread only
	} {
		values := append([]float64(nil), c.values...)
		if got := stats.Summarize(values); got != c.want {
			t.Errorf("%v: %+v, want %+v", c.values, got, c.want)
		}
		for i := range values {
			if values[i] != c.values[i] {
				t.Fatalf("%v came back as %v: rounds belong to pairs, so their order has to stay", c.values, values)
			}
		}
	}
	if got := stats.Summarize(nil); !math.IsNaN(got.Median) {
		t.Errorf("of nothing: %+v", got)
	}
}

func TestRatio(t *testing.T) {
	for _, c := range []struct {
		above, below []float64
		want         stats.Summary
	}{
		{[]float64{10, 20, 30}, []float64{20, 40, 60}, stats.Summary{Median: 0.5, Min: 0.5, Max: 0.5}}, // a slow machine slows both
		{[]float64{1, 2, 3}, []float64{1, 1, 1}, stats.Summary{Median: 2, Min: 1, Max: 3}},
		{[]float64{1, 100, 10}, []float64{1, 20, 5}, stats.Summary{Median: 2, Min: 1, Max: 5}},
		{[]float64{1, 2, 3}, []float64{0, 2, 2}, stats.Summary{Median: 1, Min: 1, Max: 1.5}}, // the machine stood still in the first round
	} {
		if got := stats.Ratio(c.above, c.below); got != c.want {
			t.Errorf("%v to %v: %+v, want %+v", c.above, c.below, got, c.want)
		}
	}
	for _, c := range [][2][]float64{{nil, {1}}, {{1}, {0}}, {{1, 2, 3}, {0, 0, 4}}} {
		if got := stats.Ratio(c[0], c[1]); !math.IsNaN(got.Median) {
			t.Errorf("%v to %v: %+v", c[0], c[1], got)
		}
	}
}

func TestPercentile(t *testing.T) {
	hundred := make([]time.Duration, 100)
	for i := range hundred {
		hundred[i] = time.Duration(i + 1)
	}
	for _, c := range []struct {
		sorted []time.Duration
		p      float64
		want   time.Duration
	}{
		{hundred, 50, 50}, {hundred, 99, 99}, {hundred, 100, 100}, {hundred, 0, 1}, {hundred[:3], 50, 2}, {hundred[:1], 99, 1}, {nil, 50, 0},
	} {
		if got := stats.Percentile(c.sorted, c.p); got != c.want {
			t.Errorf("p%v of %d values: %d, want %d", c.p, len(c.sorted), got, c.want)
		}
	}
}
