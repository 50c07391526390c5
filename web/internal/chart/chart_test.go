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
	for _, digits := range []int{0, 2, 3} {
		for _, top := range []int64{1, 3, 40, 41, 99, 101, 1e15, 8e18 + 1, 9e18, most - 3, most} {
			step := stepOf(top, digits)
			if reached := step * grid; step < 1 || reached/grid != step || reached < top-3 {
				t.Errorf("the axis of %d in %d decimals reaches %d", top, digits, reached)
			}
		}
	}
}
