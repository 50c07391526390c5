package load

import (
	"context"
	"net/http"
)

const astrayChanges = 5

// Astray makes changes that nobody will rely on, and looks at the first page of every instance afterwards. An error says that a change has
// no final answer: it may still happen.
func (c *Client) Astray(ctx context.Context) error {
	for range astrayChanges {
		if err := c.change(ctx); err != nil && err != errRefused { //nolint:errorlint // ours, as it is
			return err
		}
	}
	for _, url := range c.instances.URLs() {
		_, _ = c.once(ctx, http.MethodGet, url, "/", nil, "") // that it was asked for is enough
	}
	return nil
}
