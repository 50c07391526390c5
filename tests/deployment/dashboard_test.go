package deployment_test

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// dashboard is what the tests read of a Grafana dashboard.
type dashboard struct {
	UID           string  `json:"uid"`
	Title         string  `json:"title"`
	SchemaVersion int     `json:"schemaVersion"`
	Panels        []panel `json:"panels"`
	Links         []struct {
		URL string `json:"url"`
	} `json:"links"`
	Templating struct {
		List []struct {
			Name       string     `json:"name"`
			Datasource datasource `json:"datasource"`
			Definition string     `json:"definition"`
		} `json:"list"`
	} `json:"templating"`
}

type panel struct {
	ID          int        `json:"id"`
	Type        string     `json:"type"`
	Title       string     `json:"title"`
	Description string     `json:"description"`
	Datasource  datasource `json:"datasource"`
	Position    position   `json:"gridPos"`
	FieldConfig struct {
		Defaults struct {
			Unit string `json:"unit"`
		} `json:"defaults"`
	} `json:"fieldConfig"`
	Targets []target `json:"targets"`
}

type target struct {
	RefID      string     `json:"refId"`
	Datasource datasource `json:"datasource"`
	Expr       string     `json:"expr"`
	Legend     string     `json:"legendFormat"`
}

type datasource struct {
	Type string `json:"type"`
	UID  string `json:"uid"`
}

// position is in the cells of a grid that is 24 wide.
type position struct {
	X, Y, W, H int
}

func (p position) overlaps(q position) bool {
	return p.X < q.X+q.W && q.X < p.X+p.W && p.Y < q.Y+q.H && q.Y < p.Y+p.H
}

// dashboards returns every dashboard by its file's name.
func dashboards(t testing.TB) map[string]dashboard {
	t.Helper()
	boards := map[string]dashboard{}
	for _, path := range matching(t, "observability/grafana/dashboards/*.json") {
		var board dashboard
		if err := json.Unmarshal(readPath(t, path), &board); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		boards[filepath.Base(path)] = board
	}
	return boards
}

// charts returns the panels that draw something: not the headings.
func (d dashboard) charts() []panel {
	return slices.DeleteFunc(slices.Clone(d.Panels), func(p panel) bool { return p.Type == "row" })
}

func TestTheDashboardsAreThere(t *testing.T) {
	boards := dashboards(t)
	for file, title := range map[string]string{"expense-tracker.json": "Expense Tracker", "host.json": "Host", "objectives.json": "Objectives"} {
		board := boards[file]
		if board.Title != title || board.UID+".json" != file || len(board.charts()) < 8 {
			t.Errorf("%s: title %q, uid %q, %d panels", file, board.Title, board.UID, len(board.charts()))
		}
	}
	if len(boards) != 3 {
		t.Errorf("%d dashboards, each with a uid of its own wanted in this test", len(boards))
	}
}

func TestEveryPanelExplainsItself(t *testing.T) {
	// Units that Grafana knows by these ids: one that it does not know is shown as text behind the number.
	units := []string{"short", "none", "s", "ms", "bytes", "Bps", "percentunit", "ops", "reqps", "cpm", "bool_yes_no"}
	for file, board := range dashboards(t) {
		titles := map[string]bool{}
		for _, panel := range board.charts() {
			if panel.Title == "" || titles[panel.Title] {
				t.Errorf("%s: panel %d is called %q, as another is or as nothing is", file, panel.ID, panel.Title)
			}
			titles[panel.Title] = true
			if !slices.Contains(units, panel.FieldConfig.Defaults.Unit) {
				t.Errorf("%s: %q has the unit %q", file, panel.Title, panel.FieldConfig.Defaults.Unit)
			}
			if len(strings.Fields(panel.Description)) < 5 || !strings.HasSuffix(panel.Description, ".") {
				t.Errorf("%s: %q is described by %q, which is no sentence", file, panel.Title, panel.Description)
			}
			if len(panel.Targets) == 0 {
				t.Errorf("%s: %q asks for nothing", file, panel.Title)
			}
		}
	}
}

func TestPanelsHaveTheirOwnIdsAndPlaces(t *testing.T) {
	for file, board := range dashboards(t) {
		ids := map[int]bool{}
		for i, panel := range board.Panels {
			if panel.ID <= 0 || ids[panel.ID] {
				t.Errorf("%s: %q has the id %d, as another has", file, panel.Title, panel.ID)
			}
			ids[panel.ID] = true
			if p := panel.Position; p.X < 0 || p.Y < 0 || p.W <= 0 || p.H <= 0 || p.X+p.W > 24 {
				t.Errorf("%s: %q stands outside the grid: %+v", file, panel.Title, p)
			}
			for _, other := range board.Panels[:i] {
				if panel.Position.overlaps(other.Position) {
					t.Errorf("%s: %q lies on %q", file, panel.Title, other.Title)
				}
			}
			references := map[string]bool{}
			for _, target := range panel.Targets {
				if target.RefID == "" || references[target.RefID] {
					t.Errorf("%s: %q has two queries %q", file, panel.Title, target.RefID)
				}
				references[target.RefID] = true
			}
		}
	}
}

func TestDashboardsAreOfGrafana12(t *testing.T) {
	for file, board := range dashboards(t) {
		if board.SchemaVersion < 41 || board.SchemaVersion > 42 {
			t.Errorf("%s has the schema %d, Grafana 12's are 41 and 42", file, board.SchemaVersion)
		}
	}
}
