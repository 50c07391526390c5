package observability

import (
	"io"
	"sync"
	"time"
)

const (
	chunkSize = 32 << 10               // bytes that are gathered at most: half of what a pipe holds
	chunkWait = 200 * time.Millisecond // what a crash may take of the log
)

// Chunks gathers what is written and hands it on in few large writes: when a chunk is full, 200 ms after its first line, on Flush and on
// Close. A write for each line would cost a busy program, and whoever reads its log, a quarter of what they can do. Any number of
// goroutines may use it; what one of them has written stays in its order.
type Chunks struct {
	to io.Writer

	writing sync.Mutex // is held while to is written, and taken before mu
	spare   []byte     // the memory of the chunk before, guarded by writing

	mu        sync.Mutex
	gathering []byte
	wait      *time.Timer // runs only while something is gathered
	closed    bool
}

// NewChunks returns a Chunks before a writer. The caller ends it with Close.
func NewChunks(to io.Writer) *Chunks {
	return &Chunks{to: to, gathering: make([]byte, 0, chunkSize), spare: make([]byte, 0, chunkSize)}
}

// Write keeps the line for the chunk that goes next. It waits only if a chunk is full and the one before is still being written.
func (c *Chunks) Write(line []byte) (int, error) {
	if c.gather(line) {
		return len(line), c.Flush()
	}
	return len(line), nil
}

// gather reports whether the chunk has to go now.
func (c *Chunks) gather(line []byte) (full bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	first := len(c.gathering) == 0
	c.gathering = append(c.gathering, line...)
	if c.closed || len(c.gathering) >= chunkSize-chunkSize/8 { // so that a usual line does not make the memory grow
		return true
	}
	if first && c.wait == nil {
		c.wait = time.AfterFunc(chunkWait, func() { _ = c.Flush() }) // there is no better place to say that the log cannot be written
	} else if first {
		c.wait.Reset(chunkWait)
	}
	return false
}

// Flush writes what is gathered, and waits for another's write of what came before.
func (c *Chunks) Flush() error {
	c.writing.Lock()
	defer c.writing.Unlock()
	c.mu.Lock()
	chunk := c.gathering
	c.gathering = c.spare[:0]
	if c.wait != nil {
		c.wait.Stop()
	}
	c.mu.Unlock()
	c.spare = chunk
	if len(chunk) == 0 {
		return nil
	}
	_, err := c.to.Write(chunk)
	return err
}

// Close writes what is gathered. A line that comes later is written at once.
func (c *Chunks) Close() error {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	return c.Flush()
}
