package load

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// Read reads the first page until stop is closed, and says so where its total cannot be.
func (c *Client) Read(ctx context.Context, stop <-chan struct{}) {
	for {
		select {
		case <-stop:
			return
		case <-time.After(time.Duration(c.random.IntN(30)) * time.Millisecond):
		}
		for _, url := range c.instances.URLs() {
			c.Total(ctx, url)
		}
	}
}

// Total reads the total on an instance's first page, and reports whether there was one. A wrong one is in the record.
func (c *Client) Total(ctx context.Context, url string) bool {
	w := c.sum.open()
	defer c.sum.close(w)
	a, err := c.once(ctx, http.MethodGet, url, "/", nil, "")
	if err != nil || a.status != http.StatusOK {
		return false
	}
	minor, err := minorOf(understand(a.body).totals["total"])
	if err != nil {
		c.record.Breach("the first page has no total: "+err.Error(), a.body)
		return false
	}
	c.sum.mu.Lock()
	allowed, possible := w.allows(minor), w.String()
	c.sum.mu.Unlock()
	if !allowed {
		c.record.Breach(fmt.Sprintf("the total at %s is %s, and must be %s, with any of the changes or without", url, decimal(minor),
			possible), a.body)
	}
	c.record.TotalChecked()
	return true
}
