package sqlite

import (
	"io/fs"
	"os"
)

// files are those that a path leads to; nil for none.
type files struct{ db, wal, shm fs.FileInfo }

// look finds the files by their names.
func (g *guard) look() files {
	stat := func(name string) fs.FileInfo {
		info, err := os.Stat(name)
		if err != nil {
			return nil
		}
		return info
	}
	return files{db: stat(g.db), wal: stat(g.wal), shm: stat(g.shm)}
}

// are reports whether these are the very files of before.
func (f files) are(before files) bool {
	return same(f.db, before.db) && same(f.wal, before.wal) && same(f.shm, before.shm)
}

func same(a, b fs.FileInfo) bool { return a != nil && b != nil && os.SameFile(a, b) }

func untouched(a, b fs.FileInfo) bool {
	return same(a, b) && a.Size() == b.Size() && a.ModTime().Equal(b.ModTime())
}
