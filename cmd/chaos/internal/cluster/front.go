package cluster

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"expense-tracker/tests/rig/loopback"
)

// Front is HAProxy before instances of the program, as deploy/proxy configures it.
type Front struct {
	machine  *machine
	address  string
	operator string // address of what is the operator's
}

var (
	template = regexp.MustCompile(`(?m)^  server-template .*$`)
	bind     = regexp.MustCompile(`(?m)^  bind :(5000|8405)$`)
)

// StartFront runs HAProxy with the configuration file on free ports, before instances at HOST:PORT, and returns when it answers.
func StartFront(ctx context.Context, folder, logs, configuration string, instances ...string) (*Front, error) {
	text, err := os.ReadFile(configuration) //nolint:gosec // of this project
	if err != nil {
		return nil, err
	}
	pages, err := loopback.FreeAddress() //nolint:contextcheck // at once
	if err != nil {
		return nil, err
	}
	operator, err := loopback.FreeAddress() //nolint:contextcheck // likewise
	if err != nil {
		return nil, err
	}
	var servers []string
	for n, address := range instances {
		servers = append(servers, fmt.Sprintf("  server instance%d %s", n+1, address))
	}
	if len(template.FindAll(text, -1)) != 2 || len(bind.FindAll(text, -1)) != 2 {
		return nil, fmt.Errorf("%s has other lines bind or server-template than it had", configuration)
	}
	ours := template.ReplaceAllString(string(text), strings.Join(servers, "\n"))
	ours = strings.ReplaceAll(ours, "  default-server resolvers docker init-addr none\n", "")
	ours = strings.ReplaceAll(ours, " resolvers docker init-addr none", "")
	ours = bind.ReplaceAllStringFunc(ours, func(line string) string {
		if strings.HasSuffix(line, "5000") {
			return "  bind " + pages
		}
		return "  bind " + operator
	})
	path := filepath.Join(folder, "haproxy.cfg")
	if err := os.WriteFile(path, []byte(ours), 0o600); err != nil { //nolint:gosec // in our folder
		return nil, err
	}
	f := &Front{address: pages, operator: operator}
	f.machine = &machine{
		program: []string{"haproxy", "-db", "-f", path}, log: filepath.Join(logs, "haproxy.log"),
		env: []string{"CLIENT_REQUESTS=1000000", "CLIENT_AT_ONCE=1000"}, // all clients have one address here
	}
	if err := f.machine.start(); err != nil {
		return nil, err
	}
	return f, wait(ctx, startPatience, "HAProxy answers", func(ctx context.Context) bool {
		return statusOf(ctx, "http://"+operator+"/health") == http.StatusOK
	})
}

// URL returns where people find the program.
func (f *Front) URL() string { return "http://" + f.address }

// Kill ends it at once, and Begin starts it again.
func (f *Front) Kill() error { return f.machine.kill() }

// Begin starts it again.
func (f *Front) Begin() error { return f.machine.start() }

var up = regexp.MustCompile(`(?m)^haproxy_server_status\{proxy="instances",server="[^"]*",state="UP"\} 1`)

// AwaitUp waits until it takes some instances for ready.
func (f *Front) AwaitUp(ctx context.Context, patience time.Duration, instances int) error {
	return wait(ctx, patience, "HAProxy finds too few instances ready", func(ctx context.Context) bool {
		return len(up.FindAll(f.Metrics(ctx), -1)) >= instances
	})
}

// Metrics returns what it exports.
func (f *Front) Metrics(ctx context.Context) []byte {
	return bodyOf(ctx, "http://"+f.operator+"/metrics")
}
