//go:build unix

package sqlite

import (
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
)

// The bytes that SQLite locks: a connection in WAL mode holds a read lock on the shared ones of the data file for as long as it is open,
// and one on a byte of the index.
const (
	pendingByte = 0x40000000
	lockedBytes = 512
	sharedFirst = pendingByte + 2
	sharedSize  = 510
	indexInUse  = 128
)

// inUse reports whether another process has the database open. This process must not have it open: closing what is opened here takes
// its locks away.
func (f file) inUse() (bool, error) { return lockedByOthers(f.target(), pendingByte, lockedBytes) }

// indexUsed reports the same of the files beside the database that are there now.
func (f file) indexUsed() (bool, error) { return lockedByOthers(f.shm(), indexInUse, 1) }

func lockedByOthers(name string, start, length int64) (locked bool, err error) {
	opened, err := os.OpenFile(name, os.O_RDWR, 0) //nolint:gosec // the file that the operator named
	if err != nil {
		return false, fmt.Errorf("sqlite: %w", err)
	}
	defer func() { err = errors.Join(err, opened.Close()) }()
	lock := syscall.Flock_t{Type: syscall.F_WRLCK, Whence: io.SeekStart, Start: start, Len: length}
	if err := syscall.FcntlFlock(opened.Fd(), syscall.F_GETLK, &lock); err != nil {
		return false, fmt.Errorf("sqlite: locks of %s: %w", name, err)
	}
	return lock.Type != syscall.F_UNLCK, nil
}

// lockAll takes the database for this process alone, until it is unlocked or the process ends. SQLite's connections in other processes
// prevent it, idle ones too. This process must not have it open.
func (f file) lockAll() (unlock func() error, err error) {
	opened, err := os.OpenFile(f.target(), os.O_RDWR, 0)
	if err != nil {
		return nil, fmt.Errorf("sqlite: %w", err)
	}
	lock := syscall.Flock_t{Type: syscall.F_WRLCK, Whence: io.SeekStart, Start: pendingByte, Len: lockedBytes}
	if err := syscall.FcntlFlock(opened.Fd(), syscall.F_SETLK, &lock); err != nil {
		if errors.Is(err, syscall.EAGAIN) || errors.Is(err, syscall.EACCES) {
			err = ErrInUse
		}
		return nil, errors.Join(fmt.Errorf("sqlite: %s: %w", f, err), opened.Close())
	}
	return opened.Close, nil
}
