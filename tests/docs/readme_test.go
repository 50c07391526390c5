package docs_test

import (
	"flag"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	dto "github.com/prometheus/client_model/go"
	"golang.org/x/mod/modfile"

	"expense-tracker/config"
	"expense-tracker/observability"
	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/programtest"
	"expense-tracker/tests/rig/project"
)

var updateReadme = flag.Bool("update-readme", false, "write the README's generated sections again")

// The README's tables of settings and metrics are made of the program, so that they cannot drift from it.
func TestReadmeIsInStep(t *testing.T) {
	wantSections(t, "README.md", map[string]string{"settings": config.MarkdownTable(), "metrics": metricsTable(t)})
}

// wantSections checks that the sections of a document, by their names, are what is made of the program, or makes them so.
func wantSections(t *testing.T, document string, sections map[string]string) {
	t.Helper()
	path := project.Path(t, document)
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	now := string(content)
	for name, table := range sections {
		section := regexp.MustCompile(`(?s)<!-- ` + name + ` -->\n.*?<!-- /` + name + ` -->`)
		if !section.MatchString(now) {
			t.Fatalf("%s has no section %s", document, name)
		}
		now = section.ReplaceAllLiteralString(now, "<!-- "+name+" -->\n"+table+"<!-- /"+name+" -->")
	}
	if now == string(content) {
		return
	}
	if !*updateReadme {
		t.Fatalf("%s is behind what it is made of: run make generate", document)
	}
	if err := os.WriteFile(path, []byte(now), 0o644); err != nil {
		t.Fatal(err)
	}
}

// metricsTable lists what a running program exports on an SQL storage, where people sign in, after an add.
func metricsTable(t *testing.T) string {
	t.Helper()
	p := programtest.StartGated(t, "sqlite:"+filepath.Join(t.TempDir(), "readme.db"))
	// Some metrics are there only once there was something to measure.
	programtest.Visit(t, p.URL).SignIn("admin", programtest.AdminPassword).Add("food", "1.00")
	_ = programtest.Scrape(t, p.URL+"/metrics") // the first scrape is the request that the second one counts
	families := programtest.Scrape(t, p.URL+"/metrics")
	check.Eventually(t, 30*time.Second, "the first audit of the totals is over", func() bool {
		families = programtest.Scrape(t, p.URL+"/metrics")
		_, audited := families["expense_totals_differences"]
		return audited
	})
	for name, family := range backupMetrics(t) {
		if strings.HasPrefix(name, "expense_backup_") { // the others it has in common with the program
			families[name] = family
		}
	}
	var table strings.Builder
	table.WriteString("| metric | labels | what it tells |\n|---|---|---|\n")
	for _, name := range slices.Sorted(func(yield func(string) bool) {
		for name := range families {
			if !yield(name) {
				return
			}
		}
	}) {
		if strings.HasPrefix(name, "go_") && !strings.HasPrefix(name, "go_sql_") || strings.HasPrefix(name, "process_") {
			continue
		}
		fmt.Fprintf(&table, "| `%s` | %s | %s |\n", name, labels(families[name]), families[name].GetHelp())
	}
	table.WriteString("| `go_…`, `process_…` | | The Go runtime's memory, goroutines and settings, and " +
		"the process's CPU time, memory and file descriptors. |\n")
	return table.String()
}

// backupMetrics returns what the command backups exports after a backup.
func backupMetrics(t *testing.T) map[string]*dto.MetricFamily {
	t.Helper()
	telemetry, err := observability.New(observability.Options{})
	if err != nil {
		t.Fatal(err)
	}
	const phase = "dump"
	measured, err := telemetry.NewBackups([]string{phase, "base"})
	if err != nil {
		t.Fatal(err)
	}
	measured.Began(time.Now())
	measured.Due(time.Now())
	measured.Made(time.Now(), 1, 1, 1, map[string]time.Duration{phase: time.Second})
	measured.Aged(true)
	measured.Based(time.Now(), true)
	measured.Archived(observability.Archive{Last: time.Now()})
	server := httptest.NewServer(telemetry.MetricsHandler())
	t.Cleanup(server.Close)
	return programtest.Scrape(t, server.URL)
}

func labels(family *dto.MetricFamily) string {
	var names []string
	for _, metric := range family.GetMetric() {
		for _, label := range metric.GetLabel() {
			if name := "`" + label.GetName() + "`"; !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return strings.Join(names, ", ")
}

func TestEveryDependencyIsExplained(t *testing.T) {
	content, err := os.ReadFile(project.Path(t, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	module, err := modfile.Parse("go.mod", content, nil)
	if err != nil {
		t.Fatal(err)
	}
	explained, err := os.ReadFile(project.Path(t, "docs/DEPENDENCIES.md"))
	if err != nil {
		t.Fatal(err)
	}
	direct := 0
	for _, required := range module.Require {
		if required.Indirect {
			continue
		}
		direct++
		if !strings.Contains(string(explained), "`"+required.Mod.Path+"`") {
			t.Errorf("docs/DEPENDENCIES.md does not explain %s", required.Mod.Path)
		}
	}
	if direct < 10 {
		t.Errorf("%d direct dependencies: is go.mod tidy?", direct)
	}
	for _, line := range regexp.MustCompile("(?m)^\\| `([^`]+)`").FindAllStringSubmatch(string(explained), -1) {
		if !slices.ContainsFunc(module.Require, func(r *modfile.Require) bool { return r.Mod.Path == line[1] }) &&
			!strings.Contains(line[1], "@") {
			t.Errorf("docs/DEPENDENCIES.md explains %s, which go.mod does not have", line[1])
		}
	}
}

// Whoever reads a panel or an alert finds what its metrics mean.
func TestTheReadmeExplainsEveryMetricOfPanelsAndAlerts(t *testing.T) {
	var places []string
	for _, pattern := range []string{"observability/grafana/dashboards/*.json", "observability/prometheus/*.rules.yml"} {
		found, err := filepath.Glob(project.Path(t, pattern))
		if err != nil || len(found) == 0 {
			t.Fatalf("%s: %v, %v", pattern, found, err)
		}
		places = append(places, found...)
	}
	documents, err := filepath.Glob(project.Path(t, "docs/*.md"))
	if err != nil {
		t.Fatal(err)
	}
	var explained strings.Builder
	for _, path := range append(documents, project.Path(t, "README.md")) {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		explained.Write(content)
	}
	ours := regexp.MustCompile(`(?:^|[^a-z_:])((?:expense|http_server|go_sql)_[a-z_]+)(?:\\?[{\[])`)
	seen := 0
	for _, place := range places {
		content, err := os.ReadFile(place)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range ours.FindAllStringSubmatch(string(content), -1) {
			seen++
			family := regexp.MustCompile(`_(bucket|sum|count)$`).ReplaceAllString(match[1], "")
			if !strings.Contains(explained.String(), "| `"+family+"` |") && !strings.Contains(explained.String(), "| `"+match[1]+"` |") {
				t.Errorf("%s asks for %s, which no table of README and docs has", filepath.Base(place), match[1])
			}
		}
	}
	if seen < 20 {
		t.Errorf("only %d metrics were found in panels and rules", seen)
	}
}
