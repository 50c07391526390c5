package keptpage

import (
	"context"
	"fmt"
	"net/http"

	"golang.org/x/sync/singleflight"

	"expense-tracker/core/civil"
	"expense-tracker/core/ledger"
	"expense-tracker/web/internal/words"
)

// Place says which page of a shelf is meant, such as a place in a list.
type Place interface {
	// Query names the place. It is written by the program, never by a client, so that made-up parameters make no other page.
	Query() string
}

// Moment is what a page is good for: a state of the ledger, on a day.
type Moment struct {
	State ledger.State
	Day   civil.Date
}

// Render renders the page of a place as it is when nothing just happened. It also says as of when the content is, which may be later
// than now. The zero Moment is of a page that is not worth keeping.
type Render[P Place] func(ctx context.Context, in *words.Language, actor ledger.Actor, place P, now Moment) (
	content []byte, asOf Moment, err error)

// Shelf keeps pages of one kind, up to a number of bytes. Each kind has a shelf of its own, so that it pushes out no page of another.
// The state is asked of the storage for every request, so that a change is seen at once on every instance.
type Shelf[P Place] struct {
	keeper  *Keeper
	render  Render[P]
	pages   *bounded
	flights singleflight.Group
}

// name names a page. Whoever reads it again is the same person, in one role and one language: a form knows who fills it in.
type name struct {
	ledger   ledger.ID
	reader   ledger.UserID
	role     ledger.Role
	language string
	query    string
}

// dated is a page and the moment that it shows.
type dated struct {
	Moment
	page *rendered
}

// NewShelf returns a shelf that holds pages of limit bytes in all, compressed copies included.
func NewShelf[P Place](keeper *Keeper, limit int, render Render[P]) *Shelf[P] {
	return &Shelf[P]{keeper: keeper, render: render, pages: newBounded(limit)}
}

// Serve answers a request with the page as of now. Where it returns an error, it has written nothing.
func (s *Shelf[P]) Serve(
	w http.ResponseWriter, r *http.Request, in *words.Language, actor ledger.Actor, place P, today civil.Date,
) error {
	page, err := s.get(r.Context(), in, actor, place, today)
	if err != nil {
		return err
	}
	s.keeper.send(w, r, in, page)
	return nil
}

// get returns a page as of now.
func (s *Shelf[P]) get(ctx context.Context, in *words.Language, actor ledger.Actor, place P, today civil.Date) (*rendered, error) {
	state, err := s.keeper.states.get(ctx, actor)
	if err != nil {
		return nil, err
	}
	wanted, now := name{actor.Ledger.ID, actor.User, actor.Role, in.Tag(), place.Query()}, Moment{state, today}
	found, ok := s.pages.get(wanted)
	if ok && found.Moment == now {
		return found.page, nil
	}
	// All who wait for a rendering asked for the same state, and what is rendered is of that state or a later one.
	shared, err, _ := s.flights.Do(fmt.Sprint(wanted, now), func() (any, error) {
		// It does not end with this client, for others wait for it too. The storage has its own deadline.
		content, asOf, err := s.render(context.WithoutCancel(ctx), in, actor, place, now)
		if err != nil {
			return nil, err
		}
		page := newRendered(content)
		if asOf != (Moment{}) {
			s.pages.put(wanted, dated{asOf, page})
		}
		return page, nil
	})
	if err != nil {
		return nil, err
	}
	return shared.(*rendered), nil
}
