package program_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/programtest"
)

// logLines returns the JSON lines that a program has written so far.
func logLines(t *testing.T, output string) []map[string]any {
	t.Helper()
	var lines []map[string]any
	for line := range strings.Lines(output) {
		if !strings.HasPrefix(line, "{") {
			continue
		}
		var fields map[string]any
		if err := json.Unmarshal([]byte(line), &fields); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		lines = append(lines, fields)
	}
	return lines
}

func TestEachRequestIsOneLineOfTheLog(t *testing.T) {
	programtest.OnEach(t, programtest.Storages(), func(t *testing.T, storage string) {
		p := programtest.Start(t, storage, "--log-format", "json")
		user := programtest.Visit(t, p.URL)
		answers := map[string]*programtest.Page{
			"/{$}":             user.Get("/"),
			"/expenses/{id}":   user.Get("/expenses/4711"),
			"":                 user.Get("/secret-path?q=secret-query"),
			"/static/{file}":   user.Get("/static/none.css"),
			"/categories":      user.Get("/categories"),
			"/expenses":        user.Get("/expenses?from=oldest"),
			"/add":             user.Post("/add", programtest.Form("category", "secret-category", "price", "71776.31", "note", "secret-note")),
			"/categories/{id}": user.Get("/categories/4711"),
		}
		var lines []map[string]any
		for route, answer := range answers {
			id := answer.Header.Get("X-Request-Id")
			if id == "" {
				t.Fatalf("%s: the answer has no request id", route)
			}
			var found []map[string]any
			check.Eventually(t, 30*time.Second, "the line of "+route, func() bool {
				found = nil
				lines = logLines(t, p.Output())
				for _, line := range lines {
					if line["request_id"] == id {
						found = append(found, line)
					}
				}
				return len(found) > 0
			})
			check.Equal(t, route+": lines", len(found), 1)
			line := found[0]
			check.Equal(t, route+": route", line["route"], any(route))
			check.Equal(t, route+": status", line["status"], any(float64(answer.Status)))
			if duration, ok := line["duration_ms"].(float64); !ok || duration <= 0 || duration > 60_000 {
				t.Errorf("%s: duration_ms %v", route, line["duration_ms"])
			}
			for _, field := range []string{"time", "level", "msg", "method", "bytes"} {
				if line[field] == nil {
					t.Errorf("%s: the line has no %s", route, field)
				}
			}
		}
		check.Equal(t, "lines of requests", len(lines), len(answers))
		user.Post("/add", programtest.Form("category", "secret-category", "price", "71776.31 secret"))
		link := user.Get("/").Newest().Link
		user.Post(link, programtest.Form("revision", "9", "category", "secret-category", "price", "71776.31"))
		user.Get("/readyz")
		check.Equal(t, "a request named by a proxy", user.Send(http.MethodGet, "/", "",
			map[string]string{"X-Request-Id": "from-a-proxy"}).Header.Get("X-Request-Id"), "from-a-proxy")
		check.Eventually(t, 30*time.Second, "its line", func() bool { return strings.Contains(p.Output(), "from-a-proxy") })
		if strings.Contains(p.Output(), "secret") || strings.Contains(p.Output(), "71776.31") {
			t.Errorf("the log holds what people typed:\n%s", p.Output())
		}
		if err := p.Stop(); err != nil {
			t.Error(err)
		}
	})
}

// What happens on the way out, and after the last chunk, is in the log of a program that was asked to end.
func TestTheLogIsWholeAtTheEnd(t *testing.T) {
	t.Parallel()
	p := programtest.Start(t, "memory:", "--log-format", "json")
	user := programtest.Visit(t, p.URL)
	var last string
	for range 20 {
		last = user.Get("/categories").Header.Get("X-Request-Id")
	}
	if err := p.Stop(); err != nil {
		t.Error(err)
	}
	check.Equal(t, "lines of requests", len(logLines(t, p.Output())), 20)
	check.Contains(t, "the log", p.Output(), last)
}

// A crash takes no more of the log than what has not been written for a moment: nothing else has to happen for a line to be written.
func TestACrashTakesLittleOfTheLog(t *testing.T) {
	t.Parallel()
	p := programtest.Start(t, "memory:", "--log-format", "json")
	user := programtest.Visit(t, p.URL)
	old := user.Get("/categories").Header.Get("X-Request-Id")
	check.Eventually(t, 30*time.Second, "a line is written without another after it", func() bool { return strings.Contains(p.Output(), old) })
	if err := p.Kill(); err != nil {
		t.Fatal(err)
	}
	check.Contains(t, "the log", p.Output(), old)
}

func TestWhichRequestsAreLogged(t *testing.T) {
	t.Parallel()
	for choice, lines := range map[string]int{"all": 3, "slow": 1, "failed": 1, "none": 0} {
		p := programtest.Start(t, "memory:", "--log-format", "json", "--log-requests", choice)
		user := programtest.Visit(t, p.URL)
		user.Get("/")
		user.Get("/categories")
		check.Equal(t, "GET /nothing", user.Get("/nothing").Status, http.StatusNotFound)
		if err := p.Stop(); err != nil {
			t.Error(err)
		}
		check.Equal(t, choice+": lines", len(logLines(t, p.Output())), lines)
	}
}

func TestTheLogCanBeQuiet(t *testing.T) {
	t.Parallel()
	p := programtest.Start(t, "memory:", "--log-level", "error")
	programtest.Visit(t, p.URL).Get("/")
	programtest.Visit(t, p.URL).Get("/nothing")
	if err := p.Stop(); err != nil {
		t.Error(err)
	}
	if strings.Contains(p.Output(), "level=") {
		t.Errorf("it is not quiet: %s", p.Output())
	}
}
