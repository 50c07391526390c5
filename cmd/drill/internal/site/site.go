package site

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"expense-tracker/tests/rig/loopback"
)

// Plan says what a site is made of.
type Plan struct {
	Project string // folder of the project's files
	Folder  string // of its own; it is there
	Scale   int    // by how much everything is quicker than in the rules
	Targets map[string][]string
	Data    string // of Prometheus; "" for one in Folder
	// Further rules, and further jobs, in Prometheus' own words.
	Rules string
	Jobs  []map[string]any
	// Two Alertmanagers instead of one: the other tells what the first cannot.
	Spare bool
	// Both addresses of the receiver are told by each Alertmanager, not people's alone.
	Others bool
}

// Site is Prometheus and Alertmanager with the project's rules, and the receiver of messages.
type Site struct {
	Plan
	Hook           *Hook
	Prometheus     *Process
	Alertmanagers  []*Process
	twin           *Process // a second Prometheus; nil for none
	prometheusFile string
	managers       []string // addresses
	managersFile   string
}

// ErrMissing is of a program that this machine lacks.
var ErrMissing = errors.New("not on this machine")

// Find returns the path of a program that goes by one of the names.
func Find(names ...string) (string, error) {
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("%s: %w", names[0], ErrMissing)
}

// New starts what the plan says. The caller closes it, also after an error.
func New(ctx context.Context, plan Plan) (*Site, error) {
	hook, err := NewHook()
	s := &Site{Plan: plan, Hook: hook}
	if err != nil {
		return s, err
	}
	prometheus, err := Find("prometheus")
	if err != nil {
		return s, err
	}
	alertmanager, err := Find("prometheus-alertmanager", "alertmanager")
	if err != nil {
		return s, err
	}
	if err := s.configureAlertmanager(ctx); err != nil {
		return s, err
	}
	managers := 1
	if plan.Spare {
		managers = 2
	}
	for n := range managers {
		address, err := loopback.FreeAddress() //nolint:contextcheck // at once
		if err != nil {
			return s, err
		}
		s.managers = append(s.managers, address)
		s.Alertmanagers = append(s.Alertmanagers, &Process{Path: alertmanager, Folder: plan.Folder, Answers: "http://" + address + "/-/ready"})
		s.Alertmanagers[n].Args = []string{
			"--config.file=" + s.managersFile, "--storage.path=" + filepath.Join(plan.Folder, fmt.Sprint("alertmanager-", n)),
			"--web.listen-address=" + address, "--cluster.listen-address=",
		}
		if err := s.Alertmanagers[n].Start(ctx); err != nil {
			return s, err
		}
	}
	address, err := loopback.FreeAddress() //nolint:contextcheck // at once
	if err != nil {
		return s, err
	}
	if err := s.configurePrometheus(address); err != nil {
		return s, err
	}
	data := plan.Data
	if data == "" {
		data = filepath.Join(plan.Folder, "prometheus-data")
	}
	s.Prometheus = &Process{Path: prometheus, Folder: plan.Folder, Answers: "http://" + address + "/-/ready", Args: []string{
		"--config.file=" + s.prometheusFile, "--storage.tsdb.path=" + data, "--web.listen-address=" + address,
		"--rules.alert.resend-delay=4s", s.lookback(),
	}}
	return s, s.Prometheus.Start(ctx)
}

// lookback is for how long Prometheus takes a figure for the present one: five minutes, if nothing says otherwise.
func (s *Site) lookback() string {
	return fmt.Sprintf("--query.lookback-delta=%s", max(5*time.Minute/time.Duration(s.Scale), 4*time.Second))
}

// configureAlertmanager makes the configuration as the container's start does, with everything quicker.
func (s *Site) configureAlertmanager(ctx context.Context) error {
	s.managersFile = filepath.Join(s.Folder, "alertmanager.yml")
	secrets := filepath.Join(s.Folder, "secrets")
	if err := os.Mkdir(secrets, 0o700); err != nil {
		return err
	}
	receivers := "webhook"
	if s.Others {
		receivers = "webhook,ntfy"
	}
	for name, of := range map[string]string{"alert_webhook_url": "people", "alert_ntfy_url": "others", "alert_watchdog_url": "switch"} {
		if err := os.WriteFile(filepath.Join(secrets, name), []byte(s.Hook.URL(of)+"\n"), 0o600); err != nil {
			return err
		}
	}
	command := exec.CommandContext(ctx, "sh", filepath.Join(s.Project, "observability/alertmanager/start")) //nolint:gosec // ours
	command.Env = []string{"PATH=" + os.Getenv("PATH"), "ALERT_SECRETS=" + secrets, "ALERT_CONFIG=" + s.managersFile,
		"ALERT_RECEIVERS=" + receivers, "ALERT_CHECK_ONLY=yes"}
	if said, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("alertmanager's configuration: %w: %s", err, said)
	}
	text, err := os.ReadFile(s.managersFile)
	if err != nil {
		return err
	}
	return os.WriteFile(s.managersFile, []byte(Scale(string(text), s.Scale)), 0o600) //nolint:gosec // in our folder
}

// configurePrometheus makes of prometheus.yml one that scrapes each second what there is, and of the rules quicker ones.
func (s *Site) configurePrometheus(address string) error {
	rules := filepath.Join(s.Folder, "rules")
	if err := os.Mkdir(rules, 0o700); err != nil {
		return err
	}
	files, err := filepath.Glob(filepath.Join(s.Project, "observability/prometheus/*.rules.yml"))
	if err != nil {
		return err
	}
	for _, file := range files {
		text, err := os.ReadFile(file) //nolint:gosec // the project's
		if err != nil {
			return err
		}
		//nolint:gosec // in our folder
		if err := os.WriteFile(filepath.Join(rules, filepath.Base(file)), []byte(Scale(string(text), s.Scale)), 0o600); err != nil {
			return err
		}
	}
	targets := func(addresses []string) []map[string]any { return []map[string]any{{"targets": addresses}} }
	jobs := []map[string]any{
		{"job_name": "prometheus", "static_configs": targets([]string{address})},
		{"job_name": "alertmanager", "static_configs": targets(s.managers)},
	}
	for job, addresses := range s.Targets {
		jobs = append(jobs, map[string]any{"job_name": job, "static_configs": targets(addresses)})
	}
	config := map[string]any{
		"global":         map[string]any{"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"},
		"rule_files":     []string{filepath.Join(rules, "*.yml")},
		"alerting":       map[string]any{"alertmanagers": []any{map[string]any{"static_configs": targets(s.managers)}}},
		"scrape_configs": append(jobs, s.Jobs...),
	}
	text, err := yaml.Marshal(config)
	if err != nil {
		return err
	}
	s.prometheusFile = filepath.Join(s.Folder, "prometheus.yml")
	return os.WriteFile(s.prometheusFile, text, 0o600)
}

// PrometheusFile is the path of Prometheus' configuration.
func (s *Site) PrometheusFile() string { return s.prometheusFile }

// AlertmanagerFile is the path of Alertmanager's configuration.
func (s *Site) AlertmanagerFile() string { return s.managersFile }

// RulesFolder is the folder of the rules.
func (s *Site) RulesFolder() string { return filepath.Join(s.Folder, "rules") }

// Calm reports whether none of some alerts is pending, raised, or held at Prometheus or at an Alertmanager, nor about to be
// told to be over.
func (s *Site) Calm(ctx context.Context, alerts []string) bool {
	for range 2 {
		asked := []string{s.Prometheus.at("/api/v1/alerts")}
		if s.twin != nil {
			asked = append(asked, s.twin.at("/api/v1/alerts"))
		}
		for _, manager := range s.managers {
			asked = append(asked, "http://"+manager+"/api/v2/alerts")
		}
		for _, url := range asked {
			text, err := get(ctx, url)
			if err != nil || slices.ContainsFunc(alerts, func(alert string) bool {
				return alert != "Watchdog" && strings.Contains(text, `"alertname":"`+alert+`"`)
			}) {
				return false
			}
		}
		time.Sleep(s.Gathering())
	}
	return true
}

func get(ctx context.Context, url string) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return "", err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close() //nolint:errcheck // read
	text, err := io.ReadAll(response.Body)
	return string(text), err
}

// gathering is how long Alertmanager waits with what joins a message.
const gathering = 2 * time.Minute

// Gathering is how long it waits here.
func (s *Site) Gathering() time.Duration { return max(gathering/time.Duration(s.Scale), time.Second) }

// StartTwin starts a second Prometheus with the same configuration, and returns once it has read everything. It takes up its targets after
// five to ten seconds, whatever the rules say: quick ones may raise what is absent until then, as those with their own times do not.
func (s *Site) StartTwin(ctx context.Context) error {
	address, err := loopback.FreeAddress() //nolint:contextcheck // at once
	if err != nil {
		return err
	}
	s.twin = &Process{Path: s.Prometheus.Path, Folder: s.Folder, Answers: "http://" + address + "/-/ready", Args: []string{
		"--config.file=" + s.prometheusFile, "--storage.tsdb.path=" + filepath.Join(s.Folder, "twin-data"), "--web.listen-address=" + address,
		"--rules.alert.resend-delay=4s", s.lookback(),
	}}
	if err := s.twin.Start(ctx); err != nil {
		return err
	}
	return Until(ctx, patience, "the second Prometheus has read everything", func() bool {
		text, err := get(ctx, s.twin.at("/api/v1/targets"))
		return err == nil && strings.Contains(text, `"health":"up"`) && !strings.Contains(text, `"health":"unknown"`)
	})
}

// EndTwin ends the second Prometheus.
func (s *Site) EndTwin() error {
	if s.twin == nil {
		return nil
	}
	twin := s.twin
	s.twin = nil
	return twin.End()
}

// Close ends everything.
func (s *Site) Close() error {
	var err error
	if s.Prometheus != nil {
		err = s.Prometheus.End()
	}
	err = errors.Join(err, s.EndTwin())
	for _, p := range s.Alertmanagers {
		err = errors.Join(err, p.End())
	}
	s.Hook.Close()
	return err
}
