// Package stats sums up repeated measurements: medians with their spread, percentiles, and ratios of what was measured in turns.
package stats

import (
	"math"
	"slices"
	"time"
)

// Summary is the median of some values and the range that they were in.
type Summary struct {
	Median float64 `json:"median"`
	Min    float64 `json:"min"`
	Max    float64 `json:"max"`
}

// Summarize returns the summary of at least one value, in any order. Without a value, everything is NaN.
func Summarize(values []float64) Summary {
	if len(values) == 0 {
		return Summary{math.NaN(), math.NaN(), math.NaN()}
	}
	sorted := slices.Sorted(slices.Values(values))
	middle := len(sorted) / 2
	median := sorted[middle]
	if len(sorted)%2 == 0 {
		median = sorted[middle-1]/2 + sorted[middle]/2
	}
	return Summary{Median: median, Min: sorted[0], Max: sorted[len(sorted)-1]}
}

// Ratio divides the median of above by the median of below. Its range is that of the pairs of one round: what disturbs the machine
// disturbs both of a pair, so the range is narrower than the values' own. A pair without a ratio, for the machine stood
// still, is left out of the range.
func Ratio(above, below []float64) Summary {
	var pairs []float64
	for i := range min(len(above), len(below)) {
		if below[i] != 0 {
			pairs = append(pairs, above[i]/below[i])
		}
	}
	ratio := Summarize(pairs)
	ratio.Median = math.NaN()
	if median := Summarize(below).Median; median != 0 {
		ratio.Median = Summarize(above).Median / median
	}
	return ratio
}

// Percentile returns the least value that at least p percent of the sorted values do not exceed; 0 of none.
func Percentile(sorted []time.Duration, p float64) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	rank := int(math.Ceil(p / 100 * float64(len(sorted))))
	return sorted[min(max(rank, 1), len(sorted))-1]
}
