package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// crowd adds expenses, and remembers which of them were acknowledged, and when.
type crowd struct {
	client *http.Client

	mu      sync.Mutex
	url     string // of the program
	sent    int
	told    map[string]time.Time // by note
	unknown map[string]bool      // sent, and never answered: either is right
	refused error                // of an add that was answered with neither success nor a failure of the storage
	first   chan time.Time       // gets the next acknowledgement, if somebody waits for it
}

func newCrowd(program string) *crowd {
	return &crowd{
		client: &http.Client{
			Timeout:       10 * time.Second,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		url: program, told: map[string]time.Time{}, unknown: map[string]bool{},
	}
}

// moved tells where the program is now.
func (c *crowd) moved(program string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.url = program
}

// work lets clients add until the function that it returns is called, which waits for their last answers.
func (c *crowd) work(ctx context.Context, clients int) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var people sync.WaitGroup
	for range clients {
		people.Go(func() {
			for ctx.Err() == nil {
				c.add(context.WithoutCancel(ctx))
			}
		})
	}
	return func() {
		cancel()
		people.Wait()
	}
}

// add sends one expense, once.
func (c *crowd) add(ctx context.Context) {
	c.mu.Lock()
	c.sent++
	note, program := fmt.Sprintf("drill-%08d", c.sent), c.url
	c.mu.Unlock()
	form := url.Values{"category": {"drill"}, "price": {"1.00"}, "note": {note}, "idempotency_key": {note}}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, program+"/add", strings.NewReader(form.Encode()))
	if err != nil {
		return
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := c.client.Do(request)
	acknowledged := err == nil && answer.StatusCode == http.StatusSeeOther
	if err == nil && answer.StatusCode < http.StatusInternalServerError && !acknowledged {
		c.refuse(fmt.Errorf("POST /add: %s", answer.Status))
	}
	if err == nil {
		_, _ = io.Copy(io.Discard, answer.Body) // so that the connection is used again
		_ = answer.Body.Close()
	}
	c.note(note, acknowledged)
	if !acknowledged {
		time.Sleep(20 * time.Millisecond) // there is nobody to answer
	}
}

// refuse remembers that an add was refused, which none may be.
func (c *crowd) refuse(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.refused = err
}

// sound returns an error if adds were refused, or if none were acknowledged.
func (c *crowd) sound() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.refused == nil && len(c.told) == 0 {
		return errors.New("no add was acknowledged")
	}
	return c.refused
}

func (c *crowd) note(note string, acknowledged bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !acknowledged {
		c.unknown[note] = true
		return
	}
	c.told[note] = time.Now()
	if c.first != nil {
		c.first <- c.told[note]
		c.first = nil
	}
}

// next returns what gets the moment of the next acknowledgement.
func (c *crowd) next() <-chan time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.first = make(chan time.Time, 1)
	return c.first
}

// acknowledged returns how many adds were.
func (c *crowd) acknowledged() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.told)
}

// forget drops what was acknowledged and is known to be lost, so that the next comparison begins anew.
func (c *crowd) forget(lost []loss) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, one := range lost {
		delete(c.told, one.note)
	}
}

// dropAfter forgets what was acknowledged after a moment that was gone back to, until the mistake.
func (c *crowd) dropAfter(until, mistake time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for note, at := range c.told {
		if at.After(until) && at.Before(mistake) {
			delete(c.told, note)
		}
	}
}
