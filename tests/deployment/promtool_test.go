package deployment_test

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"expense-tracker/tests/rig/project"

	"go.yaml.in/yaml/v3"
)

// promtool runs Prometheus' own checker and demands that it finds nothing.
func promtool(t testing.TB, arguments ...string) {
	t.Helper()
	command := exec.Command(tool(t, "promtool", "prometheus"), arguments...)
	command.Dir = project.Path(t, ".")
	if output, err := command.CombinedOutput(); err != nil {
		t.Errorf("promtool %v: %v\n%s", arguments, err, output)
	}
}

func TestPrometheusTakesItsConfiguration(t *testing.T) {
	promtool(t, "check", "config", "prometheus.yml")
}

func TestTheRulesAreFreeOfLint(t *testing.T) {
	promtool(t, append([]string{"check", "rules", "--lint=all", "--lint-fatal"}, matching(t, "observability/prometheus/*.rules.yml")...)...)
}

func TestTheAlertsFireWhenTheyShould(t *testing.T) {
	promtool(t, append([]string{"test", "rules"}, matching(t, "observability/prometheus/*.test.yml")...)...)
}

// TestGroupsOfRulesAreTestedInOrder demands that a test of several groups names them in the order of the files, as Prometheus evaluates
// them: promtool takes them in any order else, another one each time.
func TestGroupsOfRulesAreTestedInOrder(t *testing.T) {
	for _, path := range matching(t, "observability/prometheus/*.test.yml") {
		var file struct {
			Rules []string `yaml:"rule_files"`
			Order []string `yaml:"group_eval_order"`
		}
		readYAML(t, path, &file)
		var groups []string
		for _, name := range file.Rules {
			var of struct{ Groups []struct{ Name string } }
			readYAML(t, filepath.Join(filepath.Dir(path), name), &of)
			for _, group := range of.Groups {
				groups = append(groups, group.Name)
			}
		}
		if len(groups) == 0 || len(groups) > 1 && !slices.Equal(file.Order, groups) {
			t.Errorf("%s: group_eval_order is %q, and the groups are %q", filepath.Base(path), file.Order, groups)
		}
	}
}

// TestEveryAlertIsTested keeps an alert from being added without a promtool test of when it fires.
func TestEveryAlertIsTested(t *testing.T) {
	fires := map[string]bool{}
	for _, path := range matching(t, "observability/prometheus/*.test.yml") {
		var file struct {
			Tests []struct {
				Alerts []struct {
					Name     string `yaml:"alertname"`
					Expected []any  `yaml:"exp_alerts"`
				} `yaml:"alert_rule_test"`
			} `yaml:"tests"`
		}
		readYAML(t, path, &file)
		for _, group := range file.Tests {
			for _, alert := range group.Alerts {
				fires[alert.Name] = fires[alert.Name] || len(alert.Expected) > 0
			}
		}
	}
	for _, rule := range rules(t) {
		if rule.Alert != "" && !fires[rule.Alert] {
			t.Errorf("no test makes %s fire", rule.Alert)
		}
	}
}

func TestAlertsSayWhatToDo(t *testing.T) {
	for _, rule := range rules(t) {
		if rule.Alert == "" {
			continue
		}
		if rule.Annotations["summary"] == "" || rule.Annotations["description"] == "" {
			t.Errorf("%s has no summary or no description", rule.Alert)
		}
		if rule.Alert == watchdog {
			continue
		}
		if severity := rule.Labels["severity"]; severity != "critical" && severity != "warning" {
			t.Errorf("%s has the severity %q", rule.Alert, severity)
		}
		if rule.For == "" {
			t.Errorf("%s is raised by a single scrape", rule.Alert)
		}
		if rule.KeepFiringFor == "" {
			t.Errorf("%s comes and goes with what it tells of: hold it by keep_firing_for", rule.Alert)
		}
	}
}

// pages are what is asked for as from outside.
var pages = []string{"http://expense-tracker:5000/", "http://expense-tracker:5000/login", "http://expense-tracker:5000/readyz"}

func TestPrometheusScrapesItsJobs(t *testing.T) {
	config := prometheusConfig(t)
	if config.Global["scrape_interval"] != "15s" || config.Global["evaluation_interval"] != "15s" {
		t.Errorf("global settings %v", config.Global)
	}
	targets := map[string][]string{}
	for _, job := range config.Jobs {
		targets[job.Name] = nil // whose targets are found by name
		for _, static := range job.Static {
			targets[job.Name] = append(targets[job.Name], static.Targets...)
		}
		for _, looked := range job.Looked {
			for _, name := range looked.Names {
				targets[job.Name] = append(targets[job.Name], fmt.Sprintf("%s:%d", name, looked.Port))
			}
		}
		if path, set := job.Rest["metrics_path"]; set && path != "/metrics" && job.Name != "pages" {
			t.Errorf("%s is read at %v", job.Name, path)
		}
	}
	want := map[string][]string{
		"expense-tracker": {"expense-tracker:9464"}, "node-exporter": {"node-exporter:9100"}, "prometheus": {"localhost:9090"},
		"postgres-exporter": {"postgres-exporter:9187"}, "blackbox-exporter": {"blackbox-exporter:9115"}, "pages": pages,
		"cadvisor": {"cadvisor:8080"}, "alertmanager": {"alertmanager:9093"}, "expense-tracker-probe": {"probe:5001"},
		"backups": {"backups:5001"}, "proxy": {"proxy:8405"}, "patroni": {"db-1:8008", "db-2:8008"},
	}
	for job := range targets {
		if _, known := want[job]; !known {
			t.Errorf("this test does not know the job %s", job)
		}
	}
	for job, target := range want {
		if found, there := targets[job]; !there || !slices.Equal(found, target) {
			t.Errorf("job %s scrapes %v, want %v", job, found, target)
		}
	}
}

// configuration is the part of prometheus.yml that the tests read; the rest of it is kept as it is when it is written again.
type configuration struct {
	Global    map[string]any `yaml:"global"`
	Alerting  map[string]any `yaml:"alerting"`
	RuleFiles []string       `yaml:"rule_files"`
	Jobs      []job          `yaml:"scrape_configs"`
}

type job struct {
	Name   string         `yaml:"job_name"`
	Static []static       `yaml:"static_configs,omitempty"`
	Looked []looked       `yaml:"dns_sd_configs,omitempty"`
	Rest   map[string]any `yaml:",inline"`
}

type static struct {
	Targets []string          `yaml:"targets"`
	Labels  map[string]string `yaml:"labels,omitempty"`
}

// looked is names that lead to targets.
type looked struct {
	Names []string       `yaml:"names"`
	Port  int            `yaml:"port"`
	Rest  map[string]any `yaml:",inline"`
}

func prometheusConfig(t testing.TB) configuration {
	t.Helper()
	var config configuration
	readYAML(t, project.Path(t, "prometheus.yml"), &config)
	return config
}

type rule struct {
	Record      string            `yaml:"record"`
	Alert       string            `yaml:"alert"`
	Expr        string            `yaml:"expr"`
	For         string            `yaml:"for"`
	Labels      map[string]string `yaml:"labels"`
	Annotations map[string]string `yaml:"annotations"`

	KeepFiringFor string `yaml:"keep_firing_for"`
}

// rules returns every recording and alerting rule.
func rules(t testing.TB) []rule {
	t.Helper()
	var all []rule
	for _, path := range matching(t, "observability/prometheus/*.rules.yml") {
		var file struct {
			Groups []struct {
				Rules []rule `yaml:"rules"`
			} `yaml:"groups"`
		}
		readYAML(t, path, &file)
		for _, group := range file.Groups {
			all = append(all, group.Rules...)
		}
	}
	return all
}

// readYAML decodes a file; only the fields that into has are read.
func readYAML(t testing.TB, path string, into any) {
	t.Helper()
	if err := yaml.Unmarshal(readPath(t, path), into); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}
