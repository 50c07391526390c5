package backups

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// tool is another program that is run to its end.
type tool struct {
	path     string
	args     []string
	env      []string // all of it
	stdin    *os.File
	stdout   io.Writer
	asServer bool // as the user that PostgreSQL's server runs as, where this process is root's
}

const (
	// endPatience is how long a program may take to end when it is asked to.
	endPatience = 10 * time.Second
	// saidLimit bounds what is kept of what a program says, in bytes.
	saidLimit = 4 << 10
)

// toolError is of a program that failed.
type toolError struct {
	name string
	said string // on standard error, its end
	err  error
}

func (e *toolError) Error() string {
	if e.said == "" {
		return fmt.Sprintf("%s: %v", e.name, e.err)
	}
	return fmt.Sprintf("%s: %s", e.name, e.said)
}

func (e *toolError) Unwrap() error { return e.err }

// code is the program's exit code; -1 if it did not come to one.
func (e *toolError) code() int {
	var exit *exec.ExitError
	if errors.As(e.err, &exit) {
		return exit.ExitCode()
	}
	return -1
}

// run runs the program, politely: it gives way to whoever needs the processors.
func (t tool) run(ctx context.Context) error {
	command := exec.CommandContext(ctx, t.path, t.args...) //nolint:gosec // restic or a program of PostgreSQL, with our arguments
	command.Env = t.env
	command.Stdout = t.stdout
	if t.stdin != nil {
		command.Stdin = t.stdin
	}
	said := &tail{}
	command.Stderr = said
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	command.WaitDelay = endPatience
	if err := detach(command, t.asServer); err != nil {
		return err
	}
	if err := command.Start(); err != nil {
		return fmt.Errorf("%s cannot be run: %w", filepath.Base(t.path), err)
	}
	giveWay(command.Process.Pid)
	err := command.Wait()
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("%s was ended: %w", filepath.Base(t.path), context.Cause(ctx))
	case err != nil:
		return &toolError{name: filepath.Base(t.path), said: said.text(), err: err}
	}
	return nil
}

// tail keeps the end of what is written to it.
type tail struct{ kept []byte }

// Write implements io.Writer.
func (t *tail) Write(text []byte) (int, error) {
	t.kept = append(t.kept, text...)
	if beyond := len(t.kept) - saidLimit; beyond > 0 {
		t.kept = append(t.kept[:0], t.kept[beyond:]...)
	}
	return len(text), nil
}

// text is what was said, on one line.
func (t *tail) text() string {
	var lines []string
	for line := range strings.Lines(string(t.kept)) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "; ")
}

// findTool returns the path of a program on the PATH, or the newest of PostgreSQL's where Debian puts them.
func findTool(name string) (string, error) {
	if path, err := exec.LookPath(name); err == nil {
		return path, nil
	}
	found, err := filepath.Glob("/usr/lib/postgresql/[0-9][0-9]/bin/" + name) // two digits, so the order of names is that of versions
	if err != nil || len(found) == 0 {
		return "", fmt.Errorf("the program %s is not on this machine: backups need restic, and for PostgreSQL its programs", name)
	}
	return found[len(found)-1], nil
}

// makePrivate makes an empty file that nobody else may read.
func makePrivate(path string) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // our own
	if err != nil {
		return err
	}
	return file.Close()
}

// without returns an environment without some variables.
func without(environ []string, names ...string) []string {
	var kept []string
next:
	for _, variable := range environ {
		for _, name := range names {
			if strings.HasPrefix(variable, name+"=") {
				continue next
			}
		}
		kept = append(kept, variable)
	}
	return kept
}
