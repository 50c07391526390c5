package observability_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"expense-tracker/observability"
)

func TestLoggerWritesFromItsLevelOn(t *testing.T) {
	for _, test := range []struct {
		level, format string
		want          []string
	}{
		{"debug", "text", []string{"level=DEBUG", "level=INFO", "level=WARN", "level=ERROR"}},
		{"info", "json", []string{`"level":"INFO"`, `"level":"WARN"`, `"level":"ERROR"`}},
		{"warn", "text", []string{"level=WARN", "level=ERROR"}},
		{"error", "json", []string{`"level":"ERROR"`}},
	} {
		var log bytes.Buffer
		logger, err := observability.NewLogger(&log, test.level, test.format)
		if err != nil {
			t.Fatal(err)
		}
		for _, level := range []slog.Level{slog.LevelDebug, slog.LevelInfo, slog.LevelWarn, slog.LevelError} {
			logger.Log(t.Context(), level, "message")
		}
		written := strings.Split(strings.TrimSpace(log.String()), "\n")
		if len(written) != len(test.want) {
			t.Fatalf("%s wrote %q", test.level, written)
		}
		for i, want := range test.want {
			if !strings.Contains(written[i], want) {
				t.Errorf("%s wrote %q, want %q", test.level, written[i], want)
			}
		}
	}
}

func TestLoggerRefusesWhatItDoesNotKnow(t *testing.T) {
	for _, test := range []struct{ level, format, want string }{
		{"loud", "text", "loud"}, {"", "text", "level"}, {"info", "xml", "xml"}, {"info", "", "format"},
	} {
		if _, err := observability.NewLogger(io.Discard, test.level, test.format); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("level %q, format %q: %v", test.level, test.format, err)
		}
	}
}

func TestLinesOfARequestCarryItsID(t *testing.T) {
	var log bytes.Buffer
	logger := logTo(t, &log)
	page := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		logger.InfoContext(r.Context(), "plain")
		logger.With("key", "value").InfoContext(r.Context(), "with an attribute")
		logger.WithGroup("group").InfoContext(r.Context(), "in a group", "key", "value")
		logger.InfoContext(context.Background(), "outside")
	})
	newTelemetry(t, observability.Options{NewRequestID: func() string { return "mine" }}).Middleware(page, internalError).
		ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
	written := lines(t, &log)
	if len(written) != 4 {
		t.Fatalf("wrote %v", written)
	}
	group, _ := written[2]["group"].(map[string]any)
	if written[0]["request_id"] != "mine" || written[1]["request_id"] != "mine" || group["request_id"] != "mine" ||
		written[3]["request_id"] != nil {
		t.Errorf("wrote %v", written)
	}
}
