package keptpage

import (
	"bytes"
	"html"
	"sync"

	"expense-tracker/core/idempotency"
	"expense-tracker/web/internal/compress"
)

// keyMark is what stands before the form's key on a page. What a user typed is escaped, so it cannot contain these quotes.
const keyMark = `name="idempotency_key" value="`

// rendered is a page, around the place of its form's key if it has a form.
type rendered struct {
	head, tail []byte
	form       bool
	gzip       func() *compress.Divided // compresses the page, once
}

// newRendered cuts the key out of a page, for each reader's form has one of its own.
func newRendered(content []byte) *rendered {
	mark := bytes.Index(content, []byte(keyMark))
	if mark < 0 {
		return &rendered{head: content, gzip: compressOnce(content, nil)}
	}
	start := mark + len(keyMark)
	length := bytes.IndexByte(content[start:], '"') // it is there: the template puts the value in quotes
	head, tail := content[:start], content[start+length:]
	return &rendered{head: head, tail: tail, form: true, gzip: compressOnce(head, tail)}
}

// compressOnce compresses a page for the first reader that takes gzip. Most programs that read a page do not take it.
func compressOnce(head, tail []byte) func() *compress.Divided {
	return sync.OnceValue(func() *compress.Divided { return compress.Divide(head, tail) })
}

// size returns the bytes of the page without a key.
func (p *rendered) size() int { return len(p.head) + len(p.tail) }

// weight returns how many bytes the page takes at most, its compressed copy included.
func (p *rendered) weight() int { return 2*p.size() + pageOverhead }

// appendZipped appends the page to a buffer, compressed, with a key in its form.
func (p *rendered) appendZipped(buffer []byte, key idempotency.Key) []byte {
	return p.gzip().Append(buffer, html.EscapeString(string(key)))
}

// appendPlain appends the page to a buffer, with a key in its form.
func (p *rendered) appendPlain(buffer []byte, key idempotency.Key) []byte {
	buffer = append(buffer, p.head...)
	buffer = append(buffer, html.EscapeString(string(key))...)
	return append(buffer, p.tail...)
}
