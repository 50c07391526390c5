package load

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Shared is an expense that several clients change, each against the others.
type Shared struct {
	mu      sync.Mutex
	expense *Expense
	latest  int // revision that the latest acknowledged change started from
	changes map[int]string
}

// NewShared shares a client's expense.
func NewShared(e *Expense) *Shared { return &Shared{expense: e, changes: map[int]string{}} }

// acknowledged notes a change that started from a revision. It returns false if another one did too.
func (s *Shared) acknowledged(revision int, minor int64, note string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, taken := s.changes[revision]; taken {
		return false
	}
	s.changes[revision] = note
	if revision > s.latest {
		s.latest, s.expense.Minor, s.expense.Note = revision, minor, note
	}
	return true
}

// Rival changes the shared expense until stop is closed. A conflict is final: then the change must not be stored.
func (c *Client) Rival(ctx context.Context, shared *Shared, stop <-chan struct{}) {
	for {
		select {
		case <-stop:
			return
		case <-time.After(time.Duration(20+c.random.IntN(100)) * time.Millisecond):
		}
		if err := c.contend(ctx, shared); err != nil && err != errRefused { //nolint:errorlint // ours, as it is
			c.record.Breach(c.name+": "+err.Error(), "")
			return
		}
	}
}

func (c *Client) contend(ctx context.Context, shared *Shared) error {
	path := fmt.Sprintf("/expenses/%d", shared.expense.ID)
	form, err := c.form(ctx, path, path, nil)
	if err != nil {
		return err
	}
	digits, _, _ := strings.Cut(form.Get("revision"), "-")
	revision, err := strconv.Atoi(digits)
	if err != nil {
		return fmt.Errorf("revision %q: %w", form.Get("revision"), err)
	}
	before, err := minorOf(form.Get("price"))
	if err != nil {
		return err
	}
	minor, note := 1+c.random.Int64N(100_000), shared.expense.Tag+c.fresh("v")
	form.Set("price", decimal(minor))
	form.Set("note", note)
	f := c.sum.begin(minor - before)
	a, err := c.ask(ctx, http.MethodPost, path, form)
	if err != nil {
		return err
	}
	f.land(a.status == http.StatusSeeOther)
	switch a.status {
	case http.StatusSeeOther:
		c.acknowledged(a)
		if !shared.acknowledged(revision, minor, note) {
			c.record.Breach(fmt.Sprintf("%s: two changes of revision %d were acknowledged", a, revision), "")
		}
	case http.StatusConflict:
	default:
		c.record.Breach(fmt.Sprintf("%s: %s", c.name, a), a.body)
	}
	return nil
}

// minorOf reads what decimal writes.
func minorOf(text string) (int64, error) {
	return strconv.ParseInt(strings.ReplaceAll(strings.Replace(text, ".", "", 1), ",", ""), 10, 64)
}
