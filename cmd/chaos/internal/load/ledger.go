package load

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
)

// ledgerCookie is what a browser has that is in another ledger than the default one.
const ledgerCookie = "expense_ledger"

// defaultLedger has all that no browser wishes elsewhere.
const defaultLedger = 1

// Found makes a ledger, and stays in it.
func (c *Client) Found(ctx context.Context) error {
	form := url.Values{"name": {c.name}, "currency": {"USD"}, "zone": {"UTC"}, "idempotency_key": {c.name}}
	a, err := c.ask(ctx, http.MethodPost, "/ledgers", form)
	if err != nil {
		return err
	}
	if a.status != http.StatusSeeOther || a.ledger == "" {
		return fmt.Errorf("%s makes no ledger: %s: %s", c.name, a, a.body)
	}
	c.ledger = a.ledger
	return nil
}

// Join goes to the ledger that another is in.
func (c *Client) Join(other *Client) { c.ledger, c.sum = other.ledger, other.sum }

// Ledger returns the number of the ledger that the client is in.
func (c *Client) Ledger() int64 {
	id, err := strconv.ParseInt(c.ledger, 10, 64)
	if err != nil {
		return defaultLedger
	}
	return id
}
