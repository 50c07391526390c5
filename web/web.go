// Package web is the HTTP adapter: pages and forms over the core's use cases, rendered on the server and working without
// JavaScript. A handler decodes, calls the service, and renders or redirects; what goes wrong is returned and turned into a
// status and a page in errors.go. The package knows the core only: no storage, no configuration, no telemetry.
package web

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
)

// defaultBodyLimit is room for the longest note and category, each character percent-encoded, several times over.
const defaultBodyLimit = 64 << 10

// Options are what a Site needs besides the service. The zero Options make a site for one local owner.
type Options struct {
	Logger    *slog.Logger                                  // gets failures of our own making; none if nil
	Actor     func(*http.Request) (ledger.Actor, error)     // who asks; the local owner if nil
	NewKey    func() expense.Key                            // makes each form's idempotency key; random if nil
	RequestID func(context.Context) string                  // shown beside an internal error, so that its log line can be found; may be nil
	Submitted func(context.Context, expense.Receipt, error) // told how each sending of the form for a new expense ended; may be nil
	BodyLimit int64                                         // bytes of a request's body; 64 KiB if 0
	Timeout   time.Duration                                 // of all that a request asks of the storage; none if 0
	Version   string                                        // of the program, shown at the foot of each page; may be empty
	Demo      bool                                          // a banner says that nothing is kept
}

// Site serves the pages. It is safe for concurrent use.
type Site struct {
	service  *expense.Service
	options  Options
	mux      *http.ServeMux
	answers  http.Handler // the mux and what is around it
	assets   *assets
	pages    *pages
	kept     *pageCache
	buffers  sync.Pool // of *[]byte, for putting pages together
	guard    *http.CrossOriginProtection
	security []header
}

// New returns the site of a service. It fails if a template or an asset is broken.
func New(service *expense.Service, options Options) (*Site, error) {
	if service == nil {
		return nil, errors.New("web: no service")
	}
	assets, err := loadAssets()
	if err != nil {
		return nil, err
	}
	pages, err := parsePages()
	if err != nil {
		return nil, err
	}
	site := &Site{
		service: service, options: withDefaults(options), mux: http.NewServeMux(), assets: assets, pages: pages,
		guard: http.NewCrossOriginProtection(), security: securityHeaders(),
		buffers: sync.Pool{New: func() any { return new([]byte) }},
	}
	site.kept = newPageCache(service, site.renderPlain, keptBytes)
	site.routes()
	if site.answers, err = compressing(http.HandlerFunc(site.route)); err != nil {
		return nil, fmt.Errorf("web: compression: %w", err)
	}
	return site, nil
}

func withDefaults(o Options) Options {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Actor == nil {
		o.Actor = func(*http.Request) (ledger.Actor, error) { return ledger.LocalOwner(), nil }
	}
	if o.NewKey == nil {
		o.NewKey = func() expense.Key { return expense.Key(rand.Text()) }
	}
	if o.RequestID == nil {
		o.RequestID = func(context.Context) string { return "" }
	}
	if o.Submitted == nil {
		o.Submitted = func(context.Context, expense.Receipt, error) {}
	}
	if o.BodyLimit <= 0 {
		o.BodyLimit = defaultBodyLimit
	}
	return o
}
