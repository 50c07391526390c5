package stock_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"expense-tracker/cmd/bench/internal/stock"
	"expense-tracker/tests/rig/program"
)

// subject is a program that says it has 105 expenses, of which 100 were there at the start.
func subject(t *testing.T, metrics string) *stock.Subject {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(metrics)) }))
	t.Cleanup(server.Close)
	return &stock.Subject{Program: &program.Program{URL: server.URL}, Size: 100}
}

func TestCheckFindsWhatWasLostAndWhatWasDoubled(t *testing.T) {
	const metrics = "# HELP expense_entries Expenses stored.\nexpense_entries_other 7\nexpense_entries{otel_scope_name=\"x\"} 105\n"
	for _, c := range []struct {
		name, metrics string
		acknowledged  int64
		want          string
	}{
		{"exact", metrics, 5, ""},
		{"lost", metrics, 6, "-1"},
		{"doubled", metrics, 4, "+1"},
		{"unknown", "nothing 1\n", 5, "no expense_entries in /metrics"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			err := subject(t, c.metrics).Check(t.Context(), c.acknowledged)
			if (err == nil) != (c.want == "") || (err != nil && !strings.HasSuffix(err.Error(), c.want)) {
				t.Errorf("error %v, want one that ends with %q", err, c.want)
			}
		})
	}
}

// A deployment's log is a file on some disk, so what is measured has to write one too.
func TestWhatIsMeasuredLogsIntoAFile(t *testing.T) {
	folder := t.TempDir()
	binary, err := program.Build(t.Context(), folder)
	if err != nil {
		t.Fatal(err)
	}
	subject, err := stock.NewMemory(binary, folder, time.Now()).Serve(t.Context(), 10)
	if err != nil {
		t.Fatal(err)
	}
	if err := subject.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	logs, err := filepath.Glob(filepath.Join(folder, "*.log"))
	if err != nil || len(logs) != 1 {
		t.Fatalf("logs %v, %v", logs, err)
	}
	log, err := os.ReadFile(logs[0])
	if err != nil || strings.Count(string(log), "route=/add") != 10 {
		t.Errorf("the log: %v\n%s", err, log)
	}
}
