package program

import (
	"context"
	"errors"
	"os/exec"
	"strings"
)

// Result is how a command that ends by itself went.
type Result struct {
	Code           int // -1 if a signal ended it
	Stdout, Stderr string
}

// Run runs the binary to its end, in the environment that Start gives. An exit code other than 0 is no error.
func Run(ctx context.Context, binary string, env []string, args ...string) (Result, error) {
	var stdout, stderr strings.Builder
	cmd := exec.CommandContext(ctx, binary, args...) //nolint:gosec // ours
	cmd.Env = environment(env)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) && ctx.Err() == nil {
		err = nil
	}
	return Result{Code: cmd.ProcessState.ExitCode(), Stdout: stdout.String(), Stderr: stderr.String()}, err
}
