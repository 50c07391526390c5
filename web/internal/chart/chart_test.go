package chart

import "testing"

func TestScaleIsExactAtTheLargestSums(t *testing.T) {
	const most = 1<<63 - 1
	for _, tt := range []struct {
		part, whole int64
		size, want  uint64
	}{
		{0, 100, 100, 0}, {-5, 100, 100, 0}, {5, 0, 100, 0}, {1, 3, 100, 33}, {2, 3, 100, 67}, {1, 2, 1, 1}, {100, 100, 90, 90}, {7, 5, 100, 100},
		{most, most, 100, 100}, {most / 2, most, 100, 50}, {most / 4 * 3, most, 100, 75}, {1, most, 100, 0},
	} {
		if got := scale(tt.part, tt.whole, tt.size); got != tt.want {
			t.Errorf("scale(%d, %d, %d) = %d, want %d", tt.part, tt.whole, tt.size, got, tt.want)
		}
	}
}

// An axis reaches every sum: its top, four steps up, is a number, and at least the sum.
func TestAnAxisReachesEverySum(t *testing.T) {
	const most = 1<<63 - 1
	for _, top := range []int64{1, 3, 40, 41, 99, 101, 1e15, 8e18 + 1, 9e18, most - 3, most} {
		step := stepOf(top)
		if reached := step * grid; step < 1 || reached/grid != step || reached < top-3 {
			t.Errorf("the axis of %d reaches %d", top, reached)
		}
	}
}

// Nor does it go far beyond: bars of a few yen, or of a few thousandths of a dinar, are as tall as those of a rent.
func TestAnAxisFitsItsSum(t *testing.T) {
	for top := int64(1); top <= 100_000; top++ {
		if reached := stepOf(top) * grid; reached >= 2*top+grid {
			t.Fatalf("the axis of %d reaches %d", top, reached)
		}
	}
	for top, want := range map[int64]int64{
		1: 1, 4: 1, 5: 2, 9: 3, 13: 4, 20: 5, 21: 10, 40: 10, 41: 15, 80: 20, 100: 25, 120: 30, 200: 50, 201: 100, 401: 150, 99_999: 25_000,
		100_001: 30_000, 150_000: 40_000,
	} {
		if step := stepOf(top); step != want {
			t.Errorf("the axis of %d goes by %d, want %d", top, step, want)
		}
	}
}

// A rent does not flatten what is paid beside it, however few those are; sums of one size reach the top.
func TestAnAxisOfFewIsNotARents(t *testing.T) {
	for _, tt := range []struct {
		sorted []int64
		want   int64
	}{
		{nil, 0}, {[]int64{500}, 500}, {[]int64{20, 1_180}, 80}, {[]int64{20, 29, 40, 1_180}, 116}, {[]int64{300, 320, 1_180}, 1_180},
	} {
		if got := reachOfFew(tt.sorted); got != tt.want {
			t.Errorf("the axis of %d reaches %d, want %d", tt.sorted, got, tt.want)
		}
	}
}
