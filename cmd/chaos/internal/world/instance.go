package world

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"expense-tracker/cmd/chaos/internal/evidence"
	"expense-tracker/tests/rig/program"
)

// Instance is one process of the program, or the next one in its place.
type Instance struct {
	mu      sync.Mutex // held by whoever stops, starts or signals it
	binary  string
	env     []string
	storage string
	owner   string // its URL; may be empty
	listen  string // HOST:PORT
	logs    string // folder
	record  *evidence.Record
	current atomic.Pointer[program.Program]
}

// startPatience bounds how long a supervisor tries to start an instance.
const startPatience = time.Minute

// start runs a process, again and again if it ends at once, as a supervisor does. mu is held.
func (i *Instance) start(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startPatience)
	defer cancel()
	for {
		p, err := program.StartLogging(ctx, i.logs, i.binary, i.settings(), "--storage", i.storage, "--listen", i.listen)
		if err == nil {
			i.current.Store(p)
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("an instance does not start: %w", err)
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// settings returns its environment.
func (i *Instance) settings() []string {
	if i.owner == "" {
		return i.env
	}
	return append(slices.Clone(i.env), "EXPENSE_TRACKER_STORAGE_OWNER="+i.owner)
}

// URL returns where its pages are, or were when it last ran.
func (i *Instance) URL() string { return i.current.Load().URL }

// end ends the process by a signal and waits. mu is held.
func (i *Instance) end(signal syscall.Signal) error {
	p := i.current.Load()
	if p.Ended() {
		i.record.Breach("an instance has ended by itself", tail(p.Output()))
		return nil
	}
	if signal == syscall.SIGKILL {
		return p.Kill()
	}
	if err := p.Stop(); err != nil {
		i.record.Breach("an instance that was asked to end: "+err.Error(), tail(p.Output()))
	}
	return nil
}

// restart ends the process by a signal, and starts another after a while.
func (i *Instance) restart(ctx context.Context, signal syscall.Signal, after time.Duration) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	if err := i.end(signal); err != nil {
		return err
	}
	time.Sleep(after)
	return i.start(ctx)
}

// freeze stops the process for a while.
func (i *Instance) freeze(lasts time.Duration) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	p := i.current.Load()
	if err := p.Signal(syscall.SIGSTOP); err != nil {
		return err
	}
	time.Sleep(lasts)
	return p.Signal(syscall.SIGCONT)
}

// well reports whether the instance is ready and shows its first page.
func (i *Instance) well(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	for _, path := range []string{"/readyz", "/"} {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, i.URL()+path, nil)
		if err != nil {
			return false
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			return false
		}
		_ = response.Body.Close() // only its status was wanted
		if response.StatusCode != http.StatusOK {
			return false
		}
	}
	return true
}

// Log returns the end of what the present process logged.
func (i *Instance) Log() string { return tail(i.current.Load().Output()) }

func (i *Instance) close() error {
	i.mu.Lock()
	defer i.mu.Unlock()
	p := i.current.Load()
	if p == nil {
		return nil
	}
	return errors.Join(p.Signal(syscall.SIGCONT), p.Stop())
}

func tail(s string) string { return s[max(0, len(s)-4000):] }
