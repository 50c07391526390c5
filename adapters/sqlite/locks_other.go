//go:build !unix

package sqlite

import "errors"

var errNoLocks = errors.New("sqlite: the locks of a data file are not known on this system")

func (f file) inUse() (bool, error) { return false, errNoLocks }

func (f file) indexUsed() (bool, error) { return false, errNoLocks }

func (f file) lockAll() (unlock func() error, err error) { return nil, errNoLocks }
