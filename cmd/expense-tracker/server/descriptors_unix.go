//go:build unix

package server

import (
	"math"
	"syscall"
)

// descriptorLimit returns how many files the process may have open; Go's runtime has raised it as far as it may.
func descriptorLimit() (int, bool) {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return 0, false
	}
	return int(min(uint64(limit.Cur), math.MaxInt32)), true //nolint:unconvert // bounded; some systems count with a sign
}
