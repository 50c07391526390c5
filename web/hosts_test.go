package web_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"expense-tracker/web"
	"expense-tracker/web/webtest"
)

func TestHosts(t *testing.T) {
	loopback := web.NewHosts(true, "Expenses.example.org", "10.0.0.7")
	network := web.NewHosts(false, "expense-tracker", "Expenses.example.org.")
	for _, tt := range []struct {
		host                string
		onLoopback, outside bool
	}{
		{"localhost", true, true},
		{"localhost:5000", true, true},
		{"LOCALHOST:5000", true, true},
		{"localhost.", true, true},
		{"money.localhost:80", true, true},
		{"127.0.0.1", true, true},
		{"127.0.0.1:5000", true, true},
		{"127.9.9.9:1", true, true},
		{"[::1]", true, true},
		{"[::1]:5000", true, true},
		{"[::ffff:127.0.0.1]:5000", true, true},
		{"expenses.example.org", true, true},
		{"EXPENSES.example.ORG.:443", true, true},
		{"10.0.0.7:5000", true, true},
		{"192.168.1.7:5000", false, true},
		{"[2001:db8::7]:5000", false, true},
		{"0.0.0.0:5000", false, true},
		{"expense-tracker:5000", false, true},

		{"", false, false},
		{":5000", false, false},
		{".", false, false},
		{"evil.example", false, false},
		{"evil.example:5000", false, false},
		{"localhost.evil.example", false, false},
		{"evil-localhost", false, false},
		{"evillocalhost:5000", false, false},
		{"127.0.0.1.evil.example", false, false},
		{"expenses.example.org.evil.example", false, false},
		{"sub.expenses.example.org", false, false},
		{"localhost@evil.example", false, false},
		{"localhost:5000@evil.example", false, false},
		{"127.0.0.1:5000@evil.example", false, false},
		{"user:pass@127.0.0.1", false, false},
		{"127.0.0.1/evil.example", false, false},
		{"localhost:5000, evil.example", false, false},
		{"localhost evil.example", false, false},
		{"localhost\x00.evil.example", false, false},
		{"localhost..", false, false},
		{"127.1", false, false},
		{"2130706433", false, false},
		{"0x7f.0.0.1", false, false},
		{"::1", false, false},
		{"[127.0.0.1]", false, false},
		{"[localhost]", false, false},
		{"[::1", false, false},
		{"[::1]x", false, false},
		{"[::1]:80:80", false, false},
		{"127.0.0.1:80:80", false, false},
		{"*", false, false},
	} {
		if got := loopback.Allow(tt.host); got != tt.onLoopback {
			t.Errorf("on loopback %q: %t", tt.host, got)
		}
		if got := network.Allow(tt.host); got != tt.outside {
			t.Errorf("outside %q: %t", tt.host, got)
		}
		if !web.NewHosts(true, web.AnyHost).Allow(tt.host) {
			t.Errorf("any host %q is refused", tt.host)
		}
		if (web.Hosts{}).Allow(tt.host) && !tt.onLoopback {
			t.Errorf("the zero Hosts answer %q", tt.host)
		}
	}
}

// A foreign host gets a page that says what to set, in the site's style and without links that lead nowhere. Nothing behind it is asked.
func TestAForeignHostIsMisdirected(t *testing.T) {
	s := webtest.New(t, web.Options{})
	guarded := s.OnlyAt(web.NewHosts(true), http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the site was asked") }))
	ask := func(host, path string) webtest.Answer {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Host = host
		w := httptest.NewRecorder()
		guarded.ServeHTTP(w, r)
		return webtest.AnswerOf(w)
	}
	for _, host := range []string{"evil.example", "<b>" + strings.Repeat("x", 5000), "\xff"} {
		got := ask(host, "/")
		got.Want(t, http.StatusMisdirectedRequest, "EXPENSE_TRACKER_WEB_HOSTS", "!<b>", "!<nav")
		style := regexp.MustCompile(`/static/style\.[0-9a-f]+\.css`).FindString(got.Body)
		ask(host, style).Want(t, http.StatusOK)
		ask(host, "/static/nothing.css").Want(t, http.StatusNotFound, "!EXPENSE_TRACKER_WEB_HOSTS")
		if got.Header.Get("Content-Security-Policy") == "" || len(got.Body) > 5000 {
			t.Errorf("%.20q: %d bytes, header %v", host, len(got.Body), got.Header)
		}
	}
}

func BenchmarkHosts(b *testing.B) {
	hosts := web.NewHosts(true)
	b.ReportAllocs()
	for b.Loop() {
		if !hosts.Allow("127.0.0.1:5000") {
			b.Fatal("refused")
		}
	}
}
