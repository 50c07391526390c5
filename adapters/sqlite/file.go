package sqlite

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Who may see what people spend: the user whom the program runs as.
const (
	fileMode   fs.FileMode = 0o600
	folderMode fs.FileMode = 0o700
)

// readers is how many connections read at most. Each may keep cacheKiB of the file in memory. The one that writes may keep more: adds of 32
// ledgers change some 600 pages, and what has no room goes to the log before its time.
const (
	readers         = 4
	cacheKiB        = 1024
	cacheOfWriteKiB = 8192
	walLimit        = 16 << 20 // bytes that the write-ahead log keeps after a burst
)

// file is the absolute path of a database.
type file string

func locate(path string) (file, error) {
	if path == "" {
		return "", errors.New("sqlite: the path of the data file is empty")
	}
	absolute, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("sqlite: %w", err)
	}
	return file(absolute), nil
}

// ErrNoData is of a path at which nothing is kept yet.
var ErrNoData = errors.New("there is no data file")

// IsThere returns ErrNoData if path leads to no data file, or to an empty one, in place of which Open makes a new one.
func IsThere(path string) error {
	f, err := locate(path)
	if err != nil {
		return err
	}
	info, err := os.Stat(string(f))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("sqlite: %w %s", ErrNoData, f)
	case err != nil:
		return fmt.Errorf("sqlite: %w", err)
	case info.Mode().IsRegular() && info.Size() == 0:
		return fmt.Errorf("sqlite: %w %s, but an empty file", ErrNoData, f)
	}
	return f.checkKind(info)
}

// checkKind refuses what is no file of data: a folder, and a device, a pipe or a socket, which nothing may be read from or put in place of.
func (f file) checkKind(info fs.FileInfo) error {
	switch {
	case info.IsDir():
		return fmt.Errorf("sqlite: %s is a folder; name a file in it", f)
	case !info.Mode().IsRegular():
		return fmt.Errorf("sqlite: %s is not a file; name one", f)
	}
	return nil
}

// create makes the file and its folder, unless they are there. A file that is there is not opened: closing it would take away
// the locks that other connections of this process hold on it.
func (f file) create() error {
	info, err := os.Stat(string(f))
	switch {
	case err == nil:
		return f.checkKind(info)
	case !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("sqlite: %w", err)
	}
	if err := f.checkAlone(); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(string(f)), folderMode); err != nil {
		return fmt.Errorf("sqlite: %w", err)
	}
	created, err := os.OpenFile(string(f), os.O_CREATE|os.O_EXCL|os.O_RDWR, fileMode)
	if errors.Is(err, fs.ErrExist) {
		return nil // another process was faster
	}
	if err != nil {
		return fmt.Errorf("sqlite: %w", err)
	}
	return created.Close()
}

// purpose is what a connection is for.
type purpose int

const (
	reading purpose = iota
	writing
	migrating // writes, and may change the text of the schema
	probing   // writes to prove that it can
	copying   // reads all of the file, to write it elsewhere
	raw       // reads the file alone, past log and locks
	loading   // fills a file that has no name yet, and is thrown away if that fails
)

// connector opens connections with the settings that this package relies on. busy is how long one waits for another's lock.
func (f file) connector(p purpose, busy time.Duration) connector {
	cache := cacheKiB
	if p == writing {
		cache = cacheOfWriteKiB
	}
	query := url.Values{
		"mode":          {"rw"},
		"_busy_timeout": {strconv.FormatInt(busy.Milliseconds(), 10)},
		"_foreign_keys": {"on"},
		"_defensive":    {"1"},
		"_dqs":          {"0"},
		"_error_rc":     {"1"},
		"_pragma":       {"cache_size(-" + strconv.Itoa(cache) + ")", "trusted_schema(0)"},
	}
	switch p {
	case reading:
		query.Set("_query_only", "on")
	case copying:
	case raw:
		query.Set("mode", "ro")
		query.Set("immutable", "1")
		// A checkpoint writes page 1 before it makes the file as long as page 1 says, and may stop in between for as long as it likes.
		// SQLite calls that malformed, unless a connection may mend schemas.
		query.Del("_defensive")
		query["_pragma"] = []string{"writable_schema(1)"}
	case loading:
		query.Del("_defensive")           // which insists on a journal
		query.Set("_foreign_keys", "off") // all rows are checked together in the end
		query.Set("_txlock", "immediate")
		query.Set("_journal_mode", "OFF")
		query.Set("_synchronous", "OFF")
		query["_pragma"] = []string{"cache_size(-65536)", "locking_mode(EXCLUSIVE)", "trusted_schema(0)"}
	case writing, migrating, probing:
		if p == migrating {
			query.Del("_defensive")
		}
		query.Set("_txlock", "immediate")
		query.Set("_journal_mode", "WAL")
		query.Set("_synchronous", "FULL")
		query.Add("_pragma", "journal_size_limit("+strconv.Itoa(walLimit)+")")
		if p == writing { // else a statement that changes 16 pages makes a file, to go back by; a migration's may be large
			query.Add("_pragma", "temp_store(MEMORY)")
		}
	}
	return connector{name: f.url(query), driver: newDriver(p), use: p}
}

// wal and shm are the files that SQLite keeps beside the file, or beside what a link leads to.
func (f file) wal() string { return f.target() + "-wal" }
func (f file) shm() string { return f.target() + "-shm" }

// target is the file that a symbolic link leads to.
func (f file) target() string {
	if resolved, err := filepath.EvalSymlinks(string(f)); err == nil {
		return resolved
	}
	return string(f)
}

// url writes the file's name so that SQLite reads back the same, whatever characters it has.
func (f file) url(query url.Values) string {
	path := filepath.ToSlash(string(f))
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // a drive letter
	}
	return (&url.URL{Scheme: "file", Path: path, RawQuery: query.Encode()}).String()
}
