package postgres_test

import (
	"errors"
	"io"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"expense-tracker/adapters/postgres"
	"expense-tracker/adapters/postgres/postgrestest"
	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

// A server that is there and says nothing is the fault that only a deadline ends: no connection breaks.
func TestASilentServerIsUnavailableInTime(t *testing.T) {
	const timeout = 300 * time.Millisecond
	target, err := url.Parse(postgrestest.Start(t))
	if err != nil {
		t.Fatal(err)
	}
	line := newLine(t, target.Host)
	target.Host = line.address
	store := open(t, target.String(), postgres.Options{OperationTimeout: timeout})
	eventually(t, func() error { // on a busy machine the first connection may take longer than the time
		_, err := store.Add(t.Context(), ledger.Default, entry(1, usd(t)))
		return err
	})
	line.hold()
	for name, call := range map[string]func() error{
		"add": func() error { _, err := store.Add(t.Context(), ledger.Default, entry(2, usd(t))); return err },
		"add all": func() error {
			_, err := store.AddAll(t.Context(), ledger.Default, []expense.Entry{entry(3, usd(t))})
			return err
		},
		"state": func() error { _, err := store.State(t.Context(), ledger.Default); return err },
		"get":   func() error { _, err := store.Get(t.Context(), ledger.Default, 1); return err },
	} {
		started := time.Now()
		if err := call(); !errors.Is(err, fault.Unavailable) {
			t.Errorf("%s: %v, want Unavailable", name, err)
		}
		if took := time.Since(started); took > 5*time.Second {
			t.Errorf("%s took %s of a limit of %s", name, took, timeout)
		}
	}
	line.release()
	eventually(t, func() error {
		_, err := store.Add(t.Context(), ledger.Default, entry(4, usd(t)))
		return err
	})
}

// line is a connection to the server that can be made to pass nothing on.
type line struct {
	address string
	mu      sync.RWMutex // held for writing while nothing passes
	delay   atomic.Int64 // of each answer, in nanoseconds
}

func newLine(t *testing.T, server string) *line {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() }) // which ends accept
	l := &line{address: listener.Addr().String()}
	go func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("tcp", server)
			if err != nil {
				_ = near.Close() // as a server that is down would
				continue
			}
			go l.pass(near, far, new(atomic.Int64))
			go l.pass(far, near, &l.delay)
		}
	}()
	return l
}

func (l *line) pass(from io.ReadCloser, to io.WriteCloser, delay *atomic.Int64) {
	defer func() { _, _ = from.Close(), to.Close() }() // the other direction ends with it
	chunk := make([]byte, 4096)
	for {
		n, err := from.Read(chunk)
		time.Sleep(time.Duration(delay.Load()))
		l.mu.RLock()
		_, failed := to.Write(chunk[:n])
		l.mu.RUnlock()
		if err != nil || failed != nil {
			return
		}
	}
}

func (l *line) hold()    { l.mu.Lock() }
func (l *line) release() { l.mu.Unlock() }

// The currencies of the list of today are stored at the first start at once, however far the server is.
func TestAStartDoesNotAskAFarServerForEachCurrency(t *testing.T) {
	target, err := url.Parse(postgrestest.Start(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := postgres.Migrate(t.Context(), target.String()); err != nil {
		t.Fatal(err)
	}
	line := newLine(t, target.Host)
	line.delay.Store(int64(80 * time.Millisecond))
	target.Host = line.address
	store := open(t, target.String(), postgres.Options{OperationTimeout: 3 * time.Second})
	if c, err := store.Currency(t.Context(), "KWD"); err != nil || c.Digits() != 3 {
		t.Errorf("KWD has %d decimals, %v", c.Digits(), err)
	}
}
