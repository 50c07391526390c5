package web

import (
	"bytes"
	"html"
	"net/http"
	"strconv"
	"sync"

	"expense-tracker/core/expense"
)

// keyMark is what stands before the form's key on a page. What a user typed is escaped, so it cannot contain these quotes.
const keyMark = `name="idempotency_key" value="`

// keptPage is a rendered page, around the place of its form's key if it has a form.
type keptPage struct {
	head, tail []byte
	form       bool
	gzip       func() *gzipped // compresses the page, once
}

// newKeptPage cuts the key out of a page, for each reader's form has one of its own.
func newKeptPage(content []byte) *keptPage {
	mark := bytes.Index(content, []byte(keyMark))
	if mark < 0 {
		return &keptPage{head: content, gzip: compressOnce(content, nil)}
	}
	start := mark + len(keyMark)
	length := bytes.IndexByte(content[start:], '"') // it is there: the template puts the value in quotes
	head, tail := content[:start], content[start+length:]
	return &keptPage{head: head, tail: tail, form: true, gzip: compressOnce(head, tail)}
}

// compressOnce waits for the first reader who wants it: most programs that read a page do not.
func compressOnce(head, tail []byte) func() *gzipped {
	return sync.OnceValue(func() *gzipped { return newGzipped(head, tail) })
}

// weight returns how many bytes the page takes at most, its compressed copy included.
func (p *keptPage) weight() int { return 2*(len(p.head)+len(p.tail)) + pageOverhead }

// sendKept sends a kept page with a key of its own, in one write, compressed if the client takes that.
func (s *Site) sendKept(w http.ResponseWriter, r *http.Request, page *keptPage) {
	zip := takesGzip(r) && len(page.head)+len(page.tail) >= smallest
	if !page.form && !zip {
		send(w, http.StatusOK, page.head)
		return
	}
	var key expense.Key
	if page.form {
		key = s.options.NewKey()
	}
	buffer := s.buffers.Get().(*[]byte)
	defer s.buffers.Put(buffer)
	if zip {
		w.Header()["Content-Encoding"] = []string{encodingGzip}
		*buffer = page.zipped((*buffer)[:0], key)
	} else {
		*buffer = page.with((*buffer)[:0], key)
	}
	send(w, http.StatusOK, *buffer)
}

// zipped appends the page to a buffer, compressed, with a key in its form.
func (p *keptPage) zipped(buffer []byte, key expense.Key) []byte {
	return p.gzip().with(buffer, html.EscapeString(string(key)))
}

// with appends the page to a buffer, with a key in its form.
func (p *keptPage) with(buffer []byte, key expense.Key) []byte {
	buffer = append(buffer, p.head...)
	buffer = append(buffer, html.EscapeString(string(key))...)
	return append(buffer, p.tail...)
}

// send writes a page that is complete.
func send(w http.ResponseWriter, status int, page []byte) {
	h := w.Header()
	h["Content-Type"] = []string{"text/html; charset=utf-8"}
	h["Content-Length"] = []string{strconv.Itoa(len(page))}
	w.WriteHeader(status)
	w.Write(page) //nolint:errcheck,gosec // the client went away; there is nobody to tell
}
