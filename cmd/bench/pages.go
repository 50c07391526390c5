package main

import (
	"context"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"

	"expense-tracker/cmd/bench/internal/limit"
	"expense-tracker/cmd/bench/internal/load"
	"expense-tracker/cmd/bench/internal/report"
	"expense-tracker/cmd/bench/internal/stock"
)

// pages measures reading, in turns: the static page, then the program with each number of expenses.
func (r *run) pages(ctx context.Context, of stock.Stock, subjects []*stock.Subject) (err error) {
	home, err := fetch(ctx, subjects[len(subjects)-1].URL+"/")
	if err != nil {
		return err
	}
	static, err := r.startStatic(ctx, home)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, static.Stop()) }()
	for round := range r.rounds {
		r.say("%s: pages, round %d of %d", of.Name(), round+1, r.rounds)
		for _, clients := range []int{1, 8} {
			key := report.Key{Storage: of.Name(), Task: report.Home, Clients: clients, Subject: report.Static}
			result, err := load.Run(ctx, static.URL, load.Page(static.URL), r.load(clients))
			if err != nil {
				return err
			}
			r.figures.RecordLoad(key, result)
			for _, subject := range subjects {
				if err := r.read(ctx, of, subject, clients); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// read measures three pages of one ledger: the first, the one behind it, and the last. The latter two are asked for by one client
// only: they show that depth costs nothing.
func (r *run) read(ctx context.Context, of stock.Stock, subject *stock.Subject, clients int) error {
	home, err := fetch(ctx, subject.URL+"/")
	if err != nil {
		return err
	}
	older, err := linkToOlder(home)
	if err != nil {
		return err
	}
	pages := []struct{ task, address string }{{report.Home, "/"}, {report.Older, older}, {report.Oldest, "/expenses?from=oldest"}}
	if clients > 1 {
		pages = pages[:1]
	}
	for _, page := range pages {
		key := report.Key{Storage: of.Name(), Expenses: subject.Size, Task: page.task, Clients: clients, Subject: report.Program}
		if err := r.measure(ctx, key, subject, load.Page(subject.URL+page.address), nil); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) load(clients int) load.Options {
	return load.Options{Clients: clients, Warmup: warmup, Duration: r.duration}
}

// startStatic serves a page from another process of this program.
func (r *run) startStatic(ctx context.Context, page []byte) (*limit.Static, error) {
	file := filepath.Join(r.folder, "page.html")
	if err := os.WriteFile(file, page, 0o600); err != nil {
		return nil, err
	}
	return limit.StartStatic(ctx, file, r.self, staticCommand)
}

// linkToOlder finds the address of the second page on the first.
func linkToOlder(home []byte) (string, error) {
	link := regexp.MustCompile(`href="(/expenses\?before=[^"]+)"[^>]*rel="next"`).FindSubmatch(home)
	if link == nil {
		return "", errors.New("the home page has no link to older expenses: --sizes has to be larger than a page")
	}
	return html.UnescapeString(string(link[1])), nil
}

// fetch returns a page that is answered with 200.
func fetch(ctx context.Context, url string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close() //nolint:errcheck // it was read
	page, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("GET %s: %s: %.300s", url, response.Status, page)
	}
	return page, err
}
