// Package heap tells the garbage collector how much memory there is.
package heap

import (
	"log/slog"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/KimMachineGun/automemlimit/memlimit"
)

// Share is the part of a container's memory that the collector is told of. What it does not see gets the rest: the program itself, its
// threads, SQLite's own memory, the kernel's buffers.
const Share = 0.6

// CollectLess lets the heap grow to five times what lives in it, unless the operator has set GOGC: little lives, so that costs some
// twelve megabytes and saves a third of the processor under load.
func CollectLess(environ []string) {
	const percent = 400
	if !isSet(environ, "GOGC") {
		debug.SetGCPercent(percent)
	}
}

// Bound makes the collector work harder before a container's memory runs out, unless the operator has set GOMEMLIMIT.
func Bound(environ []string, logger *slog.Logger) {
	if isSet(environ, "GOMEMLIMIT") {
		return
	}
	whole, err := memlimit.FromCgroup()
	if err != nil {
		logger.Debug("memory is not bounded by a cgroup", "reason", err)
		return
	}
	limit := int64(float64(whole) * Share)
	debug.SetMemoryLimit(limit)
	logger.Info("memory is bounded by the cgroup", "cgroup_bytes", whole, "heap_bytes", limit)
}

// GiveBack returns what the start has left over to the system: templates and settings are read once, and most of that lives no longer.
func GiveBack() { debug.FreeOSMemory() }

func isSet(environ []string, name string) bool {
	return slices.ContainsFunc(environ, func(variable string) bool { return strings.HasPrefix(variable, name+"=") })
}
