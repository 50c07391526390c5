//go:build race

package programtest

// RaceDetector reports whether the tests look for data races.
const RaceDetector = true
