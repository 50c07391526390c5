package docs_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"expense-tracker/tests/rig/project"
)

// The table of all alerts is made of the rules.
func TestReadmeOfAlertsIsInStep(t *testing.T) {
	wantSections(t, "docs/ALERTS.md", map[string]string{"alerts": alertsTable(t)})
}

// alertsTable lists every alert with what it tells, how grave it is, and how long it has to last.
func alertsTable(t *testing.T) string {
	t.Helper()
	files, err := filepath.Glob(project.Path(t, "observability/prometheus/*.rules.yml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("rules %v, %v", files, err)
	}
	var table strings.Builder
	table.WriteString("| alert | it says | severity | after |\n|---|---|---|---|\n")
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var rules struct {
			Groups []struct {
				Rules []struct {
					Alert       string
					For         string
					Labels      map[string]string
					Annotations map[string]string
				}
			}
		}
		if err := yaml.Unmarshal(content, &rules); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for _, group := range rules.Groups {
			for _, rule := range group.Rules {
				if rule.Alert != "" {
					fmt.Fprintf(&table, "| [%s](runbooks/%[1]s.md) | %s | %s | %s |\n", rule.Alert, rule.Annotations["summary"],
						rule.Labels["severity"], rule.For)
				}
			}
		}
	}
	return table.String()
}
