package observability_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"expense-tracker/adapters/memory"
	"expense-tracker/core/expense/expensetest"
	"expense-tracker/core/ledger"
	"expense-tracker/observability"
)

// blank is a response that costs nothing, so that only the handlers are measured.
type blank struct{ header http.Header }

func (b *blank) Header() http.Header         { return b.header }
func (b *blank) Write(p []byte) (int, error) { return len(p), nil }
func (b *blank) WriteHeader(int)             {}
func (b *blank) Flush()                      {}

func BenchmarkMiddleware(b *testing.B) {
	page := []byte(strings.Repeat("a page of five kilobytes ", 200))
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(page) })
	for _, bench := range []struct{ name, level, format string }{
		{"text", "info", "text"}, {"json", "info", "json"}, {"quiet", "error", "json"},
	} {
		logger, err := observability.NewLogger(io.Discard, bench.level, bench.format)
		if err != nil {
			b.Fatal(err)
		}
		telemetry := newTelemetry(b, observability.Options{Logger: logger})
		b.Run(bench.name, func(b *testing.B) { benchmarkHandler(b, telemetry.Middleware(mux, internalError)) })
	}
	b.Run("none", func(b *testing.B) { benchmarkHandler(b, mux) })
}

func benchmarkHandler(b *testing.B, handler http.Handler) {
	r := httptest.NewRequest(http.MethodGet, "http://localhost:5000/", nil)
	b.ReportAllocs()
	for b.Loop() {
		handler.ServeHTTP(&blank{header: make(http.Header)}, r)
	}
}

func BenchmarkStore(b *testing.B) {
	ctx := context.Background()
	plain := expensetest.StoreOf(memory.New())
	measured, err := newTelemetry(b, observability.Options{}).Store(plain, plain)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("measured", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_, _ = measured.State(ctx, ledger.Default)
		}
	})
	b.Run("plain", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_, _ = plain.State(ctx, ledger.Default)
		}
	})
}

// BenchmarkLogFile compares a line of the log in a file, written by itself and gathered.
func BenchmarkLogFile(b *testing.B) {
	file, err := os.OpenFile(filepath.Join(b.TempDir(), "log"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = file.Close() }() // it goes with its folder
	chunks := observability.NewChunks(file)
	defer func() { _ = chunks.Close() }() // likewise
	alone, err := observability.NewLogger(file, "info", "text")
	if err != nil {
		b.Fatal(err)
	}
	together, err := observability.NewLogger(chunks, "info", "text")
	if err != nil {
		b.Fatal(err)
	}
	b.Run("alone", func(b *testing.B) {
		for b.Loop() {
			alone.Info("request", "method", "POST", "route", "/add", "status", 303)
		}
	})
	b.Run("together", func(b *testing.B) {
		for b.Loop() {
			together.Info("request", "method", "POST", "route", "/add", "status", 303)
		}
	})
}
