package keptpage

import (
	"math"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// A page that takes more than this part of the bytes is not kept: it would push out too many others.
const largestShare = 4

// pageOverhead is what a kept page costs besides its content, about.
const pageOverhead = 512

// bounded keeps pages up to a number of bytes. The page that nobody has asked for longest goes first.
type bounded struct {
	limit int

	mu    sync.Mutex
	pages *simplelru.LRU[name, dated]
	bytes int
}

func newBounded(limit int) *bounded {
	b := &bounded{limit: limit}
	pages, err := simplelru.NewLRU(math.MaxInt32, func(_ name, gone dated) { b.bytes -= gone.page.weight() })
	if err != nil {
		panic(err) // only a size below one is an error
	}
	b.pages = pages
	return b
}

func (b *bounded) get(of name) (dated, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.pages.Get(of)
}

// put replaces a page. A slow rendering may replace a newer one; then the next request renders again.
func (b *bounded) put(of name, page dated) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.pages.Remove(of)
	if page.page.weight() > b.limit/largestShare {
		return
	}
	b.bytes += page.page.weight()
	b.pages.Add(of, page)
	for b.bytes > b.limit {
		b.pages.RemoveOldest()
	}
}
