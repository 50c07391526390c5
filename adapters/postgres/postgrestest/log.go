package postgrestest

import "sync"

// logTail is how much of the server's log is kept, in bytes.
const logTail = 16 << 10

// logBuffer keeps the end of what is written to it, for messages of failing tests.
type logBuffer struct {
	mu   sync.Mutex
	text []byte
}

// Write keeps p, forgetting what is older than the tail.
func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.text = append(b.text, p...)
	if excess := len(b.text) - logTail; excess > 0 {
		b.text = append(b.text[:0], b.text[excess:]...)
	}
	return len(p), nil
}

func (b *logBuffer) tail() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return string(b.text)
}
