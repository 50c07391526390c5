//go:build unix

package sqlite

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// access modes of access(2).
const mayReadWrite, mayChangeFolder = 4 | 2, 2 | 1

// isFull reports whether the file system of a file has no room for what is to be written next.
func isFull(path string) bool {
	const least = 64 << 10 // SQLite maps 32 KiB of its index at a time
	free, known := freeBytes(path)
	return known && free < least
}

// freeBytes returns how much room the file system of a file has for this process, if that can be known.
func freeBytes(path string) (free uint64, known bool) {
	var stat syscall.Statfs_t
	if err := syscall.Statfs(filepath.Dir(path), &stat); err != nil {
		return 0, false
	}
	return uint64(stat.Bavail) * uint64(stat.Bsize), true //nolint:gosec,unconvert // the types differ between systems
}

// permitted returns what forbids this process to keep expenses in the file. Time does not mend that.
func (f file) permitted() error {
	for _, name := range []string{string(f), f.wal(), f.shm()} {
		if _, err := os.Lstat(name); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err := syscall.Access(name, mayReadWrite); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("sqlite: %s may not be written: %w%s", name, err, owner(name))
		}
	}
	folder := filepath.Dir(f.target())
	if err := syscall.Access(folder, mayChangeFolder); err != nil {
		return fmt.Errorf("sqlite: %s may not be written: SQLite keeps a log beside the data file: %w%s", folder, err, owner(folder))
	}
	return nil
}

// owner says whose a file is, if it is another user's.
func owner(name string) string {
	info, err := os.Stat(name)
	if err != nil {
		return ""
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok || int(stat.Uid) == os.Geteuid() {
		return ""
	}
	return fmt.Sprintf(" (it belongs to user %d, this program runs as user %d)", stat.Uid, os.Geteuid())
}

// giveTo gives a new file the owner of the one that it replaces, or of the folder: who restores may be another user than the program's.
func giveTo(created, replaces string) error {
	info, err := os.Stat(replaces)
	if errors.Is(err, fs.ErrNotExist) {
		info, err = os.Stat(filepath.Dir(replaces))
	}
	if err != nil {
		return fmt.Errorf("sqlite: %w", err)
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok || os.Geteuid() != 0 {
		return nil // only root may, and only root needs to
	}
	if err := os.Chown(created, int(stat.Uid), int(stat.Gid)); err != nil {
		return fmt.Errorf("sqlite: %w", err)
	}
	return nil
}
