package docs_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"expense-tracker/tests/rig/project"
)

// The table of all panels is made of the dashboards.
func TestReadmeOfDashboardsIsInStep(t *testing.T) {
	wantSections(t, "docs/DASHBOARDS.md", map[string]string{"panels": panelsTable(t)})
}

// panelsTable lists the dashboards' panels with their descriptions.
func panelsTable(t *testing.T) string {
	t.Helper()
	files, err := filepath.Glob(project.Path(t, "observability/grafana/dashboards/*.json"))
	if err != nil || len(files) < 2 {
		t.Fatalf("dashboards %v, %v", files, err)
	}
	var table strings.Builder
	table.WriteString("| dashboard | panel | what it tells |\n|---|---|---|\n")
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var dashboard struct {
			Title  string
			Panels []struct{ Title, Type, Description string }
		}
		if err := json.Unmarshal(content, &dashboard); err != nil {
			t.Fatal(err)
		}
		for _, panel := range dashboard.Panels {
			if panel.Type != "row" {
				fmt.Fprintf(&table, "| %s | %s | %s |\n", dashboard.Title, panel.Title, panel.Description)
			}
		}
	}
	return table.String()
}
