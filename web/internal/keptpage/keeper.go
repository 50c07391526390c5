// Package keptpage keeps rendered pages for as long as their ledger's state and the day stay the same. A request then costs one
// cheap query of the state and a copy; the key of the page's form is new in each copy. The package knows no page and no area.
package keptpage

import (
	"net/http"
	"sync"

	"expense-tracker/core/idempotency"
	"expense-tracker/web/internal/compress"
	"expense-tracker/web/internal/page"
	"expense-tracker/web/internal/words"
)

// Keeper is what all shelves share: the ledgers' states, and what each copy of a page needs. It is safe for concurrent use.
type Keeper struct {
	states  *latestStates
	newKey  func() idempotency.Key
	buffers sync.Pool // of *[]byte, for putting copies together
}

// NewKeeper returns a keeper. newKey makes the key of each copy's form.
func NewKeeper(service States, newKey func() idempotency.Key) *Keeper {
	return &Keeper{states: newLatestStates(service), newKey: newKey, buffers: sync.Pool{New: func() any { return new([]byte) }}}
}

// send sends a copy of a page with a key of its own, in one write, compressed if the client takes that.
func (k *Keeper) send(w http.ResponseWriter, r *http.Request, in *words.Language, p *rendered) {
	zip := compress.Accepted(r) && p.size() >= compress.Smallest
	if !p.form && !zip {
		page.Send(w, in, http.StatusOK, p.head)
		return
	}
	var key idempotency.Key
	if p.form {
		key = k.newKey()
	}
	buffer := k.buffers.Get().(*[]byte)
	defer k.buffers.Put(buffer)
	if zip {
		w.Header()["Content-Encoding"] = []string{compress.Encoding}
		*buffer = p.appendZipped((*buffer)[:0], key)
	} else {
		*buffer = p.appendPlain((*buffer)[:0], key)
	}
	page.Send(w, in, http.StatusOK, *buffer)
}
