package sqlite

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"
)

// This program numbers the states of the file in PRAGMA user_version, in the header of page 1: it counts up in the first transaction of
// each use of the write-ahead log, and every 50 ms while it writes. So a log tells by its copies of page 1 which states it leads from
// and to. It belongs to a file whose number is the one before the log's first, or one of the log's own. A backup's is far away.

// header is what the first page says of a state of the database.
type header struct {
	state  uint32 // PRAGMA user_version
	schema uint32 // PRAGMA schema_version, which VACUUM and SQLite's own backup change too
}

// ErrWrongLog is the error for a data file beside which the write-ahead log of another file, or of another time, lies. Replaying it would
// destroy the file.
var ErrWrongLog = errors.New("the write-ahead log beside the data file belongs to another state of it, " +
	"as when a backup was copied back beside an old log")

// ErrLogAlone is the error for a write-ahead log beside which no data file lies, or an empty one. It may hold what was stored last.
var ErrLogAlone = errors.New("the data file is missing or empty, but its write-ahead log is there")

// The layout of write-ahead logs, see sqlite.org/walformat.html.
const (
	walHeaderSize   = 32
	frameHeaderSize = 24
	walMagic        = 0x377f0682 // with the lowest bit set: checksums are big-endian
	maxPageSize     = 1 << 16
	versionOffset   = 60 // of user_version on page 1
	schemaOffset    = 40 // of the schema cookie on page 1
)

// logged is what the committed part of a write-ahead log says of page 1.
type logged struct {
	salts       [2]uint32
	pages       int // committed copies of page 1
	first, last header
}

// follows reports whether the log may be replayed over a file with that header.
func (l logged) follows(h header) bool {
	switch {
	case l.pages == 0: // written by an older version of the program, or by another; nothing is known
		return true
	case int32(l.last.schema-h.schema) < 0: //nolint:gosec // it wraps around
		return false // VACUUM made the file: its copies say the same state, a schema that is one ahead, and have other pages
	case h.state+1 == l.first.state:
		return true
	}
	return h.state-l.first.state <= l.last.state-l.first.state // its page 1 came from the log, or its state has no number of its own
}

// readLog reads the log as SQLite's recovery does: up to the last commit that is whole. No log, or one of no use, is an empty one.
func readLog(path string) (found logged, err error) {
	opened, err := os.Open(path) //nolint:gosec // the file that the operator named
	if errors.Is(err, fs.ErrNotExist) {
		return logged{}, nil
	}
	if err != nil {
		return logged{}, fmt.Errorf("sqlite: %w", err)
	}
	defer func() { err = errors.Join(err, opened.Close()) }() // SQLite keeps no locks on this file
	in := bufio.NewReaderSize(opened, 1<<18)
	var head [walHeaderSize]byte
	if _, err := io.ReadFull(in, head[:]); err != nil {
		return logged{}, ignoreEnd(err)
	}
	w, ok := startLog(head[:])
	if !ok {
		return logged{}, nil
	}
	frame := make([]byte, frameHeaderSize+w.pageSize)
	for {
		if _, err := io.ReadFull(in, frame); err != nil {
			return w.committed, ignoreEnd(err)
		}
		if !w.next(frame) {
			return w.committed, nil
		}
	}
}

func ignoreEnd(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil
	}
	return fmt.Errorf("sqlite: read the write-ahead log: %w", err)
}

// walReader follows the checksums of a log, each of which covers all before it.
type walReader struct {
	order              binary.ByteOrder
	pageSize           int
	sums               [2]uint32
	pending, committed logged
}

func startLog(head []byte) (*walReader, bool) {
	magic := binary.BigEndian.Uint32(head)
	w := &walReader{order: binary.LittleEndian, pageSize: int(binary.BigEndian.Uint32(head[8:]))}
	if magic&1 == 1 {
		w.order = binary.BigEndian
	}
	if magic&^1 != walMagic || w.pageSize < 512 || w.pageSize > maxPageSize || w.pageSize&(w.pageSize-1) != 0 {
		return nil, false
	}
	w.add(head[:24])
	if !w.matches(head[24:]) {
		return nil, false
	}
	w.pending.salts = [2]uint32{binary.BigEndian.Uint32(head[16:]), binary.BigEndian.Uint32(head[20:])}
	w.committed.salts = w.pending.salts
	return w, true
}

// next takes a frame, unless it is of an earlier use of the log or was not written whole.
func (w *walReader) next(frame []byte) bool {
	page, size := binary.BigEndian.Uint32(frame), binary.BigEndian.Uint32(frame[4:])
	if page == 0 || binary.BigEndian.Uint32(frame[8:]) != w.pending.salts[0] || binary.BigEndian.Uint32(frame[12:]) != w.pending.salts[1] {
		return false
	}
	w.add(frame[:8])
	w.add(frame[frameHeaderSize:])
	if !w.matches(frame[16:]) {
		return false
	}
	if page == 1 {
		data := frame[frameHeaderSize:]
		w.pending.last = header{state: binary.BigEndian.Uint32(data[versionOffset:]), schema: binary.BigEndian.Uint32(data[schemaOffset:])}
		if w.pending.pages == 0 {
			w.pending.first = w.pending.last
		}
		w.pending.pages++
	}
	if size > 0 { // the frame ends a transaction
		w.committed = w.pending
	}
	return true
}

func (w *walReader) add(data []byte) {
	a, b := w.sums[0], w.sums[1]
	for ; len(data) >= 8; data = data[8:] {
		a += w.order.Uint32(data) + b
		b += w.order.Uint32(data[4:]) + a
	}
	w.sums = [2]uint32{a, b}
}

func (w *walReader) matches(sums []byte) bool {
	return binary.BigEndian.Uint32(sums) == w.sums[0] && binary.BigEndian.Uint32(sums[4:]) == w.sums[1]
}

// checkPair returns ErrWrongLog if the log beside the file is not the file's own. Other processes may use the file meanwhile: only what
// does not pass is wrong.
func (f file) checkPair(ctx context.Context) error {
	const tries, pause = 5, 50 * time.Millisecond
	for try := 1; ; try++ {
		if err := f.pairsNow(ctx); !errors.Is(err, ErrWrongLog) || try == tries {
			return err
		}
		time.Sleep(pause)
	}
}

// pairsNow is checkPair at one moment.
func (f file) pairsNow(ctx context.Context) error {
	if err := f.checkAlone(); err != nil {
		return err
	}
	found, err := readLog(f.wal())
	if err != nil || found.pages == 0 {
		return err
	}
	if info, err := os.Stat(string(f)); err != nil || info.Size() == 0 {
		return nil //nolint:nilerr // SQLite says what is wrong
	}
	h, err := f.header(ctx)
	if err != nil || found.follows(h) {
		return nil //nolint:nilerr // SQLite will say what is wrong with the file
	}
	return fmt.Errorf("sqlite: %s: %w: to use the file as it is, move %s and %s away; to go back, put the file of the same time there",
		f, ErrWrongLog, f.wal(), f.shm())
}

// checkAlone returns ErrLogAlone if a log lies beside no data file, or beside an empty one. SQLite would remove the log. A database that
// is just being made has its first page before its log.
func (f file) checkAlone() error {
	if log, err := os.Stat(f.wal()); err != nil || log.Size() == 0 {
		return nil //nolint:nilerr // SQLite will say what is wrong with it
	}
	if info, err := os.Stat(string(f)); err == nil && info.Size() > 0 || err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return fmt.Errorf("sqlite: %s: %w: put the data file back, or move %s and %s away to begin anew", f, ErrLogAlone, f.wal(), f.shm())
}

// checkBeside returns an error while another process works with a log or an index that has no name here any more: with a new one, the two
// would part what they store, or write over each other's.
func (f file) checkBeside() error {
	const tries, pause = 20, 50 * time.Millisecond // the other may be about to make it, or to find out
	for try := 1; ; try++ {
		info, err := os.Stat(string(f))
		if err != nil || info.Size() == 0 || isOpenHere(info) { // then a look at the locks would take this process's own away
			return nil //nolint:nilerr // there is nothing to be parted
		}
		missing := f.wal()
		if _, err := os.Stat(missing); !errors.Is(err, fs.ErrNotExist) {
			missing = f.shm()
			if _, err := os.Stat(missing); !errors.Is(err, fs.ErrNotExist) {
				return nil // SQLite will say what is wrong with it
			}
		}
		used, err := f.inUse()
		if err != nil || !used {
			return nil //nolint:nilerr // where locks are not known, nothing can be said
		}
		if try == tries {
			return unavailable("sqlite.Open",
				"another process works with a file that was removed from beside the data file", fmt.Errorf("%s is missing", missing))
		}
		time.Sleep(pause)
	}
}

// header reads the first page from the file, past the log, without a lock. It goes through SQLite, which alone may open and close the
// file: closing takes away the locks of this process.
func (f file) header(ctx context.Context) (h header, err error) {
	c, err := f.connector(raw, 0).open() //nolint:contextcheck // a look into the file has a bound of its own
	if err != nil {
		return header{}, err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	return readHeader(ctx, c)
}
