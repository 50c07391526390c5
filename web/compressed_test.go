package web_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"expense-tracker/core/expense"
	"expense-tracker/core/ledger/ledgertest"
	"expense-tracker/web"
	"expense-tracker/web/webtest"
)

// ask sends a GET with an Accept-Encoding, and returns the answer with the body as it was sent.
func ask(site http.Handler, path, coding string) (*http.Response, []byte) {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	if coding != "" {
		r.Header.Set("Accept-Encoding", coding)
	}
	w := httptest.NewRecorder()
	site.ServeHTTP(w, r)
	return w.Result(), w.Body.Bytes()
}

// Every kind of answer comes compressed to those who take that, with the same content, and plain to others.
func TestAnswersAreCompressed(t *testing.T) {
	site, service := webtest.Full(t)
	_, home := ask(site, "/", "") //nolint:bodyclose // of a recorder
	paths := []string{"/", "/expenses?from=oldest", "/expenses/1", "/categories", "/categories/1", "/nothing"}
	paths = append(paths, regexp.MustCompile(`/static/[^"]+`).FindAllString(string(home), -1)...)
	key := regexp.MustCompile(`(name="idempotency_key" value=")[^"]*`)
	for _, path := range paths {
		for range 2 { // the second time from where it is kept
			response, plain := ask(site, path, "") //nolint:bodyclose // of a recorder
			if response.Header.Get("Content-Encoding") != "" || !strings.Contains(response.Header.Get("Vary"), "Accept-Encoding") {
				t.Errorf("%s plain: %v", path, response.Header)
			}
			refusing, body := ask(site, path, "gzip;q=0, identity") //nolint:bodyclose // of a recorder
			if refusing.Header.Get("Content-Encoding") != "" || len(body) != len(plain) {
				t.Errorf("%s to who refuses gzip: %v", path, refusing.Header)
			}
			response, sent := ask(site, path, "gzip, deflate, br, zstd") //nolint:bodyclose // of a recorder
			if !strings.Contains(response.Header.Get("Vary"), "Accept-Encoding") {
				t.Errorf("%s: %v", path, response.Header)
			}
			if len(plain) < 1024 {
				if !bytes.Equal(sent, plain) {
					t.Errorf("%s has %d bytes, and %d compressed", path, len(plain), len(sent))
				}
				continue
			}
			if response.Header.Get("Content-Encoding") != "gzip" || len(sent) >= len(plain) {
				t.Fatalf("%s: %d bytes of %d, %v", path, len(sent), len(plain), response.Header)
			}
			unpacked, err := gzip.NewReader(bytes.NewReader(sent))
			if err != nil {
				t.Fatalf("%s: %v", path, err)
			}
			got, err := io.ReadAll(unpacked)
			if err != nil || !bytes.Equal(key.ReplaceAll(got, []byte("$1")), key.ReplaceAll(plain, []byte("$1"))) {
				t.Errorf("%s differs when it is compressed, %v", path, err)
			}
		}
	}
	if _, sent := ask(site, "/", "gzip"); len(sent) > 8_000 { //nolint:bodyclose // of a recorder
		t.Errorf("the compressed home page has %d bytes, and the plain one %d", len(sent), len(home))
	}
	if _, err := service.Add(t.Context(), ledgertest.Owner(), expense.Draft{Category: "newest of all", Price: "1"}); err != nil {
		t.Fatal(err)
	}
	response, sent := ask(site, "/", "gzip") //nolint:bodyclose // of a recorder
	unpacked, err := gzip.NewReader(bytes.NewReader(sent))
	if err != nil {
		t.Fatal(err, response.Header)
	}
	if got, err := io.ReadAll(unpacked); err != nil || !bytes.Contains(got, []byte("newest of all")) {
		t.Errorf("a compressed page outlived a change: %v", err)
	}
}

// What is kept is compressed, and each reader still has a key of their own.
func TestCompressedFormsHaveDifferentKeys(t *testing.T) {
	s := webtest.New(t, web.Options{})
	s.Add(expense.Draft{Category: "food", Price: "1"})
	keys := map[string]bool{}
	for range 3 {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Accept-Encoding", "gzip")
		got := s.Do(r)
		unpacked, err := gzip.NewReader(strings.NewReader(got.Body))
		if err != nil {
			t.Fatal(err)
		}
		page, err := io.ReadAll(unpacked)
		if err != nil {
			t.Fatal(err)
		}
		keys[webtest.Answer{Response: got.Response, Body: string(page)}.Key(t)] = true
	}
	if len(keys) != 3 {
		t.Errorf("keys %v", keys)
	}
}
