package web

import (
	"context"
	"fmt"

	"golang.org/x/sync/singleflight"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
)

// keptBytes bounds the pages kept over all ledgers, compressed copies included. One home page takes some 50 kB.
const keptBytes = 16 << 20

// renderAt renders the page of a place in the list as it is when nothing just happened; at the zero cursor that is the home page.
// It also says as of when the content is, which may be later than now; the zero moment is of a page that is not worth keeping.
type renderAt func(ctx context.Context, actor ledger.Actor, place cursor, now moment) (content []byte, asOf moment, err error)

// pageCache keeps pages of the list, rendered, the first one included, for as long as their ledger's state and the day stay the
// same. The state is asked of the storage for every request, so that a change is seen at once on every instance.
type pageCache struct {
	states  *freshStates
	render  renderAt
	flights singleflight.Group

	homes  *shelf
	places *shelf // apart, so that no walk through a long list, or through made-up places, pushes out a home page
}

// pageName says which page, whoever reads it. The query is written by cursor, never by a client, so that made-up parameters add none.
type pageName struct {
	ledger ledger.ID
	query  string
}

// pageAsOf is a page and the moment it shows.
type pageAsOf struct {
	moment
	page *keptPage
}

// moment is what a page is good for: a state of the ledger, on a day.
type moment struct {
	state expense.State
	day   civil.Date
}

func newPageCache(service states, render renderAt, limit int) *pageCache {
	return &pageCache{states: newFreshStates(service), render: render, homes: newShelf(limit / 2), places: newShelf(limit / 2)}
}

// get returns a page as of now.
func (c *pageCache) get(ctx context.Context, actor ledger.Actor, place cursor, today civil.Date) (*keptPage, error) {
	state, err := c.states.get(ctx, actor)
	if err != nil {
		return nil, err
	}
	name, now := pageName{actor.Ledger, place.query()}, moment{state, today}
	shelf := c.places
	if place == (cursor{}) {
		shelf = c.homes
	}
	found, ok := shelf.get(name)
	if ok && found.moment == now {
		return found.page, nil
	}
	// Who waits for another's rendering asked for the same state, and what is rendered is of that state or a later one.
	shared, err, _ := c.flights.Do(fmt.Sprint(name, now), func() (any, error) {
		// Others wait for it too, whatever becomes of this client; the storage has its own deadline.
		content, asOf, err := c.render(context.WithoutCancel(ctx), actor, place, now)
		if err != nil {
			return nil, err
		}
		page := newKeptPage(content)
		if asOf != (moment{}) {
			shelf.put(name, pageAsOf{asOf, page})
		}
		return page, nil
	})
	if err != nil {
		return nil, err
	}
	return shared.(*keptPage), nil
}
