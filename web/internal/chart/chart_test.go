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
