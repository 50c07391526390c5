//go:build !linux

package sqlite

import "errors"

// fence is not to be had here: connections that must not close stay open until the process ends.
func (f file) fence() (takeDown func() error, err error) {
	return nil, errors.New("sqlite: this system has no locks that a process holds against itself")
}
