package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"expense-tracker/cmd/bench/internal/load"
	"expense-tracker/cmd/bench/internal/report"
	"expense-tracker/cmd/bench/internal/stats"
	"expense-tracker/cmd/bench/internal/stock"
)

// How often a page is asked for in a round. A search through a tenth of a ledger takes long.
const (
	askedOften  = 20
	askedSeldom = 5
)

// What a ledger gets before its pages are read, so that each has something to show.
const (
	rareWord   = "umbrella"
	rareOnes   = 5
	inTheBin   = 60 // more than a page
	budgetsSet = 12
)

// readPage is a page that is read after an add, so that nothing kept answers it.
type readPage struct {
	task    string
	address string
	times   int
}

// readPages are the pages of a ledger with a category.
func readPages(today time.Time, category string) []readPage {
	month, year := today.Format("2006-01"), today.Format("2006")
	return []readPage{
		{report.Home, "/", askedOften},
		{report.Month, "/months/" + month, askedOften},
		{report.Year, "/years/" + year, askedOften},
		{report.Category, category, askedOften},
		{report.Bin, "/bin", askedOften},
		{report.Budgets, "/budgets", askedOften},
		{report.SearchRare, "/search?q=" + rareWord, askedOften},
		{report.SearchTenth, "/search?q=market", askedSeldom}, // payees and notes of some 12 % of what generate makes
		{report.SearchMonth, "/search?category=" + path.Base(category) + "&from=" + month + "-01&to=" + today.Format(time.DateOnly), askedOften},
	}
}

// reads measures pages as they are after a change, by one client, in turns of the numbers of expenses.
func (r *run) reads(ctx context.Context, of stock.Stock, subjects []*counted) error {
	for _, subject := range subjects {
		if err := r.furnish(ctx, subject); err != nil {
			return err
		}
	}
	for round := range r.rounds {
		r.say("%s: pages after an add, round %d of %d", of.Name(), round+1, r.rounds)
		for n := range readPages(r.today, "") {
			for _, subject := range subjects {
				page := readPages(r.today, subject.categories[0])[n]
				key := report.Key{Storage: of.Name(), Expenses: subject.Size, Task: page.task, Clients: 1, Subject: report.AfterAdd}
				if err := r.readAfterAdds(ctx, key, subject, page, round); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// readAfterAdds asks for a page, each time after an add, and records how long the page took.
func (r *run) readAfterAdds(ctx context.Context, key report.Key, subject *counted, page readPage, round int) error {
	latencies := make([]time.Duration, 0, page.times)
	var content []byte
	for n := range page.times {
		if err := r.addOne(ctx, subject, fmt.Sprintf("read-%s-%d-%d", url.QueryEscape(page.task), round, n), ""); err != nil {
			return err
		}
		sent := time.Now()
		var err error
		if content, err = fetch(ctx, subject.URL+page.address); err != nil {
			return err
		}
		latencies = append(latencies, time.Since(sent))
	}
	slices.Sort(latencies)
	r.figures.RecordLoad(key, load.Result{
		PerSecond: 1 / stats.Percentile(latencies, 50).Seconds(), P50: stats.Percentile(latencies, 50), P99: stats.Percentile(latencies, 99),
		Bytes: len(content),
	})
	return nil
}

// furnish gives a ledger rare notes, a full bin and budgets.
func (r *run) furnish(ctx context.Context, subject *counted) error {
	for n := range rareOnes {
		if err := r.addOne(ctx, subject, fmt.Sprint("rare-", n), rareWord); err != nil {
			return err
		}
	}
	for subject.binned < inTheBin {
		if err := subject.binNewest(ctx); err != nil {
			return err
		}
	}
	list, err := fetch(ctx, subject.URL+"/categories")
	if err != nil {
		return err
	}
	for _, link := range categoryLink.FindAllSubmatch(list, budgetsSet) {
		subject.categories = append(subject.categories, string(link[1]))
	}
	if len(subject.categories) == 0 {
		return errors.New("the list of categories is empty")
	}
	for _, category := range subject.categories {
		err := submit(ctx, subject.URL+"/budgets", url.Values{"category": {path.Base(category)}, "amount": {"300"}})
		if err != nil {
			return err
		}
	}
	return nil
}

func (r *run) addOne(ctx context.Context, subject *counted, key, note string) error {
	subject.acknowledged++
	return submit(ctx, subject.URL+"/add", url.Values{"category": {"Coffee"}, "price": {"2.50"}, "currency": {"USD"}, "note": {note},
		"date": {r.today.Format(time.DateOnly)}, "idempotency_key": {key}})
}

var (
	categoryLink = regexp.MustCompile(`href="(/categories/\d+)"`)
	rowLink      = regexp.MustCompile(`href="(/expenses/\d+)\b`)
	seenRevision = regexp.MustCompile(`name="revision" value="([^"]+)"`)
)

// binNewest deletes what the first page of the list shows, until the bin is full.
func (c *counted) binNewest(ctx context.Context) error {
	list, err := fetch(ctx, c.URL+"/expenses")
	if err != nil {
		return err
	}
	links := rowLink.FindAllSubmatch(list, inTheBin)
	if len(links) == 0 {
		return errors.New("the list has no expense to delete")
	}
	for _, link := range links {
		if c.binned == inTheBin {
			return nil
		}
		address := c.URL + string(link[1])
		shown, err := fetch(ctx, address)
		if err != nil {
			return err
		}
		revision := seenRevision.FindSubmatch(shown)
		if revision == nil {
			return fmt.Errorf("%s has no revision", address)
		}
		if err := submit(ctx, address+"/delete", url.Values{"revision": {string(revision[1])}}); err != nil {
			return err
		}
		c.binned++
		c.acknowledged--
	}
	return nil
}

// submit sends a form, which has to be taken.
func submit(ctx context.Context, address string, form url.Values) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusSeeOther {
		err = fmt.Errorf("POST %s: %s", address, response.Status)
	}
	return errors.Join(err, response.Body.Close())
}
