package main

import (
	"fmt"
	"slices"
	"testing"
)

func TestTheListIsTurnedPageByPageBothWays(t *testing.T) {
	onEach(t, storages(), func(t *testing.T, url string) {
		user := visit(t, start(t, url, "--config", writeFile(t, "config.yaml", "web:\n  page_size: 10\n")).URL)
		const count = 25
		for i := range count { // three a day, so that pages break within a day
			user.submit("/add", form("category", fmt.Sprint("number ", i), "price", "1", "date", fmt.Sprintf("2024-03-%02d", 1+i/3)))
		}
		var want []string
		for i := range count {
			want = append(want, fmt.Sprint("number ", count-1-i))
		}
		home := user.get("/")
		down, pages := walk(t, user, home, "Older expenses", "Older")
		expect(t, "pages", len(pages), 3)
		if !slices.Equal(down, want) {
			t.Errorf("going down: %v", down)
		}
		up, _ := walk(t, user, user.get("/expenses?from=oldest"), "Newer")
		slices.Sort(up)
		slices.Sort(want)
		if !slices.Equal(up, want) {
			t.Errorf("going up: %v", up)
		}
		edited := user.get(pages[1].newest().link)
		back := user.submit(pages[1].newest().link, edited.change("note", "seen"))
		expect(t, "the page after an edit begins with", back.newest().category, pages[1].newest().category)
	})
}

// walk follows the link from page to page, and returns the categories of all rows and the pages.
func walk(t *testing.T, user *visitor, from *page, links ...string) (categories []string, pages []*page) {
	t.Helper()
	for at := from; len(pages) < 20; {
		pages = append(pages, at)
		for _, row := range at.rows() {
			categories = append(categories, row.category)
		}
		next := ""
		for _, text := range links {
			next = max(next, at.link(text))
		}
		if next == "" {
			return categories, pages
		}
		at = user.get(next)
	}
	t.Fatal("the pages have no end")
	return nil, nil
}

func TestARestartKeepsEverything(t *testing.T) {
	onEach(t, durableStorages(), func(t *testing.T, url string) {
		p := start(t, url)
		user := visit(t, p.URL)
		user.submit("/add", form("category", "food", "price", "0.10", "idempotency_key", "a-key"))
		link := user.add("mistake", "5.00").newest().link
		user.submit(link+"/delete", form("revision", "1"))
		user.submit("/add", form("category", "sushi", "price", "300", "currency", "JPY", "note", "two\nlines"))
		before := user.get("/")
		if err := p.Stop(); err != nil {
			t.Fatalf("the program's end: %v", err)
		}

		user = visit(t, start(t, url).URL)
		after := user.get("/")
		expect(t, "total", after.total(), "0.10")
		if !slices.Equal(after.rows(), before.rows()) {
			t.Errorf("rows %v, before %v", after.rows(), before.rows())
		}
		expect(t, "deleted", user.get(link).status, 200)
		home := user.submit("/add", form("category", "food", "price", "0.10", "idempotency_key", "a-key"))
		contains(t, "the message", home.message(), "added before", "stored once")
		expect(t, "total", home.total(), "0.10")
		expect(t, "rows in the database", stored(t, url), 2)
	})
}
