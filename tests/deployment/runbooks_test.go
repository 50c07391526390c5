package deployment_test

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"expense-tracker/tests/rig/project"
)

// watchdog is the alert that always fires.
const watchdog = "Watchdog"

// TestAlertsAndRunbooksAreInStep demands of each alert a runbook that says what it means, where to look first and what to do, a link to it,
// and of each runbook an alert.
func TestAlertsAndRunbooksAreInStep(t *testing.T) {
	alerts := map[string]bool{}
	for _, rule := range rules(t) {
		if rule.Alert == "" {
			continue
		}
		alerts[rule.Alert] = true
		if want := `{{ or $externalLabels.runbooks "docs/runbooks" }}/` + rule.Alert + ".md"; rule.Annotations["runbook_url"] != want {
			t.Errorf("%s has the runbook_url %q, want %q", rule.Alert, rule.Annotations["runbook_url"], want)
		}
	}
	for name, text := range runbooks(t) {
		if !alerts[name] {
			t.Errorf("docs/runbooks/%s.md is of no alert", name)
		}
		delete(alerts, name)
		headings := regexp.MustCompile(`(?m)^#.*$`).FindAllString(text, -1)
		if want := []string{"# " + name, "## What it means", "## First look", "## Remedy"}; !slices.Equal(headings, want) {
			t.Errorf("%s has the headings %q, want %q", name, headings, want)
		}
		for _, link := range regexp.MustCompile(`\]\(([^)#:]+)\)`).FindAllStringSubmatch(text, -1) {
			if _, err := os.Stat(project.Path(t, filepath.Join("docs/runbooks", link[1]))); err != nil {
				t.Errorf("%s links to %s: %v", name, link[1], err)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(alerts)) {
		t.Errorf("%s has no runbook docs/runbooks/%s.md", name, name)
	}
}

// TestRunbooksNameWhatIsThere reads the commands of all runbooks: services, programs and expressions in them are ours.
func TestRunbooksNameWhatIsThere(t *testing.T) {
	services := loadCompose(t).ServiceNames()
	compose := regexp.MustCompile(`docker compose (exec|logs|ps|up|restart|kill)` + // with flags and their values
		`((?: -?-[a-zA-Z-]+(?: (?:[A-Z]+|\d+[mh]?))?)*)((?: [a-z][a-z-]*)*)`)
	query := regexp.MustCompile(`promtool query instant (?:--\S+ )?\S+ '([^']*)'`)
	commands := 0
	var expressions []map[string]string
	for name, text := range runbooks(t) {
		for _, block := range regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(text, -1) {
			for _, line := range strings.Split(strings.TrimSpace(block[1]), "\n") {
				commands++
				for _, call := range compose.FindAllStringSubmatch(line, -1) {
					named := strings.Fields(call[3])
					if call[1] == "exec" {
						named = named[:min(1, len(named))]
					}
					if call[1] == "exec" && len(named) == 0 {
						t.Errorf("%s: this names no service, or by flags that this test does not know: %s", name, line)
					}
					for _, service := range named {
						if !slices.Contains(services, service) {
							t.Errorf("%s: %s is no service: %s", name, service, line)
						}
					}
				}
				for _, expression := range query.FindAllStringSubmatch(line, -1) {
					expressions = append(expressions, map[string]string{"record": "runbook:" + name, "expr": expression[1]})
				}
			}
		}
	}
	if commands < 50 {
		t.Errorf("only %d commands were found", commands)
	}
	text, err := yaml.Marshal(map[string]any{"groups": []any{map[string]any{"name": "runbooks", "rules": expressions}}})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "runbooks.yml")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	promtool(t, "check", "rules", path)
}

// runbooks returns the texts of all, by the names of their alerts.
func runbooks(t testing.TB) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, path := range matching(t, "docs/runbooks/*.md") {
		found[strings.TrimSuffix(filepath.Base(path), ".md")] = string(readPath(t, path))
	}
	return found
}
