package deployment_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"expense-tracker/observability/grafana/boards"
	"expense-tracker/tests/rig/project"
)

// dashboard is what the tests read of a Grafana dashboard.
type dashboard struct {
	UID           string   `json:"uid"`
	Title         string   `json:"title"`
	Tags          []string `json:"tags"`
	SchemaVersion int      `json:"schemaVersion"`
	Panels        []panel  `json:"panels"`
	Links         []link   `json:"links"`
	Templating    struct {
		List []variable `json:"list"`
	} `json:"templating"`
	Annotations struct {
		List []struct {
			Name       string     `json:"name"`
			BuiltIn    int        `json:"builtIn"`
			Datasource datasource `json:"datasource"`
			Expr       string     `json:"expr"`
			Title      string     `json:"titleFormat"`
		} `json:"list"`
	} `json:"annotations"`
}

// variable is a choice at the top of a dashboard. The query of one of type datasource is a plugin.
type variable struct {
	Name       string     `json:"name"`
	Type       string     `json:"type"`
	Datasource datasource `json:"datasource"`
	Definition string     `json:"definition"`
	Query      any        `json:"query"`
	All        string     `json:"allValue"`
}

type link struct {
	Type string   `json:"type"`
	URL  string   `json:"url"`
	Tags []string `json:"tags"`
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
			Unit   string `json:"unit"`
			Custom struct {
				ThresholdsStyle struct {
					Mode string `json:"mode"`
				} `json:"thresholdsStyle"`
			} `json:"custom"`
		} `json:"defaults"`
	} `json:"fieldConfig"`
	Targets []target `json:"targets"`
	Links   []link   `json:"links"`
	Options struct {
		Legend struct {
			Calcs []string `json:"calcs"`
		} `json:"legend"`
		StateFilter map[string]bool `json:"stateFilter"` // of a list of alerts
	} `json:"options"`
}

// asks tells whether a panel asks a data source: a list of alerts asks Grafana.
func (p panel) asks() bool { return p.Type != "alertlist" && p.Type != "text" }

type target struct {
	RefID      string     `json:"refId"`
	Datasource datasource `json:"datasource"`
	Expr       string     `json:"expr"`
	Legend     string     `json:"legendFormat"`
	Format     string     `json:"format"`
	SQL        string     `json:"rawSql"`
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
	found := dashboards(t)
	for file, title := range map[string]string{
		"expense-tracker.json": "Expense Tracker", "host.json": "Host", "postgresql.json": "PostgreSQL", "pages.json": "Pages and certificates",
		"containers.json": "Containers and processes", "money.json": "Money", "objectives.json": "Objectives",
	} {
		if board := found[file]; board.Title != title || len(board.charts()) < 7 {
			t.Errorf("%s: title %q, %d panels", file, board.Title, len(board.charts()))
		}
	}
	for file, board := range found {
		if board.UID+".json" != file {
			t.Errorf("%s has the uid %q", file, board.UID)
		}
		if info, err := os.Stat(project.Path(t, "observability/grafana/dashboards/"+file)); err != nil || info.Mode().Perm()&0o004 == 0 {
			t.Errorf("Grafana's user cannot read %s: %v", file, err)
		}
	}
}

// What a dashboard of the field has: choices of the data source, job and instance, deploys marked, calculations in legends, lines where it
// gets bad, heatmaps of latency, a list of alerts.
func TestDashboardsAreAtTheLevelOfTheField(t *testing.T) {
	kinds, lines := map[string]int{}, 0
	for file := range boards.All() {
		board := dashboards(t)[file]
		names := map[string]bool{}
		for _, variable := range board.Templating.List {
			names[variable.Name] = true
		}
		overMetrics := file != "money.json"
		if !names["datasource"] || overMetrics && (!names["job"] || !names["instance"]) {
			t.Errorf("%s has the choices %v", file, names)
		}
		marks := map[string]bool{}
		for _, annotation := range board.Annotations.List {
			marks[annotation.Name] = true
		}
		if overMetrics && (!marks["Deploys"] || !marks["Starts"]) {
			t.Errorf("%s marks %v", file, marks)
		}
		for _, panel := range board.charts() {
			kinds[panel.Type]++
			if panel.Type == "timeseries" && len(panel.Options.Legend.Calcs) < 3 {
				t.Errorf("%s: %q calculates %v in its legend", file, panel.Title, panel.Options.Legend.Calcs)
			}
			if panel.FieldConfig.Defaults.Custom.ThresholdsStyle.Mode == "dashed" {
				lines++
			}
			for _, target := range panel.Targets {
				if (panel.Type == "heatmap") != (target.Format == "heatmap") {
					t.Errorf("%s: %q is a %s of %q", file, panel.Title, panel.Type, target.Format)
				}
			}
		}
	}
	if kinds["heatmap"] < 3 || kinds["alertlist"] < 1 || kinds["stat"] < 20 || lines < 20 {
		t.Errorf("kinds of panels %v, %d with lines", kinds, lines)
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
			if panel.asks() && !slices.Contains(units, panel.FieldConfig.Defaults.Unit) {
				t.Errorf("%s: %q has the unit %q", file, panel.Title, panel.FieldConfig.Defaults.Unit)
			}
			if len(strings.Fields(panel.Description)) < 5 || !strings.HasSuffix(panel.Description, ".") {
				t.Errorf("%s: %q is described by %q, which is no sentence", file, panel.Title, panel.Description)
			}
			if panel.asks() && len(panel.Targets) == 0 {
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
