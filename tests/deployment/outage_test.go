package deployment_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"expense-tracker/tests/rig/project"

	"go.yaml.in/yaml/v3"
)

// TestAnOutageLooksLikeOne asks the two panels that say whether all is well, with promtool, while the program answers nobody: as one
// instance of two, as all of them, and where Prometheus was never told of any.
func TestAnOutageLooksLikeOne(t *testing.T) {
	up := func(instance, values string) map[string]string {
		return map[string]string{"series": `up{job="expense-tracker", instance="` + instance + `"}`, "values": values}
	}
	ready := func(instance, values string) map[string]string {
		return map[string]string{"series": `expense_tracker_ready{job="expense-tracker", instance="` + instance + `"}`, "values": values}
	}
	requests := map[string]string{
		"series": `http_server_request_duration_seconds_count{job="expense-tracker", instance="a", ` +
			`http_route="/{$}", http_response_status_code="200"}`,
		"values": "0+10x10 _x30",
	}
	var tests []any
	for _, c := range []struct {
		name            string
		series          []map[string]string
		storage, failed int
	}{
		{"all is well", []map[string]string{up("a", "1x40"), up("b", "1x40"), ready("a", "1x40"), ready("b", "1x40")}, 1, 0},
		{"one cannot store", []map[string]string{up("a", "1x40"), up("b", "1x40"), ready("a", "1x40"), ready("b", "0x40")}, 0, 0},
		{"one is away", []map[string]string{up("a", "1x40"), up("b", "0x40"), ready("a", "1x40")}, 0, 0},
		{"all went away", []map[string]string{up("a", "1x10 0x30"), ready("a", "1x10 stale"), requests}, 0, -1},
		{"nothing is known", []map[string]string{}, 0, -1},
	} {
		expect := func(title string, value int) map[string]any {
			return map[string]any{"expr": glance(t, title), "eval_time": "4m", "exp_samples": []any{map[string]any{"labels": "{}", "value": value}}}
		}
		tests = append(tests, map[string]any{
			"name": c.name, "interval": "15s", "input_series": c.series,
			"promql_expr_test": []any{expect("Storage", c.storage), expect("Failed requests", c.failed)},
		})
	}
	text, err := yaml.Marshal(map[string]any{
		"rule_files": []string{project.Path(t, "observability/prometheus/expense-tracker.rules.yml")}, "evaluation_interval": "15s",
		"group_eval_order": []string{"expense-tracker-records", "expense-tracker-alerts"}, "tests": tests,
	})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "outage.test.yml")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	promtool(t, "test", "rules", path)
}

// glance returns the query of a panel of the program's dashboard, over all instances.
func glance(t *testing.T, title string) string {
	t.Helper()
	for _, panel := range dashboards(t)["expense-tracker.json"].charts() {
		if panel.Title == title {
			return strings.NewReplacer("$instance", ".*", "$job", "expense-tracker").Replace(panel.Targets[0].Expr)
		}
	}
	t.Fatalf("there is no panel %q", title)
	return ""
}
