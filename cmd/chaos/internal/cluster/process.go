package cluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// machine is where one program runs: a network and processes of its own. When its first process is killed, all others are, as on a
// machine that loses its power.
type machine struct {
	space   string // of the network; empty for this process's own, and then its processes are no family of their own
	user    string // empty for this process's own
	env     []string
	program []string
	log     string
	mu      sync.Mutex
	cmd     *exec.Cmd
	ended   chan struct{}
}

const endPatience = 20 * time.Second

// start runs the program.
func (m *machine) start() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	words := m.program
	if m.user != "" {
		words = append([]string{"setpriv", "--reuid=" + m.user, "--regid=" + m.user, "--clear-groups"}, words...)
	}
	if m.space != "" {
		words = append([]string{"ip", "netns", "exec", m.space, "unshare", "--pid", "--fork", "--mount-proc"}, words...)
	}
	log, err := os.OpenFile(m.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()                            //nolint:errcheck // the process has its own
	m.cmd = exec.Command(words[0], words[1:]...) //nolint:gosec,noctx // ours; kill and stop end it
	m.cmd.Env = append([]string{"PATH=" + os.Getenv("PATH") + ":/usr/sbin:/sbin", "LC_ALL=C.UTF-8"}, m.env...)
	m.cmd.Dir = "/"
	m.cmd.Stdout, m.cmd.Stderr = log, log
	m.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := m.cmd.Start(); err != nil {
		return err
	}
	m.ended = make(chan struct{})
	go func(cmd *exec.Cmd, ended chan struct{}) {
		_ = cmd.Wait() // how it ended does not matter
		close(ended)
	}(m.cmd, m.ended)
	return nil
}

// first returns the first process of the machine.
func (m *machine) first() (int, error) {
	pid := m.cmd.Process.Pid
	if m.space == "" {
		return pid, nil
	}
	children, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%[1]d/children", pid))
	if err != nil {
		return 0, err
	}
	first, _, _ := strings.Cut(strings.TrimSpace(string(children)), " ")
	return strconv.Atoi(first)
}

func (m *machine) runs() bool {
	if m.cmd == nil {
		return false
	}
	select {
	case <-m.ended:
		return false
	default:
		return true
	}
}

// kill ends the machine at once.
func (m *machine) kill() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.runs() {
		return nil
	}
	pid, err := m.first()
	if err != nil {
		return err
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
		return err
	}
	select {
	case <-m.ended:
		return nil
	case <-time.After(endPatience):
		return fmt.Errorf("%s does not end", m.program[0])
	}
}

// freeze stops all processes of the machine where they are, and thaw lets them go on.
func (m *machine) freeze() error { return m.signalAll(syscall.SIGSTOP) }
func (m *machine) thaw() error   { return m.signalAll(syscall.SIGCONT) }

func (m *machine) signalAll(signal syscall.Signal) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.runs() {
		return nil
	}
	all, err := m.all()
	for _, pid := range all {
		if failed := syscall.Kill(pid, signal); failed != nil && !errors.Is(failed, syscall.ESRCH) {
			err = errors.Join(err, failed)
		}
	}
	return err
}

// all returns every process of the machine.
func (m *machine) all() ([]int, error) {
	first, err := m.first()
	if err != nil || m.space == "" {
		return []int{first}, err
	}
	family, err := os.Readlink(fmt.Sprintf("/proc/%d/ns/pid", first))
	if err != nil {
		return nil, err
	}
	processes, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		return nil, err
	}
	var found []int
	for _, process := range processes {
		if of, err := os.Readlink(process + "/ns/pid"); err == nil && of == family {
			if pid, err := strconv.Atoi(filepath.Base(process)); err == nil {
				found = append(found, pid)
			}
		}
	}
	return found, nil
}

// postmaster returns the process of the PostgreSQL server on the machine: the parent of its other processes.
func (m *machine) postmaster() (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	all, err := m.all()
	if err != nil {
		return 0, err
	}
	for _, pid := range all {
		line, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
		if err == nil && strings.Contains(strings.SplitN(string(line), "\x00", 2)[0], "/bin/postgres") {
			return pid, nil
		}
	}
	return 0, errors.New("no PostgreSQL runs there")
}

// wait asks again and again until something holds.
func wait(ctx context.Context, patience time.Duration, what string, holds func(context.Context) bool) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for !holds(ctx) {
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s: not within %s", what, patience)
		case <-time.After(50 * time.Millisecond):
		}
	}
	return nil
}
