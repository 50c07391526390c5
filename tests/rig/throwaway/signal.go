package throwaway

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Freeze stops all of the server's processes where they are, as a machine that hangs does: connections stay and nothing answers.
func (s *Server) Freeze() error {
	_, err := s.signalAll(context.Background(), syscall.SIGSTOP)
	return err
}

// Thaw lets a frozen server go on.
func (s *Server) Thaw() error {
	_, err := s.signalAll(context.Background(), syscall.SIGCONT)
	return err
}

// Kill ends the postmaster with SIGKILL, as the kernel does when memory runs out, and returns when its children have noticed and are
// gone. The next Begin recovers.
func (s *Server) Kill(ctx context.Context) error {
	processes, err := s.signalAll(ctx, syscall.SIGSTOP) // so that it starts no further child
	if err != nil {
		return err
	}
	err = kill(processes[0], syscall.SIGKILL)
	for _, child := range processes[1:] {
		err = errors.Join(err, kill(child, syscall.SIGCONT))
	}
	for _, pid := range processes {
		err = errors.Join(err, await(ctx, pid, "ZX"))
	}
	if err != nil {
		return err
	}
	// A postmaster that nobody has waited for still has its number, and the next one would take it for alive, by either file.
	err = os.Remove(filepath.Join(s.folder, fmt.Sprintf(".s.PGSQL.%d.lock", s.port)))
	if errors.Is(err, fs.ErrNotExist) { // it has no socket
		err = nil
	}
	return errors.Join(err, os.Remove(filepath.Join(s.Data(), "postmaster.pid")))
}

// signalAll signals the postmaster, and then its children. It returns all of them. A postmaster that is to stop has stopped before its
// children are looked for, so that none is missed.
func (s *Server) signalAll(ctx context.Context, signal syscall.Signal) ([]int, error) {
	postmaster, err := s.PID()
	if err != nil {
		return nil, fmt.Errorf("find PostgreSQL: %w", err)
	}
	if err := kill(postmaster, signal); err != nil {
		return nil, err
	}
	if signal == syscall.SIGSTOP {
		ctx, cancel := context.WithTimeout(ctx, stopTimeout)
		defer cancel()
		if err := await(ctx, postmaster, "TZX"); err != nil {
			return nil, err
		}
	}
	children, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%[1]d/children", postmaster))
	if err != nil {
		return nil, fmt.Errorf("children of PostgreSQL: %w", err)
	}
	processes := []int{postmaster}
	for _, child := range strings.Fields(string(children)) {
		pid, err := strconv.Atoi(child)
		if err != nil {
			return nil, fmt.Errorf("children of PostgreSQL: %w", err)
		}
		if err := kill(pid, signal); err != nil {
			return nil, err
		}
		processes = append(processes, pid)
	}
	return processes, nil
}

// await waits until a process is in one of the states, as /proc names them, or gone.
func await(ctx context.Context, pid int, states string) error {
	for {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			return nil //nolint:nilerr // it is gone
		}
		_, state, _ := strings.Cut(string(stat), ") ")
		if strings.Contains(states, state[:1]) {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("PostgreSQL's process %d is in state %s: %w", pid, state[:1], ctx.Err())
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// kill signals a process. One that is gone is no error.
func kill(pid int, signal syscall.Signal) error {
	if err := syscall.Kill(pid, signal); err != nil && !errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("signal PostgreSQL: %w", err)
	}
	return nil
}
