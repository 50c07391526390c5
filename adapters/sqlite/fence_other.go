//go:build !linux

package sqlite

// fence is not to be had here: connections that must not close stay open until the process ends.
func (f file) fence() (takeDown func() error, err error) {
	return nil, errNoFence
}
