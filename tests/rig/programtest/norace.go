//go:build !race

package programtest

const RaceDetector = false
