//go:build !unix

package sqlite

func (f file) inUse() (bool, error) { return false, errNoLocks }

func (f file) indexUsed() (bool, error) { return false, errNoLocks }

func (f file) lockAll() (unlock func() error, err error) { return nil, errNoLocks }
