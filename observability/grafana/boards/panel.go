package boards

import (
	"errors"
	"strings"
)

// Kinds of panels.
const (
	graph  = "timeseries"
	stat   = "stat"
	heat   = "heatmap"
	bars   = "bargauge"
	table  = "table"
	chart  = "barchart"
	states = "state-timeline"
	alerts = "alertlist"
)

// Panel is a picture of queries.
type Panel struct {
	Kind, Title, Text, Unit string
	W, H                    int // in the grid's cells; 0 for the kind's own
	Queries                 []Query
	Stacked                 bool
	From, To                *float64 // the axis
	Decimals                *float64
	Above                   []Step // what is too much, from there on; drawn as lines in graphs
	Below                   []Step // what is too little, below that
	Names                   map[string]Name
	Empty                   string   // what is said when there is no value
	Style                   string   // of a stat: background, name or spark
	Exact                   []string // columns of a table that hold exact amounts as text
	Runbooks                []string // of the alerts that this explains
	See                     []string // dashboards that say more, by uid
}

// Query is a question to a data source. One of SQL answers with a table.
type Query struct{ Expr, Legend, SQL string }

// Step is a bound and how bad it is to be past it.
type Step struct {
	At  float64
	Bad bool // red; otherwise orange
}

// Name is what a value is called.
type Name struct{ Text, Color string }

func at(n float64) *float64 { return &n }

func (p Panel) size() (w, h int) {
	w, h = 8, 8
	if p.Kind == stat {
		w, h = 4, 4
	}
	if p.W > 0 {
		w = p.W
	}
	if p.H > 0 {
		h = p.H
	}
	return w, h
}

func (p Panel) object(id, x, y int) (object, error) {
	if p.Title == "" || p.Text == "" || p.Unit == "" && p.Kind != alerts {
		return nil, errors.New("a panel has a title, a text and a unit")
	}
	w, h := p.size()
	o := object{
		"id": id, "type": p.Kind, "title": p.Title, "description": p.Text, "gridPos": object{"x": x, "y": y, "w": w, "h": h},
		"options": p.options(), "links": p.links(), "fieldConfig": object{"defaults": p.defaults(), "overrides": p.overrides()},
	}
	if p.Kind == alerts {
		return o, nil
	}
	of := metrics
	var targets []object
	for i, query := range p.Queries {
		target := object{"refId": string(rune('A' + i))}
		switch {
		case query.SQL != "":
			of = rows
			target["rawQuery"], target["rawSql"], target["editorMode"], target["format"] = true, query.SQL, "code", "table"
		default:
			target["expr"], target["legendFormat"], target["editorMode"], target["range"] = query.Expr, query.Legend, "code", true
			if p.Kind == heat {
				target["format"] = "heatmap"
			}
			if p.Kind == table || p.Kind == bars {
				target["instant"], target["range"] = true, false
			}
			if p.Kind == table {
				target["format"] = "table"
			}
			target["exemplar"] = strings.Contains(query.Expr, "_bucket") && (p.Kind == graph || p.Kind == heat)
		}
		target["datasource"] = of.object()
		targets = append(targets, target)
	}
	o["targets"], o["datasource"] = targets, of.object()
	return o, nil
}

// links lead to the runbooks of a panel's alerts, which Grafana serves (docker-compose.yml mounts them), and to what says more.
func (p Panel) links() []object {
	links := []object{}
	for _, runbook := range p.Runbooks {
		links = append(links, object{"title": "Runbook: " + runbook, "url": "/public/runbooks/" + runbook + ".md", "targetBlank": true})
	}
	for _, board := range p.See {
		links = append(links, object{"title": "More: " + board, "url": "/d/" + board + "?${__url_time_range}", "targetBlank": false})
	}
	return links
}

func (p Panel) defaults() object {
	d := object{"unit": p.Unit, "thresholds": p.thresholds(), "color": object{"mode": "palette-classic"}}
	for name, value := range map[string]*float64{"min": p.From, "max": p.To, "decimals": p.Decimals} {
		if value != nil {
			d[name] = *value
		}
	}
	if p.Empty != "" {
		d["noValue"] = p.Empty
	}
	if len(p.Names) > 0 {
		names := object{}
		for value, name := range p.Names {
			names[value] = object{"text": name.Text, "color": name.Color}
		}
		d["mappings"] = []object{{"type": "value", "options": names}}
	}
	switch p.Kind {
	case stat, bars, states:
		d["color"] = object{"mode": "thresholds"}
	case graph:
		custom := object{"drawStyle": "line", "lineWidth": 1, "fillOpacity": 10, "showPoints": "auto", "spanNulls": false}
		if p.Stacked {
			custom["stacking"], custom["fillOpacity"] = object{"mode": "normal", "group": "A"}, 40
		}
		if len(p.Above)+len(p.Below) > 0 {
			custom["thresholdsStyle"] = object{"mode": "dashed"}
		}
		d["custom"] = custom
	case chart:
		d["custom"] = object{"fillOpacity": 80, "lineWidth": 0}
	case table:
		d["custom"] = object{"align": "auto", "filterable": true}
	}
	return d
}

func (p Panel) thresholds() object {
	base := "green"
	if len(p.Above)+len(p.Below) == 0 {
		base = "text"
	}
	color := func(bad bool) string {
		if bad {
			return "red"
		}
		return "orange"
	}
	steps := []object{{"color": base, "value": nil}}
	for _, step := range p.Above {
		steps = append(steps, object{"color": color(step.Bad), "value": step.At})
	}
	// From the least on: below the first bound is the worst.
	for i, step := range p.Below {
		steps[len(steps)-1]["color"] = color(step.Bad)
		next := base
		if i+1 < len(p.Below) {
			next = color(p.Below[i+1].Bad)
		}
		steps = append(steps, object{"color": next, "value": step.At})
	}
	return object{"mode": "absolute", "steps": steps}
}

// overrides let exact amounts, which are text, stand as numbers do.
func (p Panel) overrides() []object {
	overrides := []object{}
	for _, column := range p.Exact {
		overrides = append(overrides, object{
			"matcher":    object{"id": "byName", "options": column},
			"properties": []object{{"id": "custom.align", "value": "right"}, {"id": "unit", "value": "string"}},
		})
	}
	return overrides
}

func (p Panel) options() object {
	reduce := object{"calcs": []string{"lastNotNull"}, "fields": "", "values": false}
	switch p.Kind {
	case stat:
		o := object{
			"reduceOptions": reduce, "colorMode": "value", "graphMode": "none", "textMode": "auto", "orientation": "auto", "justifyMode": "auto",
		}
		switch p.Style {
		case "background":
			o["colorMode"] = "background"
		case "name":
			o["textMode"] = "name"
		case "spark":
			o["graphMode"] = "area"
		}
		return o
	case graph:
		return object{
			"legend": object{
				"displayMode": "table", "placement": "bottom", "showLegend": true, "calcs": []string{"mean", "max", "lastNotNull"},
				"sortBy": "Max", "sortDesc": true,
			},
			"tooltip": object{"mode": "multi", "sort": "desc"},
		}
	case heat:
		return object{
			"calculate": false, "cellGap": 1, "yAxis": object{"unit": p.Unit, "axisPlacement": "left"}, "rowsFrame": object{"layout": "auto"},
			"color":   object{"mode": "scheme", "scheme": "Oranges", "steps": 64, "exponent": 0.5, "fill": "dark-orange", "scale": "exponential"},
			"tooltip": object{"mode": "single", "yHistogram": true, "showColorScale": true}, "legend": object{"show": true},
			"exemplars": object{"color": "rgba(255,0,255,0.7)"}, "filterValues": object{"le": 1e-9},
		}
	case bars:
		return object{"reduceOptions": reduce, "displayMode": "gradient", "orientation": "horizontal", "showUnfilled": true, "valueMode": "color"}
	case chart:
		return object{
			"stacking": "normal", "orientation": "auto", "showValue": "never", "xTickLabelRotation": -45,
			"legend":  object{"displayMode": "table", "placement": "right", "showLegend": true, "calcs": []string{"sum"}},
			"tooltip": object{"mode": "multi", "sort": "desc"},
		}
	case states:
		return object{
			"mergeValues": true, "showValue": "never", "rowHeight": 0.8, "alignValue": "left",
			"legend": object{"displayMode": "list", "placement": "bottom", "showLegend": true}, "tooltip": object{"mode": "single"},
		}
	case alerts:
		return object{
			"viewMode": "list", "groupMode": "default", "groupBy": []any{}, "maxItems": 20, "sortOrder": 1, "dashboardAlerts": false,
			"alertName": "", "alertInstanceLabelFilter": "", "datasource": "Prometheus", "showInstances": true,
			"stateFilter": object{"firing": true, "pending": true, "noData": false, "normal": false, "error": true, "recovering": true},
		}
	}
	return object{"showHeader": true, "cellHeight": "sm"}
}
