package deployment_test

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"expense-tracker/tests/rig/programtest"
)

// instance plays an instance of the program behind HAProxy. It answers every request but those that it is to leave without an answer.
type instance struct {
	mu     sync.Mutex
	asked  []*http.Request
	silent int // requests to come that get none
}

func (i *instance) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/readyz" {
		return
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.asked = append(i.asked, r)
	if i.silent > 0 {
		i.silent--
		panic(http.ErrAbortHandler)
	}
}

// takeAsked returns the requests since the last call.
func (i *instance) takeAsked() []*http.Request {
	i.mu.Lock()
	defer i.mu.Unlock()
	asked := i.asked
	i.asked = nil
	return asked
}

// leave makes it answer as many requests as said with the end of the connection.
func (i *instance) leave(requests int) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.silent = requests
}

// startFront runs HAProxy by deploy/proxy/haproxy.cfg before one instance, with its variables, and returns where people find it.
func startFront(t *testing.T, variables ...string) (*instance, *programtest.Visitor) {
	t.Helper()
	return startFrontAs(t, "", variables...)
}

// startFrontAs likewise, with other neighbours, if some are named.
func startFrontAs(t *testing.T, neighbours string, variables ...string) (*instance, *programtest.Visitor) {
	t.Helper()
	one := &instance{}
	server := httptest.NewServer(one)
	t.Cleanup(server.Close)
	pages, operator := freeAddress(t), freeAddress(t)
	file := regexp.MustCompile(`(?m)^  server-template .*$`).ReplaceAllString(read(t, "deploy/proxy/haproxy.cfg"),
		"  server one "+strings.TrimPrefix(server.URL, "http://"))
	file = strings.NewReplacer("  default-server resolvers docker init-addr none\n", "", " resolvers docker init-addr none", "",
		"bind :5000\n", "bind "+pages+"\n", "bind :8405\n", "bind "+operator+"\n").Replace(file)
	if neighbours != "" {
		file = regexp.MustCompile(`acl neighbour src .*`).ReplaceAllString(file, neighbours)
	}
	startProcess(t, variables, haproxy(t), "-db", "-f", programtest.WriteFile(t, "haproxy.cfg", file))
	awaitOK(t, "http://"+operator+"/health")
	awaitOK(t, "http://"+pages+"/readyz")
	return one, programtest.Visit(t, "http://"+pages)
}

// HAProxy's word counts where the program trusts it, so none of a stranger's goes on as its own.
func TestTheFrontHandsOnNoStrangersTrace(t *testing.T) {
	t.Parallel()
	one, people := startFront(t)
	people.Send(http.MethodGet, "/", "", map[string]string{
		"Traceparent": "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01", "Tracestate": "a=b", "X-Forwarded-For": "203.0.113.7",
	})
	asked := one.takeAsked()
	if len(asked) != 1 {
		t.Fatalf("asked %d times", len(asked))
	}
	if header := asked[0].Header; header.Get("Traceparent") != "" || header.Get("Tracestate") != "" {
		t.Errorf("a stranger says which trace a request belongs to: %v", header)
	}
	// Who asked HAProxy stands last: what stands before that only who is trusted may have said.
	said := strings.Split(strings.Join(asked[0].Header.Values("X-Forwarded-For"), ","), ",")
	if last := strings.TrimSpace(said[len(said)-1]); net.ParseIP(last) == nil || !net.ParseIP(last).IsLoopback() {
		t.Errorf("the program is told that %q ask", said)
	}
}

// What had no answer is sent again only if its repeat is recognised.
func TestTheFrontRepeatsWhatIsRecognisedAlone(t *testing.T) {
	t.Parallel()
	one, people := startFront(t)
	for _, c := range []struct {
		method, path, body string
		header             map[string]string
		again              bool
	}{
		{method: http.MethodGet, path: "/", again: true},
		{method: http.MethodPost, path: "/add", body: "category=food&price=1&idempotency_key=abc", again: true},
		{method: http.MethodPost, path: "/expenses/1", body: "price=1&revision=1-abc", again: true},
		{method: http.MethodPost, path: "/add", body: "category=food&price=1", header: map[string]string{"Idempotency-Key": "abc"}, again: true},
		{method: http.MethodPost, path: "/add", body: "category=food&price=1"},
		{method: http.MethodPost, path: "/add", body: "category=food&price=1&idempotency_key="},
		{method: http.MethodPost, path: "/login", body: "name=ana&password=seven+quiet+herons"},
		{method: http.MethodPost, path: "/login?revision=1&idempotency_key=1", body: "name=ana&password=seven+quiet+herons"},
	} {
		one.leave(1)
		header := map[string]string{"Content-Type": programtest.FormType}
		for name, value := range c.header {
			header[name] = value
		}
		request, err := http.NewRequestWithContext(t.Context(), c.method, people.URL+c.path, strings.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		for name, value := range header {
			request.Header.Set(name, value)
		}
		request.Close = true
		answer, err := people.HTTP.Do(request) // the end of the connection, or 502: it knows of no answer
		if err == nil {
			_ = answer.Body.Close()
		}
		answered := err == nil && answer.StatusCode == http.StatusOK
		if asked := len(one.takeAsked()); asked != 1 && !c.again || asked != 2 && c.again || answered != c.again {
			t.Errorf("%s %s %q: sent %d times, answered %t", c.method, c.path, c.body, asked, answered)
		}
		one.leave(0)
	}
}

// Who stands before HAProxy ends a quiet connection sooner than HAProxy does: else a form is sent into one that has just ended.
func TestTheFrontKeepsConnectionsLongerThanWhoAsksIt(t *testing.T) {
	seconds := func(file, setting string) time.Duration {
		found := regexp.MustCompile(`(?m)^\s*` + setting + `\s+(\d+)s`).FindStringSubmatch(read(t, file))
		if found == nil {
			t.Fatalf("%s says nothing of %s", file, setting)
		}
		var n int
		if _, err := fmt.Sscan(found[1], &n); err != nil {
			t.Fatal(err)
		}
		return time.Duration(n) * time.Second
	}
	caddys, ours := seconds("deploy/internet/Caddyfile", "keepalive"), seconds("deploy/proxy/haproxy.cfg", "timeout http-keep-alive")
	if ours < 2*caddys {
		t.Errorf("Caddy keeps connections for %s, HAProxy for %s", caddys, ours)
	}
}

// With a form that is not whole yet on each connection, HAProxy is still not killed for its memory.
func TestTheFrontHasMemoryForAllItsConnections(t *testing.T) {
	number := func(setting string) (n int64) {
		found := regexp.MustCompile(`(?m)^  ` + setting + ` (\d+)\b`).FindStringSubmatch(read(t, "deploy/proxy/haproxy.cfg"))
		if found == nil {
			t.Fatalf("HAProxy's configuration says nothing of %s", setting)
		}
		if _, err := fmt.Sscan(found[1], &n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	// Besides its buffer, the kernel keeps some of what each has sent.
	const kernels = 16 << 10
	need := number("maxconn") * (number(`tune\.bufsize`) + kernels)
	if has := int64(loadCompose(t).Services["proxy"].MemLimit); has < need {
		t.Errorf("%d connections may need %d MB, and there are %d", number("maxconn"), need>>20, has>>20)
	}
}
