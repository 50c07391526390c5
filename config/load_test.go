package config_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/pflag"

	"expense-tracker/config"
)

// defaults is what the documentation promises where nothing is said.
func defaults() config.Config {
	return config.Config{
		Listen:   "127.0.0.1:5000",
		Auth:     config.Auth{Mode: "none", AdminName: "admin", SessionIdle: 720 * time.Hour, SessionMax: 2160 * time.Hour},
		Log:      config.Log{Level: "info", Format: "text", Requests: "all", SlowRequest: time.Second},
		Ledger:   config.Ledger{Currency: "USD", TimeZone: "Local"},
		Web:      config.Web{PageSize: 50, BodyLimit: 65536, MaxConnections: 2000, MaxConnectionsPerAddress: 500},
		Database: config.Database{ConnectTimeout: time.Minute, OperationTimeout: 5 * time.Second, MaxConnections: 10, Queue: 1024},
		Audit:    config.Audit{Every: time.Hour},
		Shutdown: config.Shutdown{Timeout: 15 * time.Second},
		Backup: config.Backup{
			Every: 24 * time.Hour, KeepDaily: 7, KeepWeekly: 4, KeepMonthly: 12, Timeout: 2 * time.Hour, Listen: "127.0.0.1:5001",
		},
		Probe: config.Probe{URL: "http://127.0.0.1:5000", Listen: "127.0.0.1:5002", Interval: 30 * time.Second, Timeout: 10 * time.Second},
	}
}

// write puts content into a fresh file and returns its path.
func write(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func flags(t *testing.T, args ...string) *pflag.FlagSet {
	t.Helper()
	set := pflag.NewFlagSet("test", pflag.ContinueOnError)
	set.String("config", "", "a flag of the program's own")
	config.BindFlags(set)
	if err := set.Parse(args); err != nil {
		t.Fatal(err)
	}
	return set
}

func TestDefaults(t *testing.T) {
	got, sources, err := config.Load(t.Context(), config.LoadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(defaults(), got); diff != "" {
		t.Errorf("defaults differ (-want +got):\n%s", diff)
	}
	if len(sources) != 55 {
		t.Errorf("%d sources, want one for each of 55 settings: %v", len(sources), sources)
	}
	for key, source := range sources {
		if source != "default" {
			t.Errorf("%s comes from %q", key, source)
		}
	}
}

func TestPrecedence(t *testing.T) {
	const inFile = "listen: 127.0.0.1:1\n"
	const inEnvironment = "EXPENSE_TRACKER_LISTEN=127.0.0.1:2"
	for name, test := range map[string]struct {
		file, listen, source string
		environ, args        []string
	}{
		"file over default": {file: inFile, listen: "127.0.0.1:1", source: "FILE"},
		"environment over file": {file: inFile, environ: []string{inEnvironment}, listen: "127.0.0.1:2",
			source: "EXPENSE_TRACKER_LISTEN"},
		"flag over environment": {file: inFile, environ: []string{inEnvironment}, args: []string{"--listen", "127.0.0.1:3"},
			listen: "127.0.0.1:3", source: "--listen"},
		"flag of the program's own": {file: inFile, args: []string{"--config", "x"}, listen: "127.0.0.1:1", source: "FILE"},
		"empty variable is not set": {file: inFile, environ: []string{"EXPENSE_TRACKER_LISTEN=", "EXPENSE_TRACKER_LISTEN_FILE="},
			listen: "127.0.0.1:1", source: "FILE"},
		"key without value is not set": {file: "listen:\nweb:\nlog: {}\n", listen: "127.0.0.1:5000", source: "default"},
		"empty file":                   {file: "# nothing\n", listen: "127.0.0.1:5000", source: "default"},
		"blank file of a password that may be left out": {file: inFile,
			environ: []string{"EXPENSE_TRACKER_AUTH_ADMIN_PASSWORD_FILE=" + write(t, "blank", "\n")}, listen: "127.0.0.1:1", source: "FILE"},
		"other variables are ignored": {file: "{}", environ: []string{"LISTEN=x", "EXPENSE_LISTEN=x", "PATH=/bin"}, listen: "127.0.0.1:5000",
			source: "default"},
	} {
		t.Run(name, func(t *testing.T) {
			path := write(t, "config.yaml", test.file)
			got, sources, err := config.Load(t.Context(), config.LoadOptions{File: path, Environ: test.environ, Flags: flags(t, test.args...)})
			if err != nil {
				t.Fatal(err)
			}
			want := defaults()
			want.Listen = test.listen
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			source := test.source
			if source == "FILE" {
				source = path
			}
			if sources["listen"] != source {
				t.Errorf("source %q, want %q", sources["listen"], source)
			}
		})
	}
}

// everything is a configuration that differs from the defaults in each setting that may stand beside the others.
func everything() config.Config {
	return config.Config{
		Storage: "postgres://me:hunter2@db/expenses?sslmode=disable",
		Listen:  ":8080",
		BaseURL: "https://expenses.example.org:8443",
		Auth: config.Auth{Mode: "password", AdminName: "Anna", AdminPassword: "hunter2hunter2hunter2", SessionIdle: time.Hour,
			SessionMax: 2 * time.Hour},
		Metrics: config.Metrics{Listen: "127.0.0.1:9100"},
		Log:     config.Log{Level: "debug", Format: "json", Requests: "failed", SlowRequest: time.Second},
		Ledger:  config.Ledger{Currency: "EUR", TimeZone: "UTC"},
		Web: config.Web{PageSize: 200, BodyLimit: 4096, MaxConnections: 10, MaxConnectionsPerAddress: 1,
			Hosts: "expenses.example.org,10.0.0.7", TrustedProxies: "10.0.0.0/8,192.0.2.1/32"},
		Database: config.Database{ConnectTimeout: 0, OperationTimeout: 1500 * time.Millisecond, MaxConnections: 2, Queue: 100000},
		Audit:    config.Audit{Every: 30 * time.Minute},
		Shutdown: config.Shutdown{Timeout: time.Minute, Drain: 5 * time.Second},
		Backup: config.Backup{
			Place: "s3:https://s3.example.org/b", Key: "k", S3KeyID: "i", S3Secret: "s", Every: time.Hour, KeepDaily: 1, Timeout: time.Minute,
			Work: "/w", Stanza: "main", Listen: ":5009",
		},
		Probe: config.Probe{Secret: "hunter2hunter2hunter2", URL: "https://expenses.example.org", Listen: ":5002", Interval: time.Minute,
			Timeout: time.Second},
	}
}

func TestEverySettingFromEachSource(t *testing.T) {
	secret := write(t, "secret", "postgres://me:hunter2@db/expenses?sslmode=disable\n")
	password := write(t, "password", "hunter2hunter2hunter2\n")
	for name, options := range map[string]config.LoadOptions{
		"file": {File: write(t, "config.yaml", `
storage: postgres://me:hunter2@db/expenses?sslmode=disable
listen: :8080
metrics: {listen: 127.0.0.1:9100}
base_url: https://Expenses.example.org:8443/
auth: {mode: password, admin_name: Anna, admin_password: hunter2hunter2hunter2, session_idle: 1h, session_max: 2h}
log: {level: debug, format: json, requests: failed}
ledger: {currency: eur, time_zone: UTC}
web: {page_size: 200, body_limit: 4096, max_connections: 10, max_connections_per_address: 1, hosts: [Expenses.example.org., 10.0.0.7],
  trusted_proxies: [10.1.2.3/8, 192.0.2.1]}
database: {connect_timeout: 0s, operation_timeout: 1.5s, max_connections: 2, queue: 100000}
audit: {every: 30m}
shutdown: {timeout: 1m, drain: 5s}
backup: {place: "s3:https://s3.example.org/b", key: k, s3_key_id: i, s3_secret: s, every: 1h, keep_daily: 1, keep_weekly: 0,
  keep_monthly: 0, timeout: 1m, work: /w, stanza: main, listen: ":5009"}
probe: {secret: hunter2hunter2hunter2, url: https://expenses.example.org/, listen: ":5002", interval: 1m, timeout: 1s}
`)},
		"environment": {Environ: []string{
			"EXPENSE_TRACKER_STORAGE_FILE=" + secret,
			"EXPENSE_TRACKER_DEMO=false",
			"EXPENSE_TRACKER_LISTEN=:8080",
			"EXPENSE_TRACKER_BASE_URL=https://expenses.example.org:8443",
			"EXPENSE_TRACKER_AUTH_MODE=password",
			"EXPENSE_TRACKER_AUTH_ADMIN_NAME=Anna",
			"EXPENSE_TRACKER_AUTH_ADMIN_PASSWORD_FILE=" + password,
			"EXPENSE_TRACKER_AUTH_SESSION_IDLE=1h",
			"EXPENSE_TRACKER_AUTH_SESSION_MAX=2h",
			"EXPENSE_TRACKER_WEB_TRUSTED_PROXIES=10.0.0.0/8, 192.0.2.1",
			"EXPENSE_TRACKER_METRICS_LISTEN=127.0.0.1:9100",
			"EXPENSE_TRACKER_LOG_LEVEL=debug",
			"EXPENSE_TRACKER_LOG_FORMAT=json",
			"EXPENSE_TRACKER_LOG_REQUESTS=failed",
			"EXPENSE_TRACKER_LEDGER_CURRENCY=eur",
			"EXPENSE_TRACKER_LEDGER_TIME_ZONE=UTC",
			"EXPENSE_TRACKER_WEB_PAGE_SIZE=200",
			"EXPENSE_TRACKER_WEB_BODY_LIMIT=4096",
			"EXPENSE_TRACKER_WEB_MAX_CONNECTIONS=10",
			"EXPENSE_TRACKER_WEB_MAX_CONNECTIONS_PER_ADDRESS=1",
			"EXPENSE_TRACKER_WEB_HOSTS=expenses.example.org, 10.0.0.7,",
			"EXPENSE_TRACKER_DATABASE_CONNECT_TIMEOUT=0s",
			"EXPENSE_TRACKER_DATABASE_OPERATION_TIMEOUT=1.5s",
			"EXPENSE_TRACKER_DATABASE_MAX_CONNECTIONS=2",
			"EXPENSE_TRACKER_DATABASE_QUEUE=100000",
			"EXPENSE_TRACKER_AUDIT_EVERY=30m",
			"EXPENSE_TRACKER_SHUTDOWN_TIMEOUT=1m",
			"EXPENSE_TRACKER_SHUTDOWN_DRAIN=5s",
			"EXPENSE_TRACKER_BACKUP_PLACE=s3:https://s3.example.org/b",
			"EXPENSE_TRACKER_BACKUP_KEY=k",
			"EXPENSE_TRACKER_BACKUP_S3_KEY_ID=i",
			"EXPENSE_TRACKER_BACKUP_S3_SECRET=s",
			"EXPENSE_TRACKER_BACKUP_EVERY=1h",
			"EXPENSE_TRACKER_BACKUP_KEEP_DAILY=1",
			"EXPENSE_TRACKER_BACKUP_KEEP_WEEKLY=0",
			"EXPENSE_TRACKER_BACKUP_KEEP_MONTHLY=0",
			"EXPENSE_TRACKER_BACKUP_TIMEOUT=1m",
			"EXPENSE_TRACKER_BACKUP_WORK=/w",
			"EXPENSE_TRACKER_BACKUP_STANZA=main",
			"EXPENSE_TRACKER_BACKUP_LISTEN=:5009",
			"EXPENSE_TRACKER_PROBE_SECRET_FILE=" + password,
			"EXPENSE_TRACKER_PROBE_URL=https://expenses.example.org",
			"EXPENSE_TRACKER_PROBE_LISTEN=:5002",
			"EXPENSE_TRACKER_PROBE_INTERVAL=1m",
			"EXPENSE_TRACKER_PROBE_TIMEOUT=1s",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			got, _, err := config.Load(t.Context(), options)
			if err != nil {
				t.Fatal(err)
			}
			if got.Storage != everything().Storage { // cmp would print it masked
				t.Error("the storage differs")
			}
			if got.Auth.AdminPassword != everything().Auth.AdminPassword || got.Probe.Secret != everything().Probe.Secret { // likewise
				t.Error("the password differs")
			}
			if diff := cmp.Diff(everything(), got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestFlags(t *testing.T) {
	set := flags(t, "--storage=memory:", "--demo", "--listen=:1", "--metrics-listen=:2", "--log-level=warn", "--log-format=json",
		"--log-requests=none")
	got, sources, err := config.Load(t.Context(), config.LoadOptions{Flags: set})
	if err != nil {
		t.Fatal(err)
	}
	want := defaults()
	want.Storage, want.Demo, want.Listen, want.Metrics.Listen = "memory:", true, ":1", ":2"
	want.Log = config.Log{Level: "warn", Format: "json", Requests: "none", SlowRequest: time.Second}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if sources["log.level"] != "--log-level" || sources["demo"] != "--demo" {
		t.Errorf("sources %v", sources)
	}
}

func TestMissingFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "absent.yaml")
	_, _, err := config.Load(t.Context(), config.LoadOptions{File: path, Environ: []string{"EXPENSE_TRACKER_WEB_PAGE_SIZE=1"}})
	wantFaults(t, err, path+": cannot be read: no such file or directory",
		"web.page_size (EXPENSE_TRACKER_WEB_PAGE_SIZE): must be a whole number from 10 to 200")
	if !isError(err, fs.ErrNotExist) {
		t.Error("errors.Is does not find fs.ErrNotExist")
	}
}
