package objectives

import (
	"fmt"
	"strings"
)

// RulesFile is where the rules stand, beside this package's folder.
const RulesFile = "../prometheus/objectives.rules.yml"

const rulesHead = `# What is promised over thirty days, how fast it is used up, and when somebody has to look: docs/OBJECTIVES.md.
#
# Written by make generate, from observability/objectives/objectives.go. What is changed here is gone with the next run.
#
# objective:errors and objective:events count what was bad and what there was in a window, objective:burn says how many times faster than
# in thirty days the budget goes: 1 uses it up exactly. Each has the label objective. Of an objective that is about moments and not about
# events, errors is 1 while it is not met, and events is 1.
groups:
`

// Runbook is the link to an alert's runbook, which begins where Prometheus is told that runbooks are.
func Runbook(alert string) string {
	return `{{ or $externalLabels.runbooks "docs/runbooks" }}/` + alert + ".md"
}

// Rules returns the file of recording rules and alerts.
func Rules() string {
	var w writer
	w.text(rulesHead)
	w.line(2, "- name: objectives-records")
	w.line(4, "interval: 1m")
	w.line(4, "rules:")
	for _, o := range All() {
		w.records(o)
	}
	w.line(2, "- name: objectives-budgets")
	w.line(4, "interval: 5m")
	w.line(4, "rules:")
	for _, o := range All() {
		w.budget(o)
	}
	w.line(2, "- name: objectives-alerts")
	w.line(4, "rules:")
	for _, o := range All() {
		w.alerts(o)
	}
	w.line(2, "- name: probe-alerts")
	w.line(4, "rules:")
	for _, a := range OfTheProbe() {
		w.alert(a, nil)
	}
	return strings.TrimRight(w.String(), "\n") + "\n"
}

// writer writes YAML of the shape that rules have.
type writer struct{ strings.Builder }

func (w *writer) text(text string) { _, _ = w.WriteString(text) } // which never fails

func (w *writer) line(indent int, format string, args ...any) {
	_, _ = fmt.Fprintf(w, strings.Repeat(" ", indent)+format+"\n", args...)
}

// folded writes a key whose value is long, over several lines.
func (w *writer) folded(indent int, key, text string) {
	w.line(indent, "%s: >-", key)
	const width = 130
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len(line)+1+len(word)+indent > width {
			w.line(indent+2, "%s", line)
			line = ""
		}
		line = strings.TrimSpace(line + " " + word)
	}
	w.line(indent+2, "%s", line)
}

func (w *writer) record(name string, o Objective, expr string) {
	w.line(6, "- record: %s", name)
	w.folded(8, "expr", expr)
	w.line(8, "labels: { %s }", labelsOf(o))
	w.text("\n")
}

// labelsOf are an objective's. The job is the program's, whoever has measured: what silences its alerts silences these.
func labelsOf(o Objective) string { return "job: expense-tracker, objective: " + o.Name }

func (w *writer) records(o Objective) {
	if o.Carried != "" {
		w.record(o.Carried, o, o.CarriedFrom+" or max(last_over_time("+o.Carried+"[7d]))")
	}
	if !o.CountsEvents() {
		w.record("objective:errors:increase5m", o, o.Breached)
		w.record("objective:events:increase5m", o, "1 + 0 * ("+o.Breached+")")
		return
	}
	for _, window := range []string{"5m", "1h"} { // for the budget, and for people
		w.record("objective:errors:increase"+window, o, in(o.Errors, window))
		w.record("objective:events:increase"+window, o, in(o.Events, window))
	}
	if !o.Burns() {
		return
	}
	for _, window := range []string{"6h", "1d", "3d"} {
		w.record("objective:errors:increase"+window, o, in(o.Errors, window))
	}
	for _, window := range Windows() {
		w.record("objective:burn:rate"+window, o, "("+in(o.Errors, window)+") / (("+in(o.Events, window)+") > 0) / "+o.Budget)
	}
}

// budget records what is left of thirty days' budget: 1 is all of it, and below 0 it is overdrawn. Windows of five minutes overlap, so that
// each event is counted several times: above the line as often as below it.
func (w *writer) budget(o Objective) {
	w.record("objective:errors:ratio30d", o, fmt.Sprintf("sum_over_time(%s[%dd]) / (sum_over_time(%s[%dd]) > 0)",
		of("objective:errors:increase5m", o), Days, of("objective:events:increase5m", o), Days))
	left := "1 - " + of("objective:errors:ratio30d", o) + " / " + o.Budget
	if !o.Burns() {
		left = "1 - (" + of("objective:errors:ratio30d", o) + " > bool 0)"
	}
	w.record("objective:budget_left:ratio30d", o, left)
}

// of selects a series of an objective.
func of(series string, o Objective) string { return series + `{objective="` + o.Name + `"}` }

func (w *writer) alerts(o Objective) {
	labels := []string{"job: expense-tracker", "objective: " + o.Name}
	switch {
	case !o.CountsEvents():
		w.alert(Alert{
			Name: o.Alert, Expr: of("objective:errors:increase5m", o) + " > 0", For: "15m", Keep: "15m", Severity: "critical", Summary: o.Summary,
			Description: "The objective “" + o.Title + "” (" + o.Target + ") is not met. " + o.Advice,
		}, labels)
	case !o.Burns():
		w.alert(Alert{
			Name: o.Alert, Expr: of("objective:errors:increase1h", o) + " > 0", For: "1m", Keep: "1h", Severity: "critical", Summary: o.Summary,
			Description: "The objective “" + o.Title + "” (" + o.Target + ") has no budget, and was missed within the last hour. " + o.Advice,
		}, labels)
	default:
		for _, b := range Burns() {
			w.alert(Alert{
				Name: o.Alert, For: b.For, Keep: "5m", Severity: b.Severity, Summary: o.Summary,
				Expr: fmt.Sprintf("%s > %s and %s > %s and %s > %d - 0.5", of("objective:burn:rate"+b.Long, o), b.Factor,
					of("objective:burn:rate"+b.Short, o), b.Factor, of("objective:errors:increase"+b.Long, o), FewestErrors),
				Description: fmt.Sprintf("The budget of “%s” (%s) goes {{ $value | printf \"%%.1f\" }} times as fast as thirty days allow, "+
					"over %s and still over %s: at %s times, that is %s. %s", o.Title, o.Target, b.Long, b.Short, b.Factor, b.Eats, o.Advice),
			}, append(labels[:2:2], `burn: "`+b.Factor+`"`))
		}
	}
}

func (w *writer) alert(a Alert, labels []string) {
	keep := a.Keep
	if keep == "" {
		keep = "5m"
	}
	w.line(6, "- alert: %s", a.Name)
	w.folded(8, "expr", a.Expr)
	w.line(8, "for: %s", a.For)
	w.line(8, "keep_firing_for: %s", keep)
	w.line(8, "labels: { %s }", strings.Join(append([]string{"severity: " + a.Severity}, labels...), ", "))
	w.line(8, "annotations:")
	w.line(10, "runbook_url: '%s'", Runbook(a.Name))
	w.line(10, "summary: %s", a.Summary)
	w.folded(10, "description", a.Description)
	w.text("\n")
}
