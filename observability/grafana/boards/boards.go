// Package boards is the source of Grafana's dashboards. A test writes their JSON beside it, in ../dashboards, where Grafana reads it. Only
// tests import it: the program does not grow by it.
package boards

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// object is a part of a dashboard's JSON.
type object = map[string]any

// Board is a dashboard, its panels in rows from the top.
type Board struct {
	UID, Title, Description string
	Tags                    []string
	From                    string // the start of what it shows at first, such as now-6h
	Variables               []Variable
	Annotations             []Annotation
	Rows                    []Row
}

// Row is a heading and the panels below it, which are laid from left to right.
type Row struct {
	Title  string
	Panels []Panel
}

// All returns the dashboards, by the names of their files.
func All() map[string]Board {
	all := map[string]Board{}
	for _, board := range []Board{expenseTracker(), host(), postgreSQL(), pages(), containers(), money()} {
		all[board.UID+".json"] = board
	}
	return all
}

// JSON returns what Grafana reads. Panels have ids in their order.
func (b Board) JSON() ([]byte, error) {
	var panels []object
	id, y := 0, 0
	for _, row := range b.Rows {
		id++
		panels = append(panels, object{
			"id": id, "type": "row", "title": row.Title, "collapsed": false, "panels": []any{},
			"gridPos": object{"x": 0, "y": y, "w": columns, "h": 1},
		})
		y++
		x, height := 0, 0
		for _, panel := range row.Panels {
			width, tall := panel.size()
			if x+width > columns {
				x, y, height = 0, y+height, 0
			}
			id++
			drawn, err := panel.object(id, x, y)
			if err != nil {
				return nil, fmt.Errorf("%s: %s: %w", b.UID, panel.Title, err)
			}
			panels = append(panels, drawn)
			x, height = x+width, max(height, tall)
		}
		y += height
	}
	variables := make([]object, 0, len(b.Variables))
	for _, variable := range b.Variables {
		variables = append(variables, variable.object())
	}
	annotations := []object{{
		"builtIn": 1, "name": "Annotations & Alerts", "type": "dashboard", "enable": true, "hide": true, "iconColor": "rgba(0, 211, 255, 1)",
		"datasource": object{"type": "grafana", "uid": "-- Grafana --"},
	}}
	for _, annotation := range b.Annotations {
		annotations = append(annotations, annotation.object())
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err := encoder.Encode(object{
		"uid": b.UID, "title": b.Title, "description": b.Description, "tags": append([]string{"expense-tracker"}, b.Tags...),
		"schemaVersion": 41, "version": 1, "editable": true, "graphTooltip": 1, "refresh": "30s", "timezone": "browser",
		"time":        object{"from": b.From, "to": "now"},
		"templating":  object{"list": variables},
		"annotations": object{"list": annotations},
		"panels":      panels,
		// All of ours, in one menu, at the same time.
		"links": []object{{
			"type": "dashboards", "title": "Dashboards", "tags": []string{"expense-tracker"}, "asDropdown": true, "keepTime": true,
			"includeVars": false, "targetBlank": false, "icon": "external link", "tooltip": "", "url": "",
		}},
	})
	return text.Bytes(), err
}

// columns is the width of the grid.
const columns = 24
