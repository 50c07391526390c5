package stock

import (
	"context"
	"fmt"
	"os/exec"
	"strconv"
	"time"

	"expense-tracker/tests/rig/program"
)

// perDay is how many expenses a filled ledger has on each of its days: as many at any size, so that the pages look alike.
const perDay = 100

// runner runs the program's binary.
type runner struct {
	binary string
	folder string // on the disk that the storages are on
	today  time.Time
}

// serve starts the program on a storage with its settings as they are by default. Its log, a line a request, goes into a file on the
// storage's disk, as in a deployment.
func (r runner) serve(ctx context.Context, url string, env ...string) (*program.Program, error) {
	return program.StartLogging(ctx, r.folder, r.binary, env, "serve", "--listen=127.0.0.1:0", "--storage="+url)
}

// serveGated is serve for a program where people sign in, and that believes the load about whom it asks for.
func (r runner) serveGated(ctx context.Context, url string) (*program.Program, error) {
	return r.serve(ctx, url, "EXPENSE_TRACKER_AUTH_MODE=password", "EXPENSE_TRACKER_WEB_TRUSTED_PROXIES=127.0.0.1")
}

// generate fills a storage.
func (r runner) generate(ctx context.Context, url string, size int) error {
	first := r.today.AddDate(0, 0, 1-days(size))
	return r.run(ctx, "generate", "--storage="+url, "--count="+strconv.Itoa(size), "--from="+first.Format(time.DateOnly),
		"--to="+r.today.Format(time.DateOnly))
}

// verify returns an error unless each maintained total equals the sum of its expenses.
func (r runner) verify(ctx context.Context, url string) error {
	return r.run(ctx, "verify", "--storage="+url)
}

func (r runner) run(ctx context.Context, command string, args ...string) error {
	//nolint:gosec // our own program
	output, err := exec.CommandContext(ctx, r.binary, append([]string{command}, args...)...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("expense-tracker %s: %w\n%s", command, err, output)
	}
	return nil
}

func days(size int) int { return max(1, size/perDay) }
