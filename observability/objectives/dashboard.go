package objectives

import (
	"encoding/json"
	"fmt"
	"slices"
)

// DashboardFile is where the dashboard stands, beside this package's folder.
const DashboardFile = "../grafana/dashboards/objectives.json"

// The parts of a Grafana dashboard that this one has.
type (
	object = map[string]any
	list   = []any
)

var source = object{"type": "prometheus", "uid": "${datasource}"} //nolint:gochecknoglobals // a constant, if there were such of maps

// grid puts panels beside and below each other, on 24 columns.
type grid struct {
	panels list
	x, y   int
	high   int // the highest panel of the line
}

// row begins a line with a heading.
func (g *grid) row(title string) {
	g.end()
	g.add(object{"type": "row", "title": title, "collapsed": false, "panels": list{}}, 24, 1)
	g.end()
}

func (g *grid) end() { g.x, g.y, g.high = 0, g.y+g.high, 0 }

func (g *grid) add(panel object, width, height int) {
	if g.x+width > 24 {
		g.end()
	}
	panel["id"] = len(g.panels) + 1
	panel["gridPos"] = object{"x": g.x, "y": g.y, "w": width, "h": height}
	g.panels = append(g.panels, panel)
	g.x, g.high = g.x+width, max(g.high, height)
}

// query is a panel's question, and what its line is called.
type query struct{ expr, legend string }

// chart is what panels have in common.
func chart(kind, title, about, unit string, queries ...query) object {
	targets := list{}
	for i, q := range queries {
		targets = append(targets, object{
			"refId": string(rune('A' + i)), "datasource": source, "editorMode": "code", "expr": q.expr, "legendFormat": q.legend,
			"range": kind == "timeseries", "instant": kind != "timeseries",
		})
	}
	return object{
		"type": kind, "title": title, "description": about, "datasource": source, "targets": targets,
		"fieldConfig": object{"defaults": object{"unit": unit}, "overrides": list{}},
	}
}

func defaultsOf(panel object) object {
	return panel["fieldConfig"].(object)["defaults"].(object) //nolint:forcetypeassert // chart has made them
}

// steps are colours from values on; the first is from the start.
func steps(first string, rest ...any) object {
	all := list{object{"color": first, "value": nil}}
	for pair := range slices.Chunk(rest, 2) {
		all = append(all, object{"value": pair[0], "color": pair[1]})
	}
	return object{"mode": "absolute", "steps": all}
}

// stat shows one number.
func stat(title, about, unit, expr string, thresholds object) object {
	panel := chart("stat", title, about, unit, query{expr, title})
	defaultsOf(panel)["thresholds"] = thresholds
	defaultsOf(panel)["noValue"] = "not known"
	panel["options"] = object{
		"reduceOptions": object{"calcs": list{"lastNotNull"}, "fields": "", "values": false},
		"colorMode":     "background", "graphMode": "none", "textMode": "value", "orientation": "auto", "justifyMode": "auto",
	}
	return panel
}

// lines shows how something went, with dashed lines at thresholds if there are any.
func lines(title, about, unit string, thresholds object, queries ...query) object {
	panel := chart("timeseries", title, about, unit, queries...)
	defaults := defaultsOf(panel)
	custom := object{"drawStyle": "line", "lineWidth": 1, "fillOpacity": 0, "showPoints": "auto", "spanNulls": false}
	defaults["min"] = 0
	defaults["color"] = object{"mode": "palette-classic"}
	if thresholds != nil {
		defaults["thresholds"] = thresholds
		custom["thresholdsStyle"] = object{"mode": "dashed"}
	}
	defaults["custom"] = custom
	panel["options"] = object{
		"legend":  object{"displayMode": "table", "placement": "bottom", "showLegend": true, "calcs": list{"lastNotNull", "max", "mean"}},
		"tooltip": object{"mode": "multi", "sort": "desc"},
	}
	return panel
}

// runbookLink leads to an alert's runbook, which docker-compose.yml lets Grafana serve.
func runbookLink(alert string) object {
	return object{"title": "Runbook of " + alert, "url": "/public/runbooks/" + alert + ".md", "targetBlank": true}
}

// Dashboard returns the file of the dashboard.
func Dashboard() (string, error) {
	var g grid
	g.row("What is left of the budget of thirty days")
	for _, o := range All() {
		g.add(left(o), 4, 5)
	}
	g.row("How fast it goes")
	for _, o := range All() {
		if o.Burns() {
			g.add(burns(o), 12, 8)
		}
	}
	g.row("What was bad, and how much there was")
	for _, o := range All() {
		if o.CountsEvents() {
			g.add(events(o), 12, 7)
		}
	}
	g.add(age(), 12, 7)
	g.row("What the probe meets, from outside")
	for _, panel := range outside() {
		g.add(panel, 8, 8)
	}
	g.end()
	text, err := json.MarshalIndent(object{
		"uid": "objectives", "title": "Objectives", "tags": list{"expense-tracker"}, "schemaVersion": 41, "version": 1,
		"description": "What the expense tracker promises over thirty days, and what is left of it. Written by make generate.",
		"editable":    true, "graphTooltip": 1, "refresh": "1m", "timezone": "browser",
		"time":        object{"from": "now-24h", "to": "now"},
		"annotations": object{"list": list{}}, "templating": object{"list": list{chooser()}},
		"links":  list{dashboardLink("Expense Tracker", "expense-tracker"), dashboardLink("Host", "host")},
		"panels": g.panels,
	}, "", "  ")
	return string(text) + "\n", err
}

// chooser is the variable of the data source, as the other dashboards have it.
func chooser() object {
	return object{
		"name": "datasource", "label": "Data source", "description": "The Prometheus that is asked.", "type": "datasource",
		"query": "prometheus", "regex": "", "refresh": 1, "multi": false, "includeAll": false, "hide": 0, "options": list{},
		"current": object{"selected": true, "text": "Prometheus", "value": "prometheus"},
	}
}

func dashboardLink(title, uid string) object {
	return object{
		"type": "link", "title": title, "url": "/d/" + uid, "icon": "dashboard", "tooltip": "", "asDropdown": false, "includeVars": false,
		"keepTime": true, "tags": list{}, "targetBlank": false,
	}
}

func left(o Objective) object {
	about := o.About + " Target: " + o.Target + ". What is below 0 is overdrawn; the runbook is " + o.Alert + "."
	panel := stat(o.Title, about, "percentunit", of("objective:budget_left:ratio30d", o), steps("red", 0, "orange", 0.25, "green"))
	defaultsOf(panel)["decimals"] = 1
	panel["links"] = list{runbookLink(o.Alert)}
	return panel
}

func burns(o Objective) object {
	var queries []query
	for _, window := range []string{"5m", "1h", "6h", "1d", "3d"} {
		queries = append(queries, query{of("objective:burn:rate"+window, o), "over " + window})
	}
	about := fmt.Sprintf("How many times faster than in thirty days the budget of “%s” (%s) goes. %s is raised at the dashed lines: "+
		"14.4 over an hour, 6 over six, 3 over a day, 1 over three.", o.Title, o.Target, o.Alert)
	panel := lines("Burn rate: "+o.Title, about, "short",
		steps("transparent", 1, "yellow", 3, "orange", 6, "red", 14.4, "dark-red"), queries...)
	panel["links"] = list{runbookLink(o.Alert)}
	return panel
}

func events(o Objective) object {
	about := "What counted against “" + o.Title + "” within an hour, beside all that counted. " + o.About
	panel := lines("In an hour: "+o.Title, about, "short", nil,
		query{of("objective:errors:increase1h", o), "bad"}, query{of("objective:events:increase1h", o), "all"})
	panel["links"] = list{runbookLink(o.Alert)}
	return panel
}

// age shows what the objective about backups is about.
func age() object {
	for _, o := range All() {
		if o.Age != "" {
			panel := lines("Age of the newest restored backup", o.About, "s", steps("transparent", 26*3600, "red"), query{o.Age, "age"})
			panel["links"] = list{runbookLink(o.Alert)}
			return panel
		}
	}
	return nil
}

func outside() []object {
	quantile := func(q, by string) string {
		return `histogram_quantile(` + q + `, sum by (` + by + `) (rate(expense_probe_duration_seconds_bucket{` + jobProbe + `}[1h])))`
	}
	refused := lines("Adds of the probe by outcome",
		"Adds in an hour, by what the probe was told. Refused ones are the probe's own fault, most often its secret's.", "short", nil,
		query{`sum by (outcome) (increase(expense_probe_adds_total{` + jobProbe + `}[1h]))`, "{{outcome}}"})
	refused["links"] = list{runbookLink("ExpenseTrackerProbeRefused"), runbookLink("ExpenseTrackerProbeSilent")}
	doubled := lines("Lost, late and doubled",
		"Acknowledged adds of the probe that were missing, came late or stood there more than once, within a day. Each of them is one too many.",
		"short", nil,
		query{`sum by (outcome) (increase(expense_probe_readbacks_total{` + jobProbe + `, outcome!="found"}[1d]))`, "{{outcome}}"},
		query{`sum(increase(expense_probe_doubled_total{` + jobProbe + `}[1d]))`, "doubled"})
	doubled["links"] = list{runbookLink("ExpenseTrackerAddLost"), runbookLink("ExpenseTrackerAddDoubled")}
	return []object{
		refused,
		doubled,
		lines("Waiting to be found", "Acknowledged adds of the probe that are yet to be read back; while the program is away, they wait.",
			"short", nil, query{`sum(expense_probe_waiting{` + jobProbe + `})`, "waiting"}),
		lines("The probe's answers, 50th percentile",
			"Half of what the probe asked within an hour was answered faster than this, connection included.",
			"s", nil, query{quantile("0.5", "le, request"), "{{request}}"}),
		lines("The probe's answers, 99th percentile",
			"Ninety-nine of a hundred answers to the probe within an hour came faster than this, connection included.",
			"s", steps("transparent", 0.05, "yellow", 0.1, "red"), query{quantile("0.99", "le, request"), "{{request}}"}),
		lines("Found after", "How long after its acknowledgement 99 of 100 adds of the probe were found within an hour; a minute is promised.",
			"s", steps("transparent", 60, "red"),
			query{`histogram_quantile(0.99, sum by (le) (rate(expense_probe_readback_seconds_bucket{` + jobProbe + `}[1h])))`, "found"}),
	}
}
