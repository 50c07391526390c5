package program_test

import (
	"fmt"
	"slices"
	"testing"

	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/programtest"
)

func TestTheListIsTurnedPageByPageBothWays(t *testing.T) {
	programtest.OnEach(t, programtest.Storages(), func(t *testing.T, url string) {
		user := programtest.Visit(t, programtest.Start(t, url, "--config", programtest.WriteFile(t, "config.yaml",
			"web:\n  page_size: 10\n")).URL)
		const count = 25
		for i := range count { // three a day, so that pages break within a day
			user.Submit("/add", programtest.Form("category", fmt.Sprint("number ", i), "price", "1", "date", fmt.Sprintf("2024-03-%02d", 1+i/3)))
		}
		var want []string
		for i := range count {
			want = append(want, fmt.Sprint("number ", count-1-i))
		}
		home := user.Get("/")
		down, pages := walk(t, user, home, "Older expenses", "Older")
		check.Equal(t, "pages", len(pages), 3)
		if !slices.Equal(down, want) {
			t.Errorf("going down: %v", down)
		}
		up, _ := walk(t, user, user.Get("/expenses?from=oldest"), "Newer")
		slices.Sort(up)
		slices.Sort(want)
		if !slices.Equal(up, want) {
			t.Errorf("going up: %v", up)
		}
		edited := user.Get(pages[1].Newest().Link)
		back := user.Submit(pages[1].Newest().Link, edited.Change("note", "seen"))
		check.Equal(t, "the page after an edit begins with", back.Newest().Category, pages[1].Newest().Category)
	})
}

// walk follows the link from page to page, and returns the categories of all rows and the pages.
func walk(t *testing.T, user *programtest.Visitor, from *programtest.Page,
	links ...string) (categories []string, pages []*programtest.Page) {
	t.Helper()
	for at := from; len(pages) < 20; {
		pages = append(pages, at)
		for _, row := range at.Rows() {
			categories = append(categories, row.Category)
		}
		next := ""
		for _, text := range links {
			next = max(next, at.Link(text))
		}
		if next == "" {
			return categories, pages
		}
		at = user.Get(next)
	}
	t.Fatal("the pages have no end")
	return nil, nil
}

func TestARestartKeepsEverything(t *testing.T) {
	programtest.OnEach(t, programtest.DurableStorages(), func(t *testing.T, url string) {
		p := programtest.Start(t, url)
		user := programtest.Visit(t, p.URL)
		user.Submit("/add", programtest.Form("category", "food", "price", "0.10", "idempotency_key", "a-key"))
		link := user.Add("mistake", "5.00").Newest().Link
		user.Submit(link+"/delete", programtest.Form("revision", "1"))
		user.Submit("/add", programtest.Form("category", "sushi", "price", "300", "currency", "JPY", "note", "two\nlines"))
		before := user.Get("/")
		if err := p.Stop(); err != nil {
			t.Fatalf("the program's end: %v", err)
		}

		user = programtest.Visit(t, programtest.Start(t, url).URL)
		after := user.Get("/")
		check.Equal(t, "total", after.Total(), "0.10")
		if !slices.Equal(after.Rows(), before.Rows()) {
			t.Errorf("rows %v, before %v", after.Rows(), before.Rows())
		}
		check.Equal(t, "deleted", user.Get(link).Status, 200)
		home := user.Submit("/add", programtest.Form("category", "food", "price", "0.10", "idempotency_key", "a-key"))
		check.Contains(t, "the message", home.Message(), "added before", "stored once")
		check.Equal(t, "total", home.Total(), "0.10")
		check.Equal(t, "rows in the database", programtest.Stored(t, url), 2)
	})
}
