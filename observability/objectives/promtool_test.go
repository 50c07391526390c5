package objectives_test

import (
	"fmt"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"expense-tracker/observability/objectives"
)

// testsFile is what promtool test rules reads: for each objective, speeds at which its budget burns, and which alerts that raises.
const testsFile = "../prometheus/objectives.test.yml"

const testsHead = `# promtool test rules observability/prometheus/*.test.yml
#
# Written by make generate, from observability/objectives: each objective at five speeds, and where few people add.
rule_files: [objectives.rules.yml]
evaluation_interval: 1m
# Each group reads what the one before it has written.
group_eval_order: [objectives-records, objectives-budgets, objectives-alerts, probe-alerts]

tests:
`

// minutes is for how long budgets burn here: longer than any alert waits. Of a constant speed, longer windows show no more.
const minutes = 50

// fed returns the series of an objective of which so many events a minute are good and bad, from the start on.
func fed(t *testing.T, name string, good, bad string) string {
	t.Helper()
	both := func(series, labels, values string) string {
		return fmt.Sprintf("      - series: '%s{%s}'\n        values: '%s'\n", series, labels, values)
	}
	submissions := func(metric, outcome, values string) string {
		return both(metric, `job="expense-tracker", instance="a:5000", outcome="`+outcome+`"`, values)
	}
	request := func(method, route, status, bound string) string {
		labels := `job="expense-tracker", instance="a:5000", http_request_method="` + method + `", http_route="` + route +
			`", http_response_status_code="` + status + `"`
		return both("http_server_request_duration_seconds_count", labels, good+bad) +
			both("http_server_request_duration_seconds_bucket", labels+`, le="`+bound+`"`, good)
	}
	switch name {
	case "add-availability":
		return submissions("expense_submissions_total", "accepted", "0x"+fmt.Sprint(minutes)) +
			submissions("expense_submissions_total", "failed", "0x"+fmt.Sprint(minutes)) +
			submissions("expense_probe_submissions_total", "accepted", good) + submissions("expense_probe_submissions_total", "failed", bad)
	case "add-availability-outside":
		probe := `job="expense-tracker-probe", instance="p:5001", outcome="`
		return both("expense_probe_adds_total", probe+`accepted"`, good) + both("expense_probe_adds_total", probe+`unknown"`, bad) +
			both("expense_probe_adds_total", probe+`failed"`, "0x"+fmt.Sprint(minutes))
	case "add-latency":
		return request("POST", "/add", "303", "0.1")
	case "home-latency":
		return request("GET", "/{$}", "200", "0.05")
	}
	t.Fatalf("how is %s fed?", name)
	return ""
}

// rule is what the tests read of the rules.
type rule struct {
	Alert       string            `yaml:"alert"`
	Labels      map[string]string `yaml:"labels"`
	Annotations map[string]string `yaml:"annotations"`
}

func alertRules(t *testing.T) (all []rule) {
	t.Helper()
	var file struct {
		Groups []struct {
			Rules []rule `yaml:"rules"`
		} `yaml:"groups"`
	}
	if err := yaml.Unmarshal([]byte(objectives.Rules()), &file); err != nil {
		t.Fatal(err)
	}
	for _, group := range file.Groups {
		for _, r := range group.Rules {
			if r.Alert != "" {
				all = append(all, r)
			}
		}
	}
	return all
}

// expected is an alert of promtool's, with a value in place of the template's.
func expected(r rule, extra map[string]string, value string) map[string]any {
	labels := map[string]string{}
	for _, from := range []map[string]string{r.Labels, extra} {
		for k, v := range from {
			labels[k] = v
		}
	}
	annotations := map[string]string{}
	for k, v := range r.Annotations {
		for _, template := range []string{`{{ $value | printf "%.1f" }}`, `{{ $value | printf "%.0f" }}`} {
			v = strings.ReplaceAll(v, template, value)
		}
		annotations[k] = strings.ReplaceAll(v, `{{ or $externalLabels.runbooks "docs/runbooks" }}`, "docs/runbooks")
	}
	return map[string]any{"exp_labels": labels, "exp_annotations": annotations}
}

// scenario is one test of promtool's.
func scenario(t *testing.T, name, series string, checks ...any) string {
	t.Helper()
	var w strings.Builder
	fmt.Fprintf(&w, "  - name: %s\n    interval: 1m\n    input_series:\n%s    alert_rule_test:\n", name, series)
	for _, check := range checks {
		text, err := yaml.Marshal([]any{check})
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			w.WriteString("      " + line)
		}
	}
	return w.String() + "\n"
}

func alertTest(at, name string, expected ...map[string]any) map[string]any {
	if expected == nil {
		expected = []map[string]any{}
	}
	return map[string]any{"eval_time": at, "alertname": name, "exp_alerts": expected}
}

func TestThePromtoolTestsAreInStep(t *testing.T) {
	inStep(t, testsFile, promtoolTests(t))
}

// promtoolTests writes all tests.
func promtoolTests(t *testing.T) string {
	t.Helper()
	var w strings.Builder
	w.WriteString(testsHead)
	all := alertRules(t)
	for raised, speed := range []string{"0.5", "1.5", "4.0", "7.0", "20.0"} {
		w.WriteString(burning(t, all, raised, speed))
	}
	w.WriteString(rare(t))
	w.WriteString(outage(t))
	w.WriteString(lost(t, all))
	w.WriteString(backups(t, all))
	w.WriteString(probes(t, all))
	return strings.TrimRight(w.String(), "\n") + "\n"
}

// withBudget returns the objectives whose budget burns.
func withBudget() (all []objectives.Objective) {
	for _, o := range objectives.All() {
		if o.Burns() {
			all = append(all, o)
		}
	}
	return all
}

// burning burns all budgets at a constant speed: then so many of each objective's alerts are raised, the slowest.
func burning(t *testing.T, all []rule, raised int, speed string) string {
	t.Helper()
	var factor float64
	if _, err := fmt.Sscan(speed, &factor); err != nil {
		t.Fatal(err)
	}
	var series strings.Builder
	var checks []any
	for _, o := range withBudget() {
		each := 100000 // events a minute, so that all speeds are whole numbers
		if o.Budget == "0.01" {
			each = 10000
		}
		bad := int(factor * 100)
		good, wrong := fmt.Sprintf("0+%dx%d", each-bad, minutes), fmt.Sprintf("0+%dx%d", bad, minutes)
		series.WriteString(strings.ReplaceAll(fed(t, o.Name, good, wrong), good+wrong, fmt.Sprintf("0+%dx%d", each, minutes)))
		var fires []map[string]any
		var ours []rule
		for _, r := range all {
			if r.Alert == o.Alert {
				ours = append(ours, r)
			}
		}
		for _, r := range ours[len(ours)-raised:] {
			fires = append(fires, expected(r, nil, speed))
		}
		checks = append(checks, alertTest("45m", o.Alert, fires...))
	}
	return scenario(t, "budgets burn at "+speed, series.String(), checks...)
}

// rare is an installation without a probe, where somebody adds once an hour, and the second add is bad: a burn of the whole. Nobody is
// woken for it.
func rare(t *testing.T) string {
	t.Helper()
	const good, bad, sum = "0x59 1x59 1x59 2x30", "0x59 0x59 1x59 1x30", "0x59 1x59 2x59 3x30"
	var series strings.Builder
	var checks []any
	for _, o := range withBudget() {
		series.WriteString(strings.ReplaceAll(fed(t, o.Name, good, bad), good+bad, sum))
		for _, at := range []string{"2h2m", "2h5m", "2h30m", "3h10m"} {
			checks = append(checks, alertTest(at, o.Alert))
		}
	}
	return scenario(t, "one bad add where few people add", series.String(), checks...)
}

// outage is one of ten minutes, seen by the probe: told soon, and over soon after it. The windows' lengths show in what is told when.
func outage(t *testing.T) string {
	t.Helper()
	const well, ill = "0+2x60 120x10 122+2x110", "0x60 0+2x10 20x111"
	firing := func(at string, burns ...string) string {
		var w strings.Builder
		fmt.Fprintf(&w, "      - expr: sort(ALERTS{alertname=\"ExpenseTrackerProbeAddsBurnBudget\", alertstate=\"firing\"})\n"+
			"        eval_time: %s\n        exp_samples:\n", at)
		if len(burns) == 0 {
			return strings.Replace(w.String(), "exp_samples:\n", "exp_samples: []\n", 1)
		}
		for _, burn := range burns {
			severity := "critical"
			if burn == "3" || burn == "1" {
				severity = "warning"
			}
			fmt.Fprintf(&w, "          - labels: 'ALERTS{alertname=\"ExpenseTrackerProbeAddsBurnBudget\", alertstate=\"firing\", burn=\"%s\", "+
				"job=\"expense-tracker\", objective=\"add-availability-outside\", severity=\"%s\"}'\n            value: 1\n", burn, severity)
		}
		return w.String()
	}
	return "  - name: an outage of ten minutes\n    interval: 1m\n    input_series:\n" + fed(t, "add-availability-outside", well, ill) +
		"    promql_expr_test:\n" + firing("1h1m") + firing("1h4m", "14.4") + firing("1h6m", "14.4", "6") + firing("1h20m", "14.4", "6", "3") +
		firing("2h30m", "1", "3") + "\n"
}

func named(t *testing.T, all []rule, name string) rule {
	t.Helper()
	for _, r := range all {
		if r.Alert == name {
			return r
		}
	}
	t.Fatalf("no alert is called %s", name)
	return rule{}
}

func lost(t *testing.T, all []rule) string {
	t.Helper()
	readbacks := func(outcome, values string) string {
		return fmt.Sprintf("      - series: 'expense_probe_readbacks_total{job=\"expense-tracker-probe\", instance=\"p:5001\", "+
			"outcome=\"%s\"}'\n        values: '%s'\n", outcome, values)
	}
	r := named(t, all, "ExpenseTrackerAddLost")
	return scenario(t, "nothing is lost", readbacks("found", "0+2x120")+readbacks("lost", "0x120")+readbacks("late", "0x120"),
		alertTest("2h", r.Alert)) +
		scenario(t, "one add is lost", readbacks("found", "0+2x120")+readbacks("lost", "0x30 1x90")+readbacks("late", "0x120"),
			alertTest("30m", r.Alert), alertTest("34m", r.Alert, expected(r, nil, "")), alertTest("2h", r.Alert, expected(r, nil, "")))
}

func backups(t *testing.T, all []rule) string {
	t.Helper()
	r := named(t, all, "ExpenseTrackerBackupTooOld")
	restored := func(values string) string {
		return "      - series: 'expense_backup_last_restored_timestamp_seconds{job=\"backups\", instance=\"b:5001\"}'\n" +
			"        values: '" + values + "'\n"
	}
	return scenario(t, "a backup a day", restored("-90000x30 0x90"), // 25 hours old at the start, and followed by another
		alertTest("40m", r.Alert), alertTest("2h", r.Alert)) +
		scenario(t, "no backup for more than a day", restored("-90000x90"),
			alertTest("1h10m", r.Alert), alertTest("1h20m", r.Alert, expected(r, nil, ""))) +
		scenario(t, "who makes backups is gone", restored("-90000x30 _x90"),
			alertTest("1h10m", r.Alert), alertTest("1h50m", r.Alert, expected(r, nil, ""))) +
		scenario(t, "no backup was ever restored", restored("-9000000x30"), alertTest("20m", r.Alert, expected(r, nil, "")))
}

func probes(t *testing.T, all []rule) string {
	t.Helper()
	const probe = `job="expense-tracker-probe", instance="p:5001"`
	series := func(name, labels, values string) string {
		return "      - series: '" + name + "{" + probe + labels + "}'\n        values: '" + values + "'\n"
	}
	here, job := map[string]string{"job": "expense-tracker-probe", "instance": "p:5001"}, map[string]string{"job": "expense-tracker-probe"}
	down, silent := named(t, all, "ExpenseTrackerProbeDown"), named(t, all, "ExpenseTrackerProbeSilent")
	refused, doubled := named(t, all, "ExpenseTrackerProbeRefused"), named(t, all, "ExpenseTrackerAddDoubled")
	accepted := func(values string) string { return series("expense_probe_adds_total", `, outcome="accepted"`, values) }
	return scenario(t, "a probe that is well",
		series("up", "", "1x120")+accepted("0+2x120")+series("expense_probe_adds_total", `, outcome="refused"`, "0x120")+
			series("expense_probe_doubled_total", "", "0x120"),
		alertTest("1h", down.Alert), alertTest("1h", silent.Alert), alertTest("1h", refused.Alert), alertTest("1h", doubled.Alert)) +
		scenario(t, "a probe that is away", series("up", "", "1x10 0x60"),
			alertTest("14m", down.Alert), alertTest("20m", down.Alert, expected(down, here, ""))) +
		scenario(t, "a probe that hangs", accepted("0+2x30 60x60"),
			alertTest("45m", silent.Alert), alertTest("55m", silent.Alert, expected(silent, job, ""))) +
		scenario(t, "a probe that is refused", series("expense_probe_adds_total", `, outcome="refused"`, "0x30 0+2x30"),
			alertTest("31m", refused.Alert), alertTest("50m", refused.Alert, expected(refused, job, "10"))) +
		scenario(t, "an add that is doubled", series("expense_probe_doubled_total", "", "0x30 1x60"),
			alertTest("30m", doubled.Alert), alertTest("34m", doubled.Alert, expected(doubled, job, "1")))
}
