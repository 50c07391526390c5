// Package program builds and runs the real program as another process: for tests of the whole and for the benchmark.
package program

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// Only a program that hangs takes so long, on a machine that does much else too.
const (
	startTimeout = 2 * time.Minute
	stopTimeout  = time.Minute
)

// Build compiles the program into the folder and returns the binary's path. flags go to go build.
func Build(ctx context.Context, folder string, flags ...string) (string, error) {
	binary := filepath.Join(folder, "expense-tracker")
	args := append([]string{"build", "-o", binary}, flags...)
	//nolint:gosec // our own package
	output, err := exec.CommandContext(ctx, "go", append(args, "expense-tracker/cmd/expense-tracker")...).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, output)
	}
	return binary, nil
}

// Program is a process of the program.
type Program struct {
	URL     string // of the pages, without a slash at the end; empty until it is known
	Exec    time.Time
	PID     int
	cmd     *exec.Cmd
	address chan string
	ended   chan struct{}
	status  error    // once ended is closed
	log     *os.File // what it prints; a file, so that a line of it wakes nobody
}

// Start runs the binary with the arguments, and with env as all of its environment besides PATH and HOME, and waits until it says
// where its pages are. A program that ends before is an error with its output.
func Start(ctx context.Context, binary string, env []string, args ...string) (*Program, error) {
	p, err := Launch(binary, env, args...)
	return p.awaited(ctx, err)
}

// StartLogging is Start for a program whose log is a file in the folder, where it stays.
func StartLogging(ctx context.Context, folder, binary string, env []string, args ...string) (*Program, error) {
	log, err := os.CreateTemp(folder, "expense-tracker-*.log")
	if err != nil {
		return nil, err
	}
	p, err := launch(log, binary, env, args...)
	return p.awaited(ctx, err)
}

func (p *Program) awaited(ctx context.Context, err error) (*Program, error) {
	if err != nil {
		return nil, err
	}
	if err := p.AwaitURL(ctx); err != nil {
		return nil, errors.Join(err, p.Kill())
	}
	return p, nil
}

// Launch is Start without the wait.
func Launch(binary string, env []string, args ...string) (*Program, error) {
	log, err := namelessFile()
	if err != nil {
		return nil, err
	}
	return launch(log, binary, env, args...)
}

func launch(log *os.File, binary string, env []string, args ...string) (*Program, error) {
	//nolint:gosec,noctx // ours; Stop ends it
	p := &Program{cmd: exec.Command(binary, args...), address: make(chan string, 1), ended: make(chan struct{}), log: log}
	p.cmd.Env = environment(env)
	p.cmd.Stderr = p.log
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.Exec = time.Now()
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	p.PID = p.cmd.Process.Pid
	go p.watch(stdout)
	return p, nil
}

// namelessFile returns a temporary file that is gone when nobody has it open any more. Its writes go to its end.
func namelessFile() (*os.File, error) {
	file, err := os.CreateTemp("", "expense-tracker-log-")
	if err != nil {
		return nil, err
	}
	name := file.Name()
	appending, err := os.OpenFile(name, os.O_RDWR|os.O_APPEND, 0) //nolint:gosec // the file that we have just made
	return appending, errors.Join(err, file.Close(), os.Remove(name))
}

func environment(env []string) []string {
	return append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME")}, env...)
}

// AwaitURL waits until the program says where its pages are, and then sets URL.
func (p *Program) AwaitURL(ctx context.Context) error {
	select {
	case p.URL = <-p.address:
		return nil
	case <-p.ended:
		return fmt.Errorf("the program ended before it served: %v\n%s", p.cmd.ProcessState, p.Output())
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(startTimeout):
		return fmt.Errorf("the program does not serve after %s\n%s", startTimeout, p.Output())
	}
}

// watch copies what the program prints, finds its address in it, and waits for its end.
func (p *Program) watch(stdout io.Reader) {
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		_, _ = fmt.Fprintln(p.log, lines.Text()) // without it only Output lacks a line
		if _, url, found := strings.Cut(lines.Text(), " is at "); found && len(p.address) == 0 {
			p.address <- url
		}
	}
	p.status = p.cmd.Wait()
	close(p.ended)
}

// Output returns what the program has printed so far, log included.
func (p *Program) Output() string {
	text, err := io.ReadAll(io.NewSectionReader(p.log, 0, math.MaxInt64))
	if err != nil {
		return fmt.Sprintf("%s\n(the rest cannot be read: %v)", text, err)
	}
	return string(text)
}

// Stop asks the program to end as a service manager does, and returns an error unless it exits with 0.
func (p *Program) Stop() error {
	if err := p.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	return p.Wait()
}

// Ended reports whether the process is gone.
func (p *Program) Ended() bool {
	select {
	case <-p.ended:
		return true
	default:
		return false
	}
}

// Signal sends a signal to the program.
func (p *Program) Signal(signal os.Signal) error { return p.cmd.Process.Signal(signal) }

// Wait waits for the program's end, and returns an error unless it exits with 0.
func (p *Program) Wait() error {
	select {
	case <-p.ended:
		return p.status
	case <-time.After(stopTimeout):
		return errors.Join(fmt.Errorf("the program has not ended after %s", stopTimeout), p.Kill())
	}
}

// Kill ends the program with SIGKILL and waits until it is gone. One that has ended already is no error.
func (p *Program) Kill() error {
	if err := p.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	<-p.ended
	return nil
}
