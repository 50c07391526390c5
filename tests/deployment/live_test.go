package deployment_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/common/model"
	"go.yaml.in/yaml/v3"

	"expense-tracker/adapters/postgres/postgrestest"
	"expense-tracker/tests/rig/programtest"
	"expense-tracker/tests/rig/project"
)

// watched is a live Prometheus that scrapes three live programs, on PostgreSQL, on SQLite and in memory, and the live exporters beside
// them.
type watched struct {
	database   lookers // of the program on PostgreSQL
	prometheus string  // base URL
	postgres   string  // host:port of the program on PostgreSQL
	sqlite     string  // host:port of the program on SQLite
	memory     string  // host:port of the program in memory
}

// targets is how many Prometheus asks: three programs, three exporters, Alertmanager, itself, what cAdvisor
// said once, three pages, the probe, and the backups.
const targets = 3 + 3 + 3 + 3 + 2

// startWatched starts all of them on the loopback, has people use the programs for a while, and returns when every
// target has been scraped and every rule evaluated often enough for a rate.
func startWatched(t *testing.T) watched {
	t.Helper()
	start := func(storage string) (address string) {
		return strings.TrimPrefix(programtest.StartGated(t, storage, "--log-level", "warn").URL, "http://")
	}
	database := newLookers(t, postgrestest.Start(t))
	w := watched{database: database, postgres: start(database.owner), sqlite: start(programtest.NewSQLite(t)), memory: start("memory:")}
	exporter := freeAddress(t)
	startProcess(t, nil, tool(t, "prometheus-node-exporter", "prometheus-node-exporter"), "--web.listen-address="+exporter,
		"--log.level=warn")

	backups := startBackups(t)
	alertmanager := startAlertmanager(t, receivers(t, nil))
	database.mustMakeRoles(t, "all")
	ofPostgres, ofPages := freeAddress(t), freeAddress(t)
	startProcess(t, []string{"DATA_SOURCE_NAME=" + database.as(t, "expense_monitor", database.monitor)},
		tool(t, "prometheus-postgres-exporter", "prometheus-postgres-exporter"), "--web.listen-address="+ofPostgres, "--log.level=warn")
	startProcess(t, nil, tool(t, "prometheus-blackbox-exporter", "prometheus-blackbox-exporter"), "--web.listen-address="+ofPages,
		"--config.file="+project.Path(t, "observability/blackbox/blackbox.yml"), "--log.level=warn")

	prometheus := freeAddress(t)
	w.prometheus = "http://" + prometheus
	startProcess(t, nil, tool(t, "prometheus", "prometheus"),
		"--config.file="+hastyConfig(t, map[string][]string{
			"expense-tracker": {w.postgres, w.sqlite, w.memory}, "node-exporter": {exporter}, "prometheus": {prometheus},
			"backups":           {backups},
			"postgres-exporter": {ofPostgres}, "blackbox-exporter": {ofPages}, "cadvisor": {recorded(t, "testdata/cadvisor.metrics")},
			"alertmanager": {alertmanager}, "expense-tracker-probe": {startProbe(t, w.postgres)},
		}, strings.NewReplacer("expense-tracker:5000", w.postgres, "blackbox-exporter:9115", ofPages)),
		"--storage.tsdb.path="+t.TempDir(), "--web.listen-address="+prometheus, "--log.level=warn")
	for _, url := range []string{
		"http://" + w.postgres + "/readyz", "http://" + w.sqlite + "/readyz", "http://" + w.memory + "/readyz",
		"http://" + exporter + "/metrics", "http://" + ofPostgres + "/", "http://" + ofPages + "/-/healthy", w.prometheus + "/-/ready",
	} {
		awaitOK(t, url)
	}

	var visitors []*programtest.Visitor
	var signedIn time.Time
	for _, address := range []string{w.postgres, w.sqlite, w.memory} {
		visitors = append(visitors, programtest.Visit(t, "http://"+address))
	}
	await(t, 3*time.Minute, "every target was scraped six times while people used the program", func() bool {
		again := time.Since(signedIn) > 2*time.Second // more often would be throttled
		for _, visitor := range visitors {
			if again {
				signedIn = time.Now()
				visitor.SignIn("admin", programtest.AdminPassword)
			}
			useProgram(t, visitor)
		}
		return len(w.query(t, `count_over_time(up[1m]) >= 6`)) == targets
	})
	await(t, 3*time.Minute, "the first backup was made", func() bool { return len(w.query(t, `expense_backup_last_attempt_succeeded == 1`)) == 1 })
	await(t, time.Minute, "every rule was evaluated", func() bool {
		for _, rule := range rules(t) {
			if rule.Record != "" && len(w.query(t, rule.Record)) == 0 {
				return false
			}
		}
		return true
	})
	return w
}

// startProbe has a probe add to a program each second, and returns where its metrics are.
func startProbe(t *testing.T, of string) (address string) {
	t.Helper()
	address = freeAddress(t)
	startProcess(t, []string{
		"EXPENSE_TRACKER_PROBE_SECRET=" + programtest.ProbeSecret, "EXPENSE_TRACKER_PROBE_URL=http://" + of,
		"EXPENSE_TRACKER_PROBE_LISTEN=" + address, "EXPENSE_TRACKER_PROBE_INTERVAL=1s",
	}, programtest.Binary(t), "probe")
	return address
}

// recorded serves what an exporter said that is not to be had here, and returns the address.
func recorded(t *testing.T, path string) string {
	t.Helper()
	text := readPath(t, path)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; version=0.0.4")
		_, _ = w.Write(text)
	}))
	t.Cleanup(server.Close)
	return server.Listener.Addr().String()
}

// hastyRules copies rules without the intervals of their groups, which are longer than a test.
func hastyRules(t *testing.T, pattern string) (copied string) {
	t.Helper()
	folder := t.TempDir()
	for _, path := range matching(t, pattern) {
		text := regexp.MustCompile(`(?m)^ +interval: .*\n`).ReplaceAll(readPath(t, path), nil)
		if err := os.WriteFile(filepath.Join(folder, filepath.Base(path)), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(folder, filepath.Base(pattern))
}

// hastyConfig writes prometheus.yml as it is, but with intervals of seconds and other targets, and returns its path. Where jobs have no
// targets of their own in the map, the addresses that they name are replaced.
func hastyConfig(t *testing.T, targets map[string][]string, addresses *strings.Replacer) string {
	t.Helper()
	config := prometheusConfig(t)
	config.Global = map[string]any{"scrape_interval": "2s", "scrape_timeout": "2s", "evaluation_interval": "1s"}
	for i, file := range config.RuleFiles {
		config.RuleFiles[i] = hastyRules(t, file)
	}
	config.Alerting = map[string]any{
		"alertmanagers": []any{map[string]any{"static_configs": []static{{Targets: targets["alertmanager"]}}}},
	}
	for i := range config.Jobs {
		delete(config.Jobs[i].Rest, "file_sd_configs")
		config.Jobs[i].Looked = nil
		switch own := targets[config.Jobs[i].Name]; {
		case len(own) > 0:
			config.Jobs[i].Static = []static{{Targets: own}}
		case config.Jobs[i].Name != "pages":
			config.Jobs[i].Static = nil // what does not run here: the proxy, and the nodes of the highly available database
		}
		delete(config.Jobs[i].Rest, "basic_auth") // whose file is in the container
	}
	text, err := yaml.Marshal(config)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "prometheus.yml")
	if err := os.WriteFile(path, []byte(addresses.Replace(string(text))), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// useProgram does what people do: looks at the page, adds an expense, sends a form twice, mistypes, asks for what is not there.
func useProgram(t *testing.T, user *programtest.Visitor) {
	t.Helper()
	key := strconv.FormatInt(time.Now().UnixNano(), 36)
	visit := func(path string, form url.Values, want int) {
		t.Helper()
		answer := user.Get
		if form != nil {
			answer = func(path string) *programtest.Page { return user.Post(path, form) }
		}
		if got := answer(path).Status; got != want {
			t.Fatalf("%s: %d, want %d", path, got, want)
		}
	}
	visit("/", nil, http.StatusOK)
	lunch := url.Values{"category": {"food"}, "price": {"12.50"}, "idempotency_key": {key}}
	visit("/add", lunch, http.StatusSeeOther)
	visit("/add", lunch, http.StatusSeeOther)
	visit("/add", url.Values{"category": {"food"}, "price": {"abc"}}, http.StatusUnprocessableEntity)
	visit("/expenses/999999999", nil, http.StatusNotFound)
	visit("/no-such-page", nil, http.StatusNotFound)
}

// query asks Prometheus for the value of an expression now.
func (w watched) query(t *testing.T, expression string) model.Vector {
	t.Helper()
	var vector model.Vector
	w.ask(t, "/api/v1/query?query="+url.QueryEscape(expression), &struct {
		Result *model.Vector `json:"result"`
	}{&vector})
	return vector
}

// ask decodes the data of an answer of Prometheus' API.
func (w watched) ask(t *testing.T, path string, data any) {
	t.Helper()
	response, err := get(t.Context(), w.prometheus+path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	var answer struct {
		Status string          `json:"status"`
		Error  string          `json:"error"`
		Data   json.RawMessage `json:"data"`
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	if answer.Status != "success" {
		t.Fatalf("%s: %s", path, answer.Error)
	}
	if err := json.Unmarshal(answer.Data, data); err != nil {
		t.Fatal(fmt.Errorf("%s: %w", path, err))
	}
}
