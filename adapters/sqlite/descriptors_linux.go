package sqlite

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// descriptorsFolder has a link for each file that this process has open, also for one that has no name any more.
const descriptorsFolder = "/proc/self/fd"

// findOpened finds a file that this process has open, whatever it is called by now; nil if it has none such open.
func findOpened(wanted fs.FileInfo) (link string, info fs.FileInfo, err error) {
	entries, err := os.ReadDir(descriptorsFolder)
	if err != nil {
		return "", nil, fmt.Errorf("sqlite: %w", err)
	}
	for _, entry := range entries {
		link := filepath.Join(descriptorsFolder, entry.Name())
		if info, err := os.Stat(link); err == nil && os.SameFile(info, wanted) {
			return link, info, nil
		}
	}
	return "", nil, nil
}

// hasName reports whether a file that this process has open has a name anywhere: it may be put back then.
func hasName(opened fs.FileInfo) (bool, error) {
	_, info, err := findOpened(opened)
	if err != nil || info == nil {
		return false, err
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && stat.Nlink > 0, nil
}

// keepOpen opens a file that this process has open once more, so that no other gets its number; nil if it is not open.
func keepOpen(opened fs.FileInfo) (*os.File, error) {
	link, _, err := findOpened(opened)
	if err != nil || link == "" {
		return nil, err
	}
	return os.Open(link) //nolint:gosec // a link of this process's own
}

// isOpenHere reports whether this process has a file open.
func isOpenHere(wanted fs.FileInfo) bool {
	link, _, err := findOpened(wanted)
	return err == nil && link != ""
}
