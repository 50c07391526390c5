// Package load is people who use the program while it suffers: each knows exactly what it was told, and says so when that is not true.
package load

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"expense-tracker/cmd/chaos/internal/evidence"
)

// Category is a client's own category. Its name is nobody else's.
type Category struct {
	Name string
	id   int64 // 0 until it was looked up
}

// Expense is an expense as its client was told that it is.
type Expense struct {
	ID       int64
	Tag      string // the note begins with it
	Note     string
	Minor    int64
	Category *Category
	Deleted  bool
}

// Client works on expenses and categories of its own, one change after the other.
type Client struct {
	browser
	sum        *Sum
	name       string
	drawn      int
	categories []*Category
	Expenses   []*Expense
	Changes    int // that were acknowledged
}

// NewClient returns a client with nothing yet.
func NewClient(name string, instances Instances, sum *Sum, record *evidence.Record, seed uint64) *Client {
	random := rand.New(rand.NewPCG(seed, uint64(len(name)))) //nolint:gosec // to be repeated, not to be secret
	return &Client{browser: newBrowser(instances, record, random), sum: sum, name: name}
}

// Work makes changes until stop is closed. A change that has begun is brought to its end, as long as ctx lasts.
func (c *Client) Work(ctx context.Context, stop <-chan struct{}) {
	for {
		select {
		case <-stop:
			return
		case <-time.After(time.Duration(c.random.IntN(40)) * time.Millisecond):
		}
		if err := c.change(ctx); err != nil && err != errRefused { //nolint:errorlint // ours, as it is
			c.record.Breach(c.name+": "+err.Error(), "")
			return
		}
	}
}

func (c *Client) change(ctx context.Context) error {
	draw := c.random.IntN(100)
	if draw < 50 || len(c.Expenses) < 3 {
		return c.Add(ctx)
	}
	e := c.Expenses[c.random.IntN(len(c.Expenses))]
	switch {
	case e.Deleted:
		return c.press(ctx, e, "restore", e.Minor)
	case draw < 72:
		return c.edit(ctx, e)
	case draw < 84:
		return c.press(ctx, e, "delete", -e.Minor)
	case draw < 94:
		return c.rename(ctx, e.Category)
	}
	return c.merge(ctx)
}

func (c *Client) fresh(kind string) string {
	c.drawn++
	return fmt.Sprintf("%s-%s%d", c.name, kind, c.drawn)
}

func (c *Client) category() *Category {
	if len(c.categories) < 3 {
		return &Category{Name: c.fresh("k")}
	}
	return c.categories[c.random.IntN(len(c.categories))]
}

// Add adds an expense by the form of the first page.
func (c *Client) Add(ctx context.Context) error {
	home, err := c.page(ctx, "/")
	if err != nil {
		return err
	}
	form := home.forms["/add"]
	if form.Get("idempotency_key") == "" {
		c.record.Breach(c.name+": no form on the first page", "")
		return errRefused
	}
	e := &Expense{Tag: c.fresh("e") + ";", Minor: 1 + c.random.Int64N(100_000), Category: c.category()}
	e.Note = e.Tag
	form.Set("category", e.Category.Name)
	form.Set("price", decimal(e.Minor))
	form.Set("note", e.Note)
	a, err := c.send(ctx, "/add", form, e.Minor)
	if err != nil {
		return err
	}
	kind, id, _ := strings.Cut(a.flash, ".")
	e.ID, err = strconv.ParseInt(id, 10, 64)
	if err != nil || kind != "added" && (kind != "known" || a.tries == 1 && !c.instances.Repeats()) {
		c.record.Breach(fmt.Sprintf("%s: the answer says %q", a, a.flash), "")
	}
	c.Expenses = append(c.Expenses, e)
	if len(c.categories) == 0 || !c.has(e.Category) {
		c.categories = append(c.categories, e.Category)
	}
	return nil
}

func (c *Client) has(category *Category) bool {
	for _, known := range c.categories {
		if known == category {
			return true
		}
	}
	return false
}

// send sends a form that has to be taken, and moves the sum.
func (c *Client) send(ctx context.Context, path string, form url.Values, delta int64) (answer, error) {
	f := c.sum.begin(delta)
	a, err := c.ask(ctx, http.MethodPost, path, form)
	if err != nil {
		return a, err // under way for ever
	}
	f.land(a.status == http.StatusSeeOther)
	if a.status != http.StatusSeeOther {
		c.record.Breach(fmt.Sprintf("%s: %s, though nobody else changes it", c.name, a), a.body)
		return a, errRefused
	}
	c.acknowledged(a)
	return a, nil
}

// acknowledged notes that a change was acknowledged.
func (c *Client) acknowledged(a answer) {
	c.Changes++
	c.record.Acknowledge(a.String(), a.firstTry, a.answered)
}

// form returns a form of a page, and says so if the page does not show what the client knows.
func (c *Client) form(ctx context.Context, path, action string, knows map[string]string) (url.Values, error) {
	p, err := c.page(ctx, path)
	if err != nil {
		return nil, err
	}
	form, has := p.forms[action]
	if !has {
		c.record.Breach(fmt.Sprintf("%s: %s has no form for %s", c.name, path, action), "")
		return nil, errRefused
	}
	for field, value := range knows {
		if form.Get(field) != value {
			c.record.Breach(fmt.Sprintf("%s: %s shows %s %q, acknowledged was %q", c.name, path, field, form.Get(field), value), "")
		}
	}
	return form, nil
}

func (c *Client) edit(ctx context.Context, e *Expense) error {
	path := fmt.Sprintf("/expenses/%d", e.ID)
	form, err := c.form(ctx, path, path, map[string]string{"category": e.Category.Name, "price": decimal(e.Minor), "note": e.Note})
	if err != nil {
		return err
	}
	after := *e
	after.Minor = 1 + c.random.Int64N(100_000)
	after.Note = e.Tag + c.fresh("v")
	after.Category = c.categories[c.random.IntN(len(c.categories))]
	form.Set("category", after.Category.Name)
	form.Set("price", decimal(after.Minor))
	form.Set("note", after.Note)
	if _, err := c.send(ctx, path, form, after.Minor-e.Minor); err != nil {
		return err
	}
	*e = after
	return nil
}

// press deletes an expense or brings it back.
func (c *Client) press(ctx context.Context, e *Expense, what string, delta int64) error {
	path := fmt.Sprintf("/expenses/%d", e.ID)
	form, err := c.form(ctx, path, path+"/"+what, nil)
	if err != nil {
		return err
	}
	if _, err := c.send(ctx, path+"/"+what, form, delta); err != nil {
		return err
	}
	e.Deleted = !e.Deleted
	return nil
}

// find looks a category up in the list, if it was not before.
func (c *Client) find(ctx context.Context, category *Category) error {
	for path := "/categories"; category.id == 0; {
		p, err := c.page(ctx, path)
		if err != nil {
			return err
		}
		if link := p.links[category.Name]; link != "" {
			category.id, err = strconv.ParseInt(strings.TrimPrefix(link, "/categories/"), 10, 64)
			return err
		}
		if path = p.links["More categories"]; path == "" {
			c.record.Breach(fmt.Sprintf("%s: category %s is in no list", c.name, category.Name), "")
			return errRefused
		}
	}
	return nil
}

func (c *Client) rename(ctx context.Context, category *Category) error {
	if err := c.find(ctx, category); err != nil {
		return err
	}
	path := fmt.Sprintf("/categories/%d", category.id)
	form, err := c.form(ctx, path, path+"/rename", map[string]string{"category": category.Name})
	if err != nil {
		return err
	}
	name := c.fresh("k")
	form.Set("category", name)
	if _, err := c.send(ctx, path+"/rename", form, 0); err != nil {
		return err
	}
	category.Name = name
	return nil
}

// merge merges the client's first category into its last.
func (c *Client) merge(ctx context.Context) error {
	if len(c.categories) < 2 {
		return nil
	}
	from, into := c.categories[0], c.categories[len(c.categories)-1]
	for _, category := range []*Category{from, into} {
		if err := c.find(ctx, category); err != nil {
			return err
		}
	}
	path := fmt.Sprintf("/categories/%d", from.id)
	form, err := c.form(ctx, path, path+"/merge", nil)
	if err != nil {
		return err
	}
	form.Set("into", strconv.FormatInt(into.id, 10))
	if _, err := c.send(ctx, path+"/merge", form, 0); err != nil {
		return err
	}
	c.categories = c.categories[1:]
	for _, e := range c.Expenses {
		if e.Category == from {
			e.Category = into
		}
	}
	return nil
}

// decimal writes minor units of a currency with two digits.
func decimal(minor int64) string {
	sign := ""
	if minor < 0 {
		sign, minor = "-", -minor
	}
	return fmt.Sprintf("%s%d.%02d", sign, minor/100, minor%100)
}
