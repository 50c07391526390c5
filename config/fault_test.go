package config_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"expense-tracker/config"
)

func isError(err, target error) bool { return errors.Is(err, target) }

// wantFaults compares the report line by line, in order.
func wantFaults(t *testing.T, err error, want ...string) {
	t.Helper()
	var faults config.Faults
	if !errors.As(err, &faults) {
		t.Fatalf("error %v, want Faults", err)
	}
	lines := strings.Split(faults.Error(), "\n  ")[1:]
	if got, want := strings.Join(lines, "\n"), strings.Join(want, "\n"); got != want {
		t.Errorf("faults:\n%s\nwant:\n%s", got, want)
	}
}

const notSettings = "FILE: line 1: must be settings, each a name and its value, such as listen: 127.0.0.1:5000"

func TestFaultsInFile(t *testing.T) {
	for name, test := range map[string]struct {
		file string
		want []string // FILE stands for the file's path
	}{
		"unknown key, near":   {"web: {page_sise: 50}", []string{"web.page_sise (FILE): unknown setting; did you mean web.page_size?"}},
		"unknown key, far":    {"colour: blue", []string{"colour (FILE): unknown setting"}},
		"outside its section": {"page_size: 50", []string{"page_size (FILE): unknown setting; did you mean web.page_size?"}},
		"in two sections":     {"listen: {host: x}", []string{"listen.host (FILE): unknown setting"}},
		"dotted key": {"log.level: debug",
			[]string{"log.level (FILE): must be written as a section with the setting indented below it, not with a dot"}},
		"section with a value": {"web: 50", []string{"web (FILE): is a section: its settings stand indented below it"}},
		"text for a number":    {`web: {page_size: "50"}`, []string{"web.page_size (FILE): must be a whole number from 10 to 200, not text"}},
		"fraction": {"web: {page_size: 50.5}",
			[]string{"web.page_size (FILE): must be a whole number from 10 to 200, not this number"}},
		"huge number": {"web: {page_size: 18446744073709551615}",
			[]string{"web.page_size (FILE): must be a whole number from 10 to 200, not this number"}},
		"number for text": {"listen: 5000", []string{"listen (FILE): must be text, not this number"}},
		"list of numbers": {"web: {hosts: [1, 2]}", []string{"web.hosts (FILE): must be text, not a list"}},
		"list for text":   {"listen: [a]", []string{"listen (FILE): must be text, not a list"}},
		"date for text":   {"ledger: {time_zone: 2026-01-01}", []string{"ledger.time_zone (FILE): must be text, not a date"}},
		"number for duration": {"shutdown: {timeout: 15}",
			[]string{"shutdown.timeout (FILE): must be a duration such as 15s, from 100ms to 10m, not this number"}},
		"text for truth": {"demo: maybe", []string{"demo (FILE): must be true or false, not text"}},
		"truth for text": {"log: {level: true}", []string{"log.level (FILE): must be one of debug, info, warn, error, not true or false"}},
		"repeated keys, and the rest": {"listen: :1\nlisten: :2\nweb:\n  page_size: 20\n  page_size: 30\n  body_limit: 1\n", []string{
			"listen (FILE): line 2: stands a second time; first on line 1",
			"web.page_size (FILE): line 5: stands a second time; first on line 4",
			"web.body_limit (FILE): must be a whole number from 4096 to 1048576",
		}},
		"syntax":                 {"listen: :1\n\tweb: x\n", []string{"FILE: line 2: found a tab character that violates indentation"}},
		"no mapping":             {"hunter2\n", []string{notSettings}},
		"a list":                 {"- listen: :1\n", []string{notSettings}},
		"unknown anchor":         {"storage: *hunter2\n", []string{"FILE: unknown … referenced"}},
		"second document":        {"listen: :1\n---\nlisten: :2\n", []string{"FILE: line 2: a second document begins; one file holds one"}},
		"broken second document": {"listen: :1\n---\n[\n", []string{"FILE: line 3: did not find expected node content"}},
	} {
		t.Run(name, func(t *testing.T) {
			path := write(t, "config.yaml", test.file)
			_, _, err := config.Load(t.Context(), config.LoadOptions{File: path})
			want := make([]string, len(test.want))
			for i, line := range test.want {
				want[i] = strings.ReplaceAll(line, "FILE", path)
			}
			wantFaults(t, err, want...)
		})
	}
}

func TestFaultsInEnvironment(t *testing.T) {
	empty := write(t, "empty", "\n")
	const storageForms = "must be memory:, sqlite:PATH, postgres://… or postgresql://…"
	const malformed = "is not a well-formed URL; write reserved characters in user, password and parameters as %XX"
	for name, test := range map[string]struct{ variable, want string }{
		"unknown":          {"COLOUR=blue", "EXPENSE_TRACKER_COLOUR: unknown setting"},
		"unknown, near":    {"LOGLEVEL=debug", "EXPENSE_TRACKER_LOGLEVEL: unknown setting; did you mean EXPENSE_TRACKER_LOG_LEVEL?"},
		"the file":         {"CONFIG=/x", "EXPENSE_TRACKER_CONFIG: no variable names the YAML file; the flag --config does"},
		"small letters":    {"listen=:1", "EXPENSE_TRACKER_listen: unknown setting; did you mean EXPENSE_TRACKER_LISTEN?"},
		"unknown twin":     {"STORAG_FILE=/x", "EXPENSE_TRACKER_STORAG_FILE: unknown setting; did you mean EXPENSE_TRACKER_STORAGE_FILE?"},
		"port as a number": {"PORT=8080", "EXPENSE_TRACKER_PORT: unknown setting"},
		"empty file":       {"STORAGE_FILE=" + empty, "storage (EXPENSE_TRACKER_STORAGE_FILE): the file it names is empty"},
		"no file": {"STORAGE_FILE=/absent/hunter2",
			"storage (EXPENSE_TRACKER_STORAGE_FILE): the file it names cannot be read: no such file or directory"},
		"directory": {"STORAGE_FILE=/", "storage (EXPENSE_TRACKER_STORAGE_FILE): the file it names cannot be read: is a directory"},
		"NUL in the path": {"STORAGE_FILE=/hunter2\x00",
			"storage (EXPENSE_TRACKER_STORAGE_FILE): the file it names cannot be read: invalid argument"},
		"scheme":            {"STORAGE=mysql://me:hunter2@db", "storage (EXPENSE_TRACKER_STORAGE): " + storageForms},
		"keywords":          {"STORAGE=host=db password=hunter2", "storage (EXPENSE_TRACKER_STORAGE): " + storageForms},
		"no path":           {"STORAGE=sqlite:", "storage (EXPENSE_TRACKER_STORAGE): names no file: sqlite:PATH"},
		"slash in password": {"STORAGE=postgres://me:12/hunter2@db/x", "storage (EXPENSE_TRACKER_STORAGE): " + malformed},
		"number sign":       {"STORAGE=postgres://me:1#hunter2@db/x", "storage (EXPENSE_TRACKER_STORAGE): " + malformed},
		"broken escape":     {"STORAGE=postgres://me:%zz@db/x", "storage (EXPENSE_TRACKER_STORAGE): " + malformed},
		"semicolon":         {"STORAGE=postgres://db/x?a=b;password=hunter2", "storage (EXPENSE_TRACKER_STORAGE): " + malformed},
		"line break":        {"STORAGE=sqlite:a\nb", "storage (EXPENSE_TRACKER_STORAGE): must not contain control characters"},
		"truth":             {"DEMO=yes", "demo (EXPENSE_TRACKER_DEMO): must be true or false"},
		"no port": {"LISTEN=localhost",
			"listen (EXPENSE_TRACKER_LISTEN): must be an address as HOST:PORT, such as 127.0.0.1:5000 or [::1]:5000"},
		"large port": {"LISTEN=:65536", "listen (EXPENSE_TRACKER_LISTEN): must end with a port from 0 to 65535"},
		"named port": {"METRICS_LISTEN=:http",
			"metrics.listen (EXPENSE_TRACKER_METRICS_LISTEN): must end with a port from 0 to 65535"},
		"level":  {"LOG_LEVEL=loud", "log.level (EXPENSE_TRACKER_LOG_LEVEL): must be one of debug, info, warn, error"},
		"format": {"LOG_FORMAT=xml", "log.format (EXPENSE_TRACKER_LOG_FORMAT): must be one of text, json"},
		"currency": {"LEDGER_CURRENCY=EURO",
			"ledger.currency (EXPENSE_TRACKER_LEDGER_CURRENCY): must be a currency code of three letters, such as USD"},
		"currency not ASCII": {"LEDGER_CURRENCY=ÄB",
			"ledger.currency (EXPENSE_TRACKER_LEDGER_CURRENCY): must be a currency code of three letters, such as USD"},
		"a port with a host": {"WEB_HOSTS=a.example,b.example:5000",
			"web.hosts (EXPENSE_TRACKER_WEB_HOSTS): must be names such as expenses.example.org, divided by commas, without scheme or port, or *"},
		"zone": {"LEDGER_TIME_ZONE=Mars/Base",
			"ledger.time_zone (EXPENSE_TRACKER_LEDGER_TIME_ZONE): must be a time zone that this machine knows, such as Europe/Berlin, or Local"},
		"page size, low":       {"WEB_PAGE_SIZE=9", "web.page_size (EXPENSE_TRACKER_WEB_PAGE_SIZE): must be a whole number from 10 to 200"},
		"page size, high":      {"WEB_PAGE_SIZE=201", "web.page_size (EXPENSE_TRACKER_WEB_PAGE_SIZE): must be a whole number from 10 to 200"},
		"page size, no number": {"WEB_PAGE_SIZE=1_0", "web.page_size (EXPENSE_TRACKER_WEB_PAGE_SIZE): must be a whole number from 10 to 200"},
		"duration, no unit": {"SHUTDOWN_DRAIN=5",
			"shutdown.drain (EXPENSE_TRACKER_SHUTDOWN_DRAIN): must be a duration such as 0s, from 0s to 5m"},
		"duration, negative": {"SHUTDOWN_DRAIN=-1s",
			"shutdown.drain (EXPENSE_TRACKER_SHUTDOWN_DRAIN): must be a duration such as 0s, from 0s to 5m"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := config.Load(t.Context(), config.LoadOptions{Environ: []string{config.EnvPrefix + test.variable}})
			wantFaults(t, err, test.want)
			if strings.Contains(err.Error(), "hunter2") {
				t.Error("the error shows the secret")
			}
		})
	}
}

func TestServiceLinksAreNoMistake(t *testing.T) {
	_, _, err := config.Load(t.Context(), config.LoadOptions{Environ: []string{
		"EXPENSE_TRACKER_SERVICE_HOST=10.0.0.7",
		"EXPENSE_TRACKER_SERVICE_PORT=5000",
		"EXPENSE_TRACKER_SERVICE_PORT_HTTP=5000",
		"EXPENSE_TRACKER_PORT=tcp://10.0.0.7:5000",
		"EXPENSE_TRACKER_PORT_5000_TCP=tcp://10.0.0.7:5000",
		"EXPENSE_TRACKER_PORT_5000_TCP_PROTO=tcp",
		"EXPENSE_TRACKER_PORT_5000_TCP_PORT=5000",
		"EXPENSE_TRACKER_PORT_5000_TCP_ADDR=10.0.0.7",
	}})
	if err != nil {
		t.Error(err)
	}
}

func TestAllFaultsAtOnce(t *testing.T) {
	path := write(t, "config.yaml", "web:\n  page_size: many\n  pagesize: 3\nshutdown:\n  timeout: 5s\n")
	secret := write(t, "secret", "mysql://me:hunter2@db\n")
	_, _, err := config.Load(t.Context(), config.LoadOptions{
		File: path,
		Environ: []string{
			"EXPENSE_TRACKER_STORAGE=postgres://me:hunter2@db/x",
			"EXPENSE_TRACKER_STORAGE_FILE=" + secret,
			"EXPENSE_TRACKER_METRICS_LISTEN=0.0.0.0:5000",
			"EXPENSE_TRACKER_SHUTDOWN_DRAIN=5s",
			"EXPENSE_TRACKER_HELLO=hunter2",
			"EXPENSE_TRACKER_WEB_BODY_LIMIT=1",
		},
		Flags: flags(t, "--log-format=xml", "--demo"),
	})
	wantFaults(
		t, err,
		"web.page_size ("+path+"): must be a whole number from 10 to 200, not text",
		"web.pagesize ("+path+"): unknown setting; did you mean web.page_size?",
		"EXPENSE_TRACKER_HELLO: unknown setting",
		"storage (EXPENSE_TRACKER_STORAGE, EXPENSE_TRACKER_STORAGE_FILE): is set twice; unset one of the two",
		"web.body_limit (EXPENSE_TRACKER_WEB_BODY_LIMIT): must be a whole number from 4096 to 1048576",
		"log.format (--log-format): must be one of text, json",
		"listen (default), metrics.listen (EXPENSE_TRACKER_METRICS_LISTEN): must be two different addresses; "+
			"leave metrics.listen empty to serve /metrics beside the pages",
		"shutdown.drain (EXPENSE_TRACKER_SHUTDOWN_DRAIN), shutdown.timeout ("+path+"): the drain must be shorter than the whole shutdown",
	)
	if text := err.Error(); !strings.HasPrefix(text, "configuration: 8 faults\n  ") || strings.Contains(text, "hunter2") {
		t.Errorf("report:\n%s", text)
	}
}

func TestFaultNamesItsPlaces(t *testing.T) {
	_, _, err := config.Load(t.Context(), config.LoadOptions{Flags: flags(t, "--demo", "--storage=sqlite:x")})
	var fault config.Fault
	if !errors.As(err, &fault) {
		t.Fatalf("error %v, want a Fault inside", err)
	}
	want := []config.Place{{Key: "demo", Source: "--demo"}, {Key: "storage", Source: "--storage"}}
	if len(fault.At) != 2 || fault.At[0] != want[0] || fault.At[1] != want[1] {
		t.Errorf("places %v, want %v", fault.At, want)
	}
	if !strings.HasPrefix(err.Error(), "configuration: 1 fault\n") {
		t.Errorf("report:\n%s", err)
	}
}

func TestContradictions(t *testing.T) {
	for name, test := range map[string]struct {
		args []string
		fine bool
	}{
		"demo with memory":          {[]string{"--demo", "--storage=memory:"}, true},
		"demo with a file":          {[]string{"--demo", "--storage=sqlite:x"}, false},
		"demo with PostgreSQL":      {[]string{"--demo", "--storage=postgres://db/x"}, false},
		"two ports":                 {[]string{"--listen=:1", "--metrics-listen=:2"}, true},
		"two interfaces":            {[]string{"--listen=127.0.0.1:1", "--metrics-listen=10.0.0.1:1"}, true},
		"any free port, twice":      {[]string{"--listen=127.0.0.1:0", "--metrics-listen=127.0.0.1:0"}, true},
		"the same address":          {[]string{"--listen=127.0.0.1:1", "--metrics-listen=127.0.0.1:1"}, false},
		"every interface and one":   {[]string{"--listen=:1", "--metrics-listen=127.0.0.1:1"}, false},
		"one and every IPv6 as one": {[]string{"--listen=127.0.0.1:1", "--metrics-listen=[::]:1"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := config.Load(t.Context(), config.LoadOptions{Flags: flags(t, test.args...)})
			if (err == nil) != test.fine {
				t.Errorf("error %v, want fine: %t", err, test.fine)
			}
		})
	}
}

func TestAPasswordOfNoOwnerIsRefused(t *testing.T) {
	const password = "EXPENSE_TRACKER_STORAGE_OWNER_PASSWORD"
	load := func(environ ...string) error {
		_, _, err := config.Load(t.Context(), config.LoadOptions{Environ: append(environ, password+"=hunter2")})
		return err
	}
	wantFaults(t, load("EXPENSE_TRACKER_STORAGE=postgres://app@db/x"), "storage_owner (default), storage_owner_password ("+password+"): "+
		"there is a password and nobody whose it is: name the owner's URL in storage_owner")
	if err := load("EXPENSE_TRACKER_STORAGE=postgres://app@db/x", "EXPENSE_TRACKER_STORAGE_OWNER=postgres://owner@db/x"); err != nil {
		t.Error(err)
	}
}

func TestChecksOfTheCaller(t *testing.T) {
	unknown := errors.New("is no currency in use")
	check := config.Check{Keys: []string{"ledger.currency"}, Valid: func(c config.Config) error {
		if c.Ledger.Currency != "EUR" {
			return unknown
		}
		return nil
	}}
	load := func(environ ...string) error {
		_, _, err := config.Load(t.Context(), config.LoadOptions{Environ: environ, Checks: []config.Check{check}})
		return err
	}
	if err := load("EXPENSE_TRACKER_LEDGER_CURRENCY=eur"); err != nil {
		t.Errorf("a good value is refused: %v", err)
	}
	err := load("EXPENSE_TRACKER_LEDGER_CURRENCY=xyz")
	wantFaults(t, err, "ledger.currency (EXPENSE_TRACKER_LEDGER_CURRENCY): is no currency in use")
	if !errors.Is(err, unknown) {
		t.Error("errors.Is does not find the check's error")
	}
	// A value that could not be read leaves the default in its place, which is not the user's fault.
	wantFaults(t, load("EXPENSE_TRACKER_LEDGER_CURRENCY=1"),
		"ledger.currency (EXPENSE_TRACKER_LEDGER_CURRENCY): must be a currency code of three letters, such as USD")
}

func TestNoCheckWithoutTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "absent.yaml") // it might have said shutdown.timeout: 1m
	_, _, err := config.Load(t.Context(), config.LoadOptions{File: path, Environ: []string{"EXPENSE_TRACKER_SHUTDOWN_DRAIN=20s"}})
	wantFaults(t, err, path+": cannot be read: no such file or directory")
}
