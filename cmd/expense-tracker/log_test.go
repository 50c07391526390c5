package main

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"
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
	onEach(t, storages(), func(t *testing.T, storage string) {
		p := start(t, storage, "--log-format", "json")
		user := visit(t, p.URL)
		answers := map[string]*page{
			"/{$}":             user.get("/"),
			"/expenses/{id}":   user.get("/expenses/4711"),
			"":                 user.get("/secret-path?q=secret-query"),
			"/static/{file}":   user.get("/static/none.css"),
			"/categories":      user.get("/categories"),
			"/expenses":        user.get("/expenses?from=oldest"),
			"/add":             user.post("/add", form("category", "secret-category", "price", "7177.31", "note", "secret-note")),
			"/categories/{id}": user.get("/categories/4711"),
		}
		var lines []map[string]any
		for route, answer := range answers {
			id := answer.header.Get("X-Request-Id")
			if id == "" {
				t.Fatalf("%s: the answer has no request id", route)
			}
			var found []map[string]any
			eventually(t, 5*time.Second, "the line of "+route, func() bool {
				found = nil
				lines = logLines(t, p.Output())
				for _, line := range lines {
					if line["request_id"] == id {
						found = append(found, line)
					}
				}
				return len(found) > 0
			})
			expect(t, route+": lines", len(found), 1)
			line := found[0]
			expect(t, route+": route", line["route"], any(route))
			expect(t, route+": status", line["status"], any(float64(answer.status)))
			if duration, ok := line["duration_ms"].(float64); !ok || duration <= 0 || duration > 60_000 {
				t.Errorf("%s: duration_ms %v", route, line["duration_ms"])
			}
			for _, field := range []string{"time", "level", "msg", "method", "bytes"} {
				if line[field] == nil {
					t.Errorf("%s: the line has no %s", route, field)
				}
			}
		}
		expect(t, "lines of requests", len(lines), len(answers))
		user.post("/add", form("category", "secret-category", "price", "7177.31 secret"))
		link := user.get("/").newest().link
		user.post(link, form("revision", "9", "category", "secret-category", "price", "7177.31"))
		user.get("/readyz")
		expect(t, "a request named by a proxy", user.send(http.MethodGet, "/", "", map[string]string{"X-Request-Id": "from-a-proxy"}).header.Get("X-Request-Id"), "from-a-proxy")
		eventually(t, 5*time.Second, "its line", func() bool { return strings.Contains(p.Output(), "from-a-proxy") })
		if strings.Contains(p.Output(), "secret") || strings.Contains(p.Output(), "7177") {
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
	p := start(t, "memory:", "--log-format", "json")
	user := visit(t, p.URL)
	var last string
	for range 20 {
		last = user.get("/categories").header.Get("X-Request-Id")
	}
	if err := p.Stop(); err != nil {
		t.Error(err)
	}
	expect(t, "lines of requests", len(logLines(t, p.Output())), 20)
	contains(t, "the log", p.Output(), last)
}

// A crash takes no more of the log than what has not been written for a moment: nothing else has to happen for a line to be written.
func TestACrashTakesLittleOfTheLog(t *testing.T) {
	t.Parallel()
	p := start(t, "memory:", "--log-format", "json")
	user := visit(t, p.URL)
	old := user.get("/categories").header.Get("X-Request-Id")
	eventually(t, 5*time.Second, "a line is written without another after it", func() bool { return strings.Contains(p.Output(), old) })
	if err := p.Kill(); err != nil {
		t.Fatal(err)
	}
	contains(t, "the log", p.Output(), old)
}

func TestWhichRequestsAreLogged(t *testing.T) {
	t.Parallel()
	for choice, lines := range map[string]int{"all": 3, "slow": 1, "failed": 1, "none": 0} {
		p := start(t, "memory:", "--log-format", "json", "--log-requests", choice)
		user := visit(t, p.URL)
		user.get("/")
		user.get("/categories")
		expect(t, "GET /nothing", user.get("/nothing").status, http.StatusNotFound)
		if err := p.Stop(); err != nil {
			t.Error(err)
		}
		expect(t, choice+": lines", len(logLines(t, p.Output())), lines)
	}
}

func TestTheLogCanBeQuiet(t *testing.T) {
	t.Parallel()
	p := start(t, "memory:", "--log-level", "error")
	visit(t, p.URL).get("/")
	visit(t, p.URL).get("/nothing")
	if err := p.Stop(); err != nil {
		t.Error(err)
	}
	if strings.Contains(p.Output(), "level=") {
		t.Errorf("it is not quiet: %s", p.Output())
	}
}
