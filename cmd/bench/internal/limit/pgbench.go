// Package limit measures what the machine can do at best, next to the program: a page that costs nothing to make, from a server in a
// process of its own, and inserts by pgbench.
package limit

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"expense-tracker/cmd/bench/internal/load"
	"expense-tracker/cmd/bench/internal/stats"
)

// What a pgbench client does in each of its transactions.
const (
	// Plain is one insert: the least that an expense needs.
	Plain = `INSERT INTO plain (category, price) VALUES ('Groceries', 12.50) RETURNING id;
`
	// Naive also changes a total. It does so in one statement, which holds the total's lock for the shortest time that is
	// possible without sharing commits.
	Naive = `WITH added AS (INSERT INTO plain (category, price) VALUES ('Groceries', 12.50) RETURNING id, price)
UPDATE total SET amount = amount + added.price FROM added WHERE total.id = 1 RETURNING added.id;
`
)

// Setup makes the tables that the scripts write to.
func Setup() []string {
	return []string{
		`CREATE TABLE plain (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, category text NOT NULL, price numeric NOT NULL,
			created_at timestamptz NOT NULL DEFAULT now())`,
		`CREATE TABLE total (id bigint PRIMARY KEY, amount numeric NOT NULL)`,
		`INSERT INTO total VALUES (1, 0)`,
	}
}

// Pgbench is the pgbench of some database.
type Pgbench struct {
	Program string
	URL     string
	Folder  string // for its files
}

// logged is the share of transactions whose latency is written down: enough for percentiles, and cheap.
const logged = 0.1

// Run runs a script with as many clients for a time, rounded up to whole seconds, which pgbench counts in. The statements are prepared,
// as the program's are.
func (p Pgbench) Run(ctx context.Context, script string, clients int, duration time.Duration) (load.Result, error) {
	folder, err := os.MkdirTemp(p.Folder, "pgbench-")
	if err != nil {
		return load.Result{}, err
	}
	defer os.RemoveAll(folder) //nolint:errcheck // it is in a temporary folder
	file := filepath.Join(folder, "script.sql")
	if err := os.WriteFile(file, []byte(script), 0o600); err != nil {
		return load.Result{}, err
	}
	//nolint:gosec // PostgreSQL's own, with our arguments
	command := exec.CommandContext(ctx, p.Program, "--no-vacuum", "--protocol=prepared", "--file="+file,
		"--client="+strconv.Itoa(clients), "--jobs="+strconv.Itoa(min(clients, 2)), "--time="+strconv.Itoa(int(math.Ceil(duration.Seconds()))),
		"--log", "--sampling-rate="+fmt.Sprint(logged), p.URL)
	command.Dir = folder
	output, err := command.CombinedOutput()
	if err != nil {
		return load.Result{}, fmt.Errorf("pgbench: %w\n%s", err, output)
	}
	latencies, err := readLatencies(folder)
	if err != nil {
		return load.Result{}, err
	}
	result := load.Result{P50: stats.Percentile(latencies, 50), P99: stats.Percentile(latencies, 99)}
	result.PerSecond, err = transactionsPerSecond(output)
	return result, err
}

// transactionsPerSecond finds "tps = 18400.5 (without initial connection time)". A machine that stands still for all of the time, as one
// with a busy disk does, has no such line.
func transactionsPerSecond(output []byte) (float64, error) {
	for line := range bytes.Lines(output) {
		if rest, found := bytes.CutPrefix(line, []byte("tps = ")); found {
			number, _, _ := bytes.Cut(rest, []byte(" "))
			return strconv.ParseFloat(string(number), 64)
		}
	}
	if bytes.Contains(output, []byte("actually processed: 0\n")) {
		return 0, nil
	}
	return 0, fmt.Errorf("pgbench says no tps:\n%s", output)
}

// readLatencies reads the logs in a folder, a line a transaction: client, number, microseconds, and more.
func readLatencies(folder string) ([]time.Duration, error) {
	files, err := filepath.Glob(filepath.Join(folder, "pgbench_log.*"))
	if err != nil {
		return nil, err
	}
	var latencies []time.Duration
	for _, file := range files {
		content, err := os.ReadFile(file) //nolint:gosec // in our folder
		if err != nil {
			return nil, err
		}
		lines := bufio.NewScanner(bytes.NewReader(content))
		for lines.Scan() {
			fields := strings.Fields(lines.Text())
			if len(fields) < 3 {
				return nil, fmt.Errorf("pgbench logged %q", lines.Text())
			}
			microseconds, err := strconv.ParseInt(fields[2], 10, 64)
			if err != nil {
				return nil, fmt.Errorf("pgbench logged %q: %w", lines.Text(), err)
			}
			latencies = append(latencies, time.Duration(microseconds)*time.Microsecond)
		}
	}
	slices.Sort(latencies)
	return latencies, nil
}
