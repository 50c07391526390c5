package sqlite

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"

	sqlite3 "modernc.org/sqlite/lib"

	"expense-tracker/core/fault"
)

// maxJump is how many states a file may be ahead of what was last seen of it. The number of a backup is further away, see numberFarAway.
const maxJump = 1 << 29

// What a guard refuses with.
const (
	movedMessage = "the data file was removed or replaced while the program runs; it goes on by itself when the file is back"
	besideFiles  = "a file that SQLite keeps beside the data file was removed or replaced while the program runs"
	otherContent = "other content was copied over the data file while the program runs"
)

// guard knows the files that were opened, and refuses all work from when they are not those any more. A nil one refuses nothing.
type guard struct {
	file       file
	db         string // where the files are
	wal, shm   string
	logger     *slog.Logger
	started    time.Time
	wrong      chan struct{} // has a token when something is to be put right
	refused    atomic.Pointer[fault.Error]
	tainted    atomic.Bool  // other content was in the file: what connections have read of it may be of that
	open       atomic.Int64 // connections
	seen       atomic.Pointer[files]
	state      atomic.Uint32 // the newest that is known
	lastCommit atomic.Int64  // nanoseconds after started; 0 for none
	numbered   atomic.Int64  // when a state was last numbered, likewise

	mu     sync.Mutex
	holder *conn  // keeps the log, which SQLite removes with the last connection
	main   header // of the file without its log, when it was last looked into
}

func newGuard(f file, logger *slog.Logger) *guard {
	if logger == nil {
		logger = slog.New(slog.DiscardHandler)
	}
	return &guard{file: f, db: string(f), wal: f.wal(), shm: f.shm(), logger: logger, started: time.Now(), wrong: make(chan struct{}, 1)}
}

// enter counts a connection that is about to open, and leave one that has closed. It looks at the files first: a connection to another
// file would take our log for that file's, and as its last one move it there.
func (g *guard) enter() error {
	if g == nil {
		return nil
	}
	g.open.Add(1) // first, so that nothing is let go between the look and the opening
	if err := g.check(false); err != nil {
		g.open.Add(-1)
		return err
	}
	return nil
}

func (g *guard) leave() {
	if g != nil {
		g.open.Add(-1)
	}
}

// discard closes a connection that may have opened another file. A fence keeps it from moving our log into that one.
func (g *guard) discard(opened io.Closer) error {
	if now, seen := g.look(), g.seen.Load(); now.db == nil || same(now.db, seen.db) {
		return opened.Close() // SQLite itself knows that its file was moved
	}
	takeDown, err := g.file.fence()
	if err != nil {
		return err // it stays open, which moves nothing
	}
	return errors.Join(opened.Close(), takeDown())
}

// refusal returns why nothing may be read or written now, or nil.
func (g *guard) refusal() error {
	if g == nil {
		return nil
	}
	if f := g.refused.Load(); f != nil {
		return f
	}
	return nil
}

// refuse is called when the files are wrong. It logs that once.
func (g *guard) refuse(message fault.Phrase, cause error) error {
	f := &fault.Error{Kind: fault.Unavailable, Op: "sqlite.guard", Message: fault.Say(message), RetryAfter: retryAfter, Err: cause}
	if before := g.refused.Swap(f); before == nil || before.Message.Phrase != message {
		g.logger.Error(string(message)+": nothing is acknowledged until the files are right", "file", g.db, "error", cause)
	}
	select {
	case g.wrong <- struct{}{}:
	default:
	}
	return f
}

// committed is told of each commit. Its error means that the outcome is unknown.
func (g *guard) committed(state uint32) error {
	if g == nil {
		return nil
	}
	if err := g.check(false); err != nil {
		return err
	}
	g.advance(state)
	g.lastCommit.Store(int64(time.Since(g.started)))
	return nil
}

// numberEvery is how long states may share a number: to write one with each commit would cost a page of the log.
const numberEvery = 50 * time.Millisecond

// wantsNumber reports whether the state that a transaction leads to shall have a number of its own: a checkpoint may have let the next
// one begin the log anew, or the last number is old.
func (g *guard) wantsNumber() bool {
	if g == nil {
		return true
	}
	now := int64(time.Since(g.started))
	if last := g.numbered.Load(); last > 0 && now-last < int64(numberEvery) {
		return false
	}
	g.numbered.Store(now)
	return true
}

// forgetNumber lets the next transaction number its state: the one that was to do so has stored nothing, or the log was emptied.
func (g *guard) forgetNumber() {
	if g != nil {
		g.numbered.Store(0)
	}
}

// known returns the newest number that is known.
func (g *guard) known() uint32 {
	if g == nil {
		return 0
	}
	return g.state.Load()
}

// advance notes a state, unless a newer one is known. Numbers wrap around.
func (g *guard) advance(state uint32) {
	for known := g.state.Load(); int32(state-known) > 0; known = g.state.Load() { //nolint:gosec // the difference is meant
		if g.state.CompareAndSwap(known, state) {
			return
		}
	}
}

// wroteWithin reports whether a commit has reached the disk lately.
func (g *guard) wroteWithin(d time.Duration) bool {
	last := time.Duration(g.lastCommit.Load())
	return last > 0 && time.Since(g.started)-last < d
}

// check refuses if the files are not those that were opened. It looks into the data file if that has changed, or if it is told to.
func (g *guard) check(into bool) error {
	if g == nil {
		return nil
	}
	if err := g.refusal(); err != nil {
		return err
	}
	seen, now := g.seen.Load(), g.look()
	if seen == nil {
		return nil // not opened yet
	}
	switch {
	case !same(now.db, seen.db):
		return g.refuse(movedMessage, nil)
	case !same(now.wal, seen.wal) || !same(now.shm, seen.shm):
		return g.refuse(besideFiles, nil)
	case !into && untouched(now.db, seen.db):
		return nil
	}
	switch err := g.lookInto(now); {
	case err == nil:
		return nil
	case isOther(err):
		g.tainted.Store(true)
		return g.refuse(otherContent, err)
	default:
		return unavailable("sqlite.guard", "the data file cannot be read or written", err)
	}
}

// isOther reports whether a look into the file has found other content, rather than nothing: descriptors or time may have run out.
func isOther(err error) bool {
	if errors.Is(err, errOtherState) || code(err) == sqlite3.SQLITE_IOERR_SHORT_READ { // the log is shorter than its index says
		return true
	}
	c := code(err) & 0xff
	return c == sqlite3.SQLITE_NOTADB || c == sqlite3.SQLITE_CORRUPT
}

// checkState refuses a state that is older than one that is known: the log or its index was written over.
func (g *guard) checkState(state uint32) error {
	if g == nil || g.seen.Load() == nil || int32(state-g.known()) >= 0 { //nolint:gosec // the difference is meant, numbers wrap around
		return nil
	}
	g.tainted.Store(true)
	return g.refuse(otherContent, errOtherState)
}

// glance is the look that each read takes: nobody shall see what was copied over the file.
func (g *guard) glance() error {
	if g == nil {
		return nil
	}
	if err := g.refusal(); err != nil {
		return err
	}
	seen := g.seen.Load()
	if seen == nil {
		return nil // not opened yet
	}
	if now, err := os.Stat(g.db); err == nil && untouched(now, seen.db) {
		return nil
	}
	return g.check(false)
}

var errOtherState = errors.New("its state is none that this file can have")

// lookInto compares the data file without its log with what it can be: only checkpoints write to it, and they only go forward.
func (g *guard) lookInto(now files) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), defaultTimeout)
	defer cancel()
	if g.holder == nil {
		return nil // closing
	}
	known := g.state.Load() // before the file says its own: others commit meanwhile
	main, err := g.file.header(ctx)
	if err != nil {
		return err
	}
	current, err := readHeader(ctx, g.holder)
	if err != nil {
		return err
	}
	if !between(g.main.state, main.state, current.state) || !between(known, current.state, known+maxJump) {
		return errOtherState
	}
	if main.schema != g.main.schema { // somebody has changed the schema: the log shows who copied it
		found, err := readLog(g.wal)
		if err != nil {
			return err
		}
		emptied := found.pages == 0 && !untouched(now.wal, g.seen.Load().wal) // by whoever has changed the schema
		if !emptied && (found.pages == 0 || !found.follows(main)) {
			return errOtherState
		}
	}
	g.main = main
	g.forgetNumber() // the log may begin anew
	g.advance(current.state)
	g.seen.Store(&now)
	return nil
}

// between compares numbers that wrap around.
func between(from, n, to uint32) bool { return n-from <= maxJump && n-from <= to-from }

// explain returns what is behind an error of SQLite: files that went, or a disk that is full.
func (g *guard) explain(err error) error {
	if err == nil || g == nil {
		return err
	}
	if code(err) == sqlite3.SQLITE_CONSTRAINT_DATATYPE {
		return err // a total that is too large
	}
	switch c := code(err) & 0xff; c {
	case 0, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_FULL:
		return err
	default:
		if refusal := g.check(true); refusal != nil {
			return errors.Join(refusal, err)
		}
		if c == sqlite3.SQLITE_IOERR && isFull(g.db) {
			return errors.Join(errDiskFull, err)
		}
	}
	return err
}

// hold opens the holder and takes the files for the right ones.
func (g *guard) hold(ctx context.Context, busy time.Duration) error {
	before := g.look()
	c, err := g.file.connector(writing, busy).open() //nolint:contextcheck // a look into the file has a bound of its own
	if err != nil {
		return err
	}
	current, err := readHeader(ctx, c)
	if err != nil {
		return errors.Join(err, c.Close())
	}
	main, err := g.file.header(ctx)
	if err != nil {
		return errors.Join(err, c.Close())
	}
	now := g.look()
	if !same(before.db, now.db) || now.wal == nil || now.shm == nil {
		return errors.Join(errors.New("the files went while they were opened"), c.Close())
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.holder, g.main = c, main
	g.state.Store(current.state)
	g.seen.Store(&now)
	g.tainted.Store(false)
	g.refused.Store(nil)
	return nil
}

// letGo closes the holder.
func (g *guard) letGo() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.holder == nil {
		return nil
	}
	c := g.holder
	g.holder = nil
	return c.Close()
}
