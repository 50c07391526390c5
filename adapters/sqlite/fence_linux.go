package sqlite

import (
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
)

// setOFDLock is fcntl's F_OFD_SETLK: a lock that conflicts with SQLite's even in the same process.
const setOFDLock = 37

// fence keeps SQLite from moving its log into the file, and from removing the log, when its last connection closes. It is taken down when
// the connections are closed.
func (f file) fence() (takeDown func() error, err error) {
	opened, err := os.Open(f.target())
	if err != nil {
		return nil, fmt.Errorf("sqlite: %w", err)
	}
	lock := syscall.Flock_t{Type: syscall.F_RDLCK, Whence: io.SeekStart, Start: sharedFirst, Len: sharedSize}
	if err := syscall.FcntlFlock(opened.Fd(), setOFDLock, &lock); err != nil {
		return nil, errors.Join(fmt.Errorf("sqlite: fence %s: %w", f, err), opened.Close())
	}
	return opened.Close, nil
}
