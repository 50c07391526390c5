package config

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
	"time"
)

// The most that is read of a file. A device or a pipe may go on for ever.
const (
	maxSecret = 64 << 10
	maxFile   = 1 << 20
)

// A pipe may be named before its writer has opened it. It is waited for, but not for ever.
const (
	pipeTimeout  = 30 * time.Second
	pipeInterval = 20 * time.Millisecond
)

// readInput returns what a file or a pipe holds, up to limit bytes; more is an error. It ends with ctx, even where the other side of a
// pipe stays silent.
func readInput(ctx context.Context, path string, limit int64) (content []byte, err error) {
	ctx, cancel := context.WithTimeout(ctx, pipeTimeout)
	defer cancel()
	// Without O_NONBLOCK, opening a pipe would wait for its writer, and nothing could end that wait.
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0) //nolint:gosec // the operator names the file
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // it was only read
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return nil, syscall.EISDIR
	}
	isPipe := info.Mode()&os.ModeNamedPipe != 0
	if !isPipe && !info.Mode().IsRegular() {
		return nil, errors.New("is neither a file nor a pipe")
	}
	defer context.AfterFunc(ctx, func() { _ = file.SetReadDeadline(time.Unix(1, 0)) })() // a file has no deadline and needs none
	content, err = io.ReadAll(io.LimitReader(file, limit+1))
	for isPipe && err == nil && len(content) == 0 && pause(ctx, pipeInterval) { // nobody writes to it yet
		content, err = io.ReadAll(io.LimitReader(file, limit+1))
	}
	switch {
	case ctx.Err() != nil:
		return nil, fmt.Errorf("the pipe was not written to its end: %w", ctx.Err())
	case err != nil:
		return nil, err
	case int64(len(content)) > limit:
		return nil, fmt.Errorf("holds more than %d bytes", limit)
	}
	return content, nil
}

// pause waits, and reports whether ctx lasted longer.
func pause(ctx context.Context, wait time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(wait):
		return true
	}
}

// input is a file as koanf's provider, read within its bounds.
type input struct {
	ctx  context.Context //nolint:containedctx // koanf's interface has no context
	path string
}

// ReadBytes returns the file's content.
func (i input) ReadBytes() ([]byte, error) { return readInput(i.ctx, i.path, maxFile) }

// Read is for providers that parse by themselves; this one does not.
func (i input) Read() (map[string]any, error) { return nil, errors.ErrUnsupported }
