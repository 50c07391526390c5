// Package stock keeps storages that are filled with a number of expenses, and runs the program on them.
package stock

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"expense-tracker/cmd/bench/internal/crowd"
	"expense-tracker/tests/rig/program"
)

// entriesKept is longer than the program may show an old number of entries.
const entriesKept = 1100 * time.Millisecond

// Stock is one kind of storage.
type Stock interface {
	// Name is how the kind is called: postgres, sqlite, memory.
	Name() string
	// Lasts reports whether what is stored outlives the program.
	Lasts() bool
	// Fill makes the original of a size: a storage of exactly that many expenses.
	Fill(ctx context.Context, size int) error
	// Serve runs the program on the original. Only one may run at a time, and none while a copy is made.
	Serve(ctx context.Context, size int) (*Subject, error)
	// ServeCopy runs the program on a copy of the original.
	ServeCopy(ctx context.Context, size int) (*Subject, error)
}

// Shared is a kind of storage that several programs can use at a time, and that lasts.
type Shared interface {
	Stock
	// Original returns the URL of the original of a size.
	Original(size int) string
	// Empty makes another storage and returns its URL.
	Empty(ctx context.Context, name string) (url string, err error)
	// Open opens a storage in this process.
	Open(ctx context.Context, url string) (Opened, error)
	// ServeGated runs the program on a storage of so many expenses, for people who sign in.
	ServeGated(ctx context.Context, url string, size int) (*Subject, error)
}

// Opened is a storage that this process has opened.
type Opened interface {
	crowd.Storage
	Close() error
}

// subjectGated is a subject where people sign in.
func (r runner) subjectGated(ctx context.Context, url string, size int) (*Subject, error) {
	running, err := r.serveGated(ctx, url)
	if err != nil {
		return nil, err
	}
	return &Subject{Program: running, Size: size, verify: func(ctx context.Context) error { return r.verify(ctx, url) }}, nil
}

// Subject is the program on a storage.
type Subject struct {
	*program.Program
	Size   int // expenses at the start
	verify func(context.Context) error
	drop   func(context.Context) error // nil to keep the storage
}

// Entries returns how many expenses are stored, as the program's metrics say.
func (s *Subject) Entries(ctx context.Context) (int64, error) {
	time.Sleep(entriesKept)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+"/metrics", nil)
	if err != nil {
		return 0, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close() //nolint:errcheck // it was read as far as it matters
	lines := bufio.NewScanner(response.Body)
	for lines.Scan() {
		rest, found := strings.CutPrefix(lines.Text(), "expense_entries")
		if !found || strings.HasPrefix(rest, "_") {
			continue
		}
		var entries float64
		if _, err := fmt.Sscan(rest[strings.LastIndexByte(rest, ' ')+1:], &entries); err != nil {
			return 0, fmt.Errorf("expense_entries: %w", err)
		}
		return int64(entries), nil
	}
	return 0, errors.Join(errors.New("no expense_entries in /metrics"), lines.Err())
}

// Check compares what is stored with what was there at the start and the adds that the program acknowledged since, and the totals
// with the sums of their expenses.
func (s *Subject) Check(ctx context.Context, acknowledged int64) error {
	entries, err := s.Entries(ctx)
	if err != nil {
		return err
	}
	if want := int64(s.Size) + acknowledged; entries != want {
		return fmt.Errorf("%d expenses are stored, but %d were there and %d were acknowledged: %+d", entries, s.Size, acknowledged, entries-want)
	}
	if s.verify == nil {
		return nil
	}
	return s.verify(ctx)
}

// Close stops the program, and removes the storage if it is a copy.
func (s *Subject) Close(ctx context.Context) error {
	err := s.Stop()
	if s.drop != nil {
		err = errors.Join(err, s.drop(context.WithoutCancel(ctx)))
	}
	return err
}
