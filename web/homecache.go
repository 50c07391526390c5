package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html"
	"net/http"
	"strconv"
	"sync"

	"golang.org/x/sync/singleflight"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
)

// maxHomes bounds the pages kept, one for each ledger: some 25 kB each.
const maxHomes = 64

// versions is what the cache asks of the service.
type versions interface {
	Version(ctx context.Context, actor ledger.Actor) (int64, error)
}

// renderHome renders a page and says at which version of the ledger.
type renderHome func(ctx context.Context, actor ledger.Actor, today civil.Date) (page []byte, version int64, err error)

// homeCache keeps each ledger's home page, rendered, for as long as the ledger's version and the day stay the same. The version is
// asked of the storage for every request, so that a change is seen at once on every instance.
type homeCache struct {
	service versions
	render  renderHome
	flights singleflight.Group
	buffers sync.Pool

	mu   sync.RWMutex
	kept map[ledger.ID]*keptHome
}

func newHomeCache(service versions, render renderHome) *homeCache {
	return &homeCache{
		service: service, render: render, kept: map[ledger.ID]*keptHome{},
		buffers: sync.Pool{New: func() any { return new([]byte) }},
	}
}

// keptHome is a page around the place of its form's key.
type keptHome struct {
	version    int64
	day        civil.Date
	head, tail []byte
}

// get returns the actor's page as of now.
func (c *homeCache) get(ctx context.Context, actor ledger.Actor, today civil.Date) (*keptHome, error) {
	version, err := c.service.Version(ctx, actor)
	if err != nil {
		return nil, err
	}
	c.mu.RLock()
	page := c.kept[actor.Ledger]
	c.mu.RUnlock()
	if page != nil && page.version == version && page.day == today {
		return page, nil
	}
	// Who waits for another's rendering asked for the same version before it began, and what is rendered is of that version or later.
	flight := fmt.Sprint(actor.Ledger, version, today)
	shared, err, _ := c.flights.Do(flight, func() (any, error) {
		return c.fill(context.WithoutCancel(ctx), actor, today) // others wait for it too; the storage has its own deadline
	})
	if err != nil {
		return nil, err
	}
	return shared.(*keptHome), nil
}

func (c *homeCache) fill(ctx context.Context, actor ledger.Actor, today civil.Date) (*keptHome, error) {
	content, version, err := c.render(ctx, actor, today)
	if err != nil {
		return nil, err
	}
	head, tail, err := splitAtKey(content)
	if err != nil {
		return nil, err
	}
	page := &keptHome{version: version, day: today, head: head, tail: tail}
	c.keep(actor.Ledger, page)
	return page, nil
}

// keep replaces a ledger's page. A slow rendering may replace a newer one; then the next request renders again.
func (c *homeCache) keep(of ledger.ID, page *keptHome) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.kept[of] == nil && len(c.kept) >= maxHomes {
		for other := range c.kept { // any one: it will be rendered again if it is asked for
			delete(c.kept, other)
			break
		}
	}
	c.kept[of] = page
}

// keyMark is what stands before the form's key on the page. What a user typed is escaped, so it cannot contain these quotes.
const keyMark = `name="idempotency_key" value="`

// splitAtKey cuts the key out of a page.
func splitAtKey(page []byte) (head, tail []byte, err error) {
	at := bytes.Index(page, []byte(keyMark))
	if at < 0 {
		return nil, nil, errors.New("web: the home page has no place for a key")
	}
	at += len(keyMark)
	length := bytes.IndexByte(page[at:], '"')
	if length < 0 {
		return nil, nil, errors.New("web: the home page's key has no end")
	}
	return page[:at:at], page[at+length:], nil
}

// write sends a kept page with a key of its own, in one write.
func (c *homeCache) write(w http.ResponseWriter, page *keptHome, key expense.Key) {
	buffer := c.buffers.Get().(*[]byte)
	defer c.buffers.Put(buffer)
	*buffer = append((*buffer)[:0], page.head...)
	*buffer = append(*buffer, html.EscapeString(string(key))...)
	*buffer = append(*buffer, page.tail...)
	send(w, http.StatusOK, *buffer)
}

// send writes a page that is complete.
func send(w http.ResponseWriter, status int, page []byte) {
	h := w.Header()
	h["Content-Type"] = []string{"text/html; charset=utf-8"}
	h["Content-Length"] = []string{strconv.Itoa(len(page))}
	w.WriteHeader(status)
	w.Write(page) //nolint:errcheck,gosec // the client went away; there is nobody to tell
}
