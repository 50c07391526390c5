package web

import (
	"bytes"
	"html"
	"net/http"
	"strconv"

	"expense-tracker/core/expense"
)

// keyMark is what stands before the form's key on a page. What a user typed is escaped, so it cannot contain these quotes.
const keyMark = `name="idempotency_key" value="`

// keptPage is a rendered page, around the place of its form's key if it has a form.
type keptPage struct {
	head, tail []byte
	form       bool
}

// newKeptPage cuts the key out of a page, for each reader's form has one of its own.
func newKeptPage(content []byte) *keptPage {
	mark := bytes.Index(content, []byte(keyMark))
	if mark < 0 {
		return &keptPage{head: content}
	}
	start := mark + len(keyMark)
	length := bytes.IndexByte(content[start:], '"') // it is there: the template puts the value in quotes
	return &keptPage{head: content[:start], tail: content[start+length:], form: true}
}

// sendKept sends a kept page with a key of its own, in one write.
func (s *Site) sendKept(w http.ResponseWriter, page *keptPage) {
	if !page.form {
		send(w, http.StatusOK, page.head)
		return
	}
	buffer := s.buffers.Get().(*[]byte)
	defer s.buffers.Put(buffer)
	*buffer = page.with((*buffer)[:0], s.options.NewKey())
	send(w, http.StatusOK, *buffer)
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
