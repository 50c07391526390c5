package bounds_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"testing"

	"expense-tracker/config"
	"expense-tracker/core/ledger"
	"expense-tracker/core/ledger/ledgertest"
	"expense-tracker/tests/rig/programtest"
	"expense-tracker/web"
)

// BenchmarkWhole drives the program's parts in this process, wired as it wires them, with eight clients: for profiles (-cpuprofile) of the
// whole, which the program itself does not serve.
func BenchmarkWhole(b *testing.B) {
	for _, storage := range programtest.DurableStorages() {
		address := serveHere(b, storage.Make(b))
		for n := range 60 { // a full page
			if err := addOnce(address, fmt.Sprint("category ", n%12)); err != nil {
				b.Fatal(err)
			}
		}
		b.Run(storage.Name+"/home", func(b *testing.B) { inParallel(b, func() error { return getOnce(address) }) })
		b.Run(storage.Name+"/add", func(b *testing.B) { inParallel(b, func() error { return addOnce(address, "category 1") }) })
	}
}

func inParallel(b *testing.B, request func() error) {
	b.SetParallelism(4)
	b.ReportAllocs()
	b.RunParallel(func(next *testing.PB) {
		for next.Next() {
			if err := request(); err != nil {
				b.Error(err)
				return
			}
		}
	})
}

// serveHere serves the storage in this process until the benchmark ends, and returns its URL.
func serveHere(b *testing.B, url string) string {
	b.Helper()
	s, err := newServing(b.Context(), nil, io.Discard, config.EnvPrefix+"LISTEN=127.0.0.1:0", config.EnvPrefix+"STORAGE="+url)
	if err != nil {
		b.Fatal(err)
	}
	opened, err := openStorage(b.Context(), url, s.settings.Database, s.telemetry)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := opened.Close(); err != nil {
			b.Error(err)
		}
	})
	services, err := s.services(opened)
	if err != nil {
		b.Fatal(err)
	}
	own := ledgertest.Ledger(ledger.Default)
	if _, err := opened.Ledgers().Define(b.Context(), own); err != nil {
		b.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	address, ended := make(chan string, 1), make(chan error, 1)
	go func() {
		ended <- s.run(ctx, services, web.Options{Ledger: own}, func(found string) { address <- found })
	}()
	select {
	case found := <-address:
		b.Cleanup(func() {
			stop()
			if err := <-ended; err != nil {
				b.Error(err)
			}
		})
		return found
	case err := <-ended:
		stop()
		b.Fatal(err)
		return ""
	}
}

// client keeps a connection for each of the clients, and follows nothing.
var client = &http.Client{
	Transport:     &http.Transport{MaxIdleConnsPerHost: 16},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

func getOnce(address string) error {
	response, err := client.Get(address + "/")
	return finish(response, err, http.StatusOK)
}

func addOnce(address, category string) error {
	response, err := client.PostForm(address+"/add", url.Values{"category": {category}, "price": {"12.50"}, "note": {"a note"}})
	return finish(response, err, http.StatusSeeOther)
}

func finish(response *http.Response, err error, want int) error {
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, response.Body)
	if response.StatusCode != want {
		err = errors.Join(err, fmt.Errorf("status %d, want %d", response.StatusCode, want))
	}
	return errors.Join(err, response.Body.Close())
}
