// Package recovery makes errors of panics where others wait for the outcome, and no server recovers them.
package recovery

import (
	"fmt"
	"runtime/debug"
)

// Into turns a panic into an error with its stack, if it is deferred.
func Into(err *error, op string) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("%s: panic: %v\n%s", op, p, debug.Stack())
	}
}
