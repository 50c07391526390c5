package world

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"expense-tracker/cmd/chaos/internal/schedule"
)

// kill kills the postmaster. Its children notice it and go, each when it waits for something the next time.
func (p *postgres) kill(ctx context.Context, f schedule.Fault) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	postmaster, orphans, err := p.processes()
	if err != nil {
		return err
	}
	if err := syscall.Kill(postmaster, syscall.SIGKILL); err != nil {
		return err
	}
	over := time.Now().Add(f.Lasts / 2)
	for time.Now().Before(over) {
		if gone := time.Now(); !anyAlive(append(orphans, postmaster)) {
			time.Sleep(time.Until(over))
			p.world.record.Impossible(gone, time.Now())
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	return p.begin(ctx)
}

// freeze stops every process of the server for a while.
func (p *postgres) freeze(_ context.Context, f schedule.Fault) (err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	postmaster, backends, err := p.processes()
	if err != nil {
		return err
	}
	frozen := append(backends, postmaster)
	defer func() {
		for _, pid := range frozen {
			_ = syscall.Kill(pid, syscall.SIGCONT) // a backend may have gone
		}
	}()
	for _, pid := range backends {
		_ = syscall.Kill(pid, syscall.SIGSTOP) // likewise
	}
	for over := time.Now().Add(f.Lasts); time.Now().Before(over); time.Sleep(5 * time.Millisecond) {
		if still := time.Now(); !anyRuns(backends) {
			time.Sleep(time.Until(over))
			p.world.record.Impossible(still, time.Now())
		}
	}
	return nil
}

// processes stops the postmaster, so that it makes no more children, and returns it and them.
func (p *postgres) processes() (postmaster int, backends []int, err error) {
	postmaster, err = p.server.PID()
	if err != nil {
		return 0, nil, err
	}
	if err := syscall.Kill(postmaster, syscall.SIGSTOP); err != nil {
		return 0, nil, fmt.Errorf("stop the postmaster: %w", err)
	}
	if err := stopped(postmaster); err != nil {
		_ = syscall.Kill(postmaster, syscall.SIGCONT) // as it was
		return 0, nil, err
	}
	return postmaster, children(postmaster), nil
}

// children returns the processes whose parent a process is.
func children(parent int) []int {
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return nil
	}
	var found []int
	for _, stat := range stats {
		if fields := status(stat); len(fields) > 1 && fields[1] == strconv.Itoa(parent) {
			if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(stat))); err == nil {
				found = append(found, pid)
			}
		}
	}
	return found
}

// anyAlive reports whether a process is there and not only its number.
func anyAlive(pids []int) bool { return anyIn(pids, "Z") }

// anyRuns reports whether a process neither stands nor is gone. The number of one that is gone stays as long as its parent stands.
func anyRuns(pids []int) bool { return anyIn(pids, "TtZ") }

// anyIn reports whether a process is in another state than those.
func anyIn(pids []int, states string) bool {
	for _, pid := range pids {
		if fields := status(fmt.Sprintf("/proc/%d/stat", pid)); len(fields) > 0 && !strings.Contains(states, fields[0]) {
			return true
		}
	}
	return false
}

// status returns what the kernel says about a process: its state, its parent and so on; nothing if it is gone.
func status(path string) []string {
	text, err := os.ReadFile(path) //nolint:gosec // in /proc
	if err != nil {
		return nil
	}
	_, after, _ := strings.Cut(string(text), ") ")
	return strings.Fields(after)
}
