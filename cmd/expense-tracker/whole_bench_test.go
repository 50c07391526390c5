package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"expense-tracker/config"
	"expense-tracker/tests/rig/programtest"
)

// BenchmarkWhole drives the program as it is wired, in this process, with eight clients: for profiles (-cpuprofile) of the whole, which
// the program itself does not serve.
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

// serveHere runs the program in this process until the benchmark ends, and returns its URL.
func serveHere(b *testing.B, storage string) string {
	b.Helper()
	settings, _, err := config.Load(b.Context(), config.LoadOptions{Environ: []string{config.EnvPrefix + "LISTEN=127.0.0.1:0",
		config.EnvPrefix + "STORAGE=" + storage}})
	if err != nil {
		b.Fatal(err)
	}
	output, said := io.Pipe()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		ended <- serve(ctx, process{stdout: said, stderr: io.Discard}, settings)
		said.Close() //nolint:errcheck // a pipe's end that cannot fail
	}()
	b.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			b.Error(err)
		}
	})
	text := make([]byte, 1000)
	n, err := output.Read(text)
	if err != nil {
		b.Fatal(errors.Join(err, <-ended))
	}
	line, _, _ := bytes.Cut(text[:n], []byte("\n"))
	_, address, _ := strings.Cut(string(line), " is at ")
	return address
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
