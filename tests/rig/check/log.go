package check

import (
	"bytes"
	"strings"
	"sync"
)

// Log is a text that is written to while it is read, by several at once. The zero Log is empty.
type Log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements io.Writer.
func (l *Log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// String returns what was written up to now.
func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// Count returns how often the log says a text.
func (l *Log) Count(text string) int { return strings.Count(l.String(), text) }
