package observability_test

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"

	"expense-tracker/adapters/memory"
	"expense-tracker/observability"
)

// How the program puts the parts together.
func Example() {
	telemetry, err := observability.New(observability.Options{Version: "1.0.0", Revision: "abc"})
	if err != nil {
		log.Fatal(err)
	}
	storage := memory.New()
	if _, err := telemetry.Store(storage.Expenses(), storage.ExpenseCounter()); err != nil {
		log.Fatal(err)
	}
	health, err := telemetry.NewHealth(storage.Ready)
	if err != nil {
		log.Fatal(err)
	}
	pages := http.NewServeMux()
	pages.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		entries, err := storage.ExpenseCounter().CountExpenses(r.Context())
		_, _ = fmt.Fprintln(w, entries, "entries,", err)
	})
	site := observability.Endpoints{Metrics: telemetry.MetricsHandler(), Health: health}.Before(pages)
	handler := telemetry.Middleware(site, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusInternalServerError)
		_, _ = io.WriteString(w, "something went wrong")
	})

	for _, path := range []string{"/", "/readyz"} {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		fmt.Print(w.Code, " ", w.Body)
	}
	// Output:
	// 200 0 entries, <nil>
	// 200 ok
}
