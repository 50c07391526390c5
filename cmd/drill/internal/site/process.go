// Package site is what a drill is held on: real processes of the program, Prometheus, Alertmanager and Node Exporter, wired as
// docker-compose.yml wires them, with the project's own rules, and a receiver that notes which messages come in.
package site

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

const patience = 30 * time.Second // for what is started to answer, and for what is ended to be gone

// Process is a program of another's.
type Process struct {
	Path    string
	Args    []string
	Env     []string // besides this process' own
	Folder  string   // for its log
	Listens string   // the address, for who asks it
	Answers string   // the URL that says that it is there; "" to wait for nothing
	command *exec.Cmd
	ended   chan struct{}
}

// Start runs it, and waits until it answers.
func (p *Process) Start(ctx context.Context) error {
	log, err := os.OpenFile(filepath.Join(p.Folder, filepath.Base(p.Path)+".log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()                           //nolint:errcheck // the process has it
	p.command = exec.Command(p.Path, p.Args...) //nolint:gosec,noctx // ours; End ends it
	p.command.Env = append(os.Environ(), p.Env...)
	p.command.Stdout, p.command.Stderr = log, log
	p.command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} // nothing outlives a drill
	if err := p.command.Start(); err != nil {
		return err
	}
	p.ended = make(chan struct{})
	go func(command *exec.Cmd, ended chan struct{}) {
		_ = command.Wait() // a signal ends it
		close(ended)
	}(p.command, p.ended)
	if p.Answers == "" {
		return nil
	}
	return Until(ctx, patience, p.Path+" answers", func() bool {
		select {
		case <-p.ended:
			return false
		default:
			return answers(ctx, p.Answers)
		}
	})
}

// at returns the address of one of its pages.
func (p *Process) at(path string) string { return strings.TrimSuffix(p.Answers, "/-/ready") + path }

// Signal sends it a signal.
func (p *Process) Signal(signal syscall.Signal) error { return p.command.Process.Signal(signal) }

// End ends it, by SIGKILL if it does not go. One that is gone is no error.
func (p *Process) End() error {
	if p.command == nil || p.command.Process == nil {
		return nil
	}
	for _, signal := range []syscall.Signal{syscall.SIGCONT, syscall.SIGTERM, syscall.SIGKILL} {
		if err := p.Signal(signal); errors.Is(err, os.ErrProcessDone) {
			break
		}
		if signal == syscall.SIGTERM {
			select {
			case <-p.ended:
			case <-time.After(patience):
			}
		}
	}
	<-p.ended
	return nil
}

func answers(ctx context.Context, url string) bool {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return false
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	_ = response.Body.Close() // its status was wanted
	return response.StatusCode == http.StatusOK
}

// ErrLate is of something that did not happen in time.
var ErrLate = errors.New("not in time")

// Until waits until something is so, for a time.
func Until(ctx context.Context, limit time.Duration, what string, so func() bool) error {
	end := time.Now().Add(limit)
	for !so() {
		if time.Now().After(end) {
			return fmt.Errorf("%w, %s: %s", ErrLate, limit, what)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
	return nil
}
