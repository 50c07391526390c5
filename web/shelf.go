package web

import (
	"math"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// A page that takes more than this part of a shelf is not kept: it would push out too many others.
const largestShare = 4

// pageOverhead is what a kept page costs besides its content, about.
const pageOverhead = 512

// shelf keeps pages up to a number of bytes. The page that nobody has asked for longest goes first.
type shelf struct {
	limit int

	mu    sync.Mutex
	pages *simplelru.LRU[pageName, pageAsOf]
	bytes int
}

func newShelf(limit int) *shelf {
	s := &shelf{limit: limit}
	pages, err := simplelru.NewLRU(math.MaxInt32, func(_ pageName, gone pageAsOf) { s.bytes -= gone.page.weight() })
	if err != nil {
		panic(err) // only a size below one is an error
	}
	s.pages = pages
	return s
}

func (s *shelf) get(name pageName) (pageAsOf, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pages.Get(name)
}

// put replaces a page. A slow rendering may replace a newer one; then the next request renders again.
func (s *shelf) put(name pageName, page pageAsOf) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pages.Remove(name)
	if page.page.weight() > s.limit/largestShare {
		return
	}
	s.bytes += page.page.weight()
	s.pages.Add(name, page)
	for s.bytes > s.limit {
		s.pages.RemoveOldest()
	}
}
