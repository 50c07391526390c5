package observability

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
)

// caughtPanic is what a handler panicked with, and where.
type caughtPanic struct {
	value any
	stack []byte
}

// isAbort reports whether the handler asked net/http to break the response off, which is no fault.
func (p *caughtPanic) isAbort() bool {
	err, ok := p.value.(error)
	return ok && errors.Is(err, http.ErrAbortHandler)
}

func (p *caughtPanic) attrs() []slog.Attr {
	if p.isAbort() {
		return []slog.Attr{slog.Bool("aborted", true)}
	}
	return []slog.Attr{slog.String("panic", fmt.Sprint(p.value)), slog.String("stack", string(p.stack))}
}

// guarded lets the next handler answer and returns what it panicked with, or nil.
func (o *observer) guarded(w http.ResponseWriter, r *http.Request) (caught *caughtPanic) {
	defer func() {
		if value := recover(); value != nil {
			caught = &caughtPanic{value: value, stack: debug.Stack()}
		}
	}()
	o.next.ServeHTTP(w, r)
	return nil
}

// forgetContent takes off a header what described the page that is not coming.
func forgetContent(header http.Header) {
	for _, name := range []string{
		"Content-Length", "Content-Type", "Content-Encoding", "Cache-Control", "Etag", "Last-Modified", "Location",
	} {
		header.Del(name)
	}
}
