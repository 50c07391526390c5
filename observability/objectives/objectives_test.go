package objectives_test

import (
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"

	"expense-tracker/observability/objectives"
)

var update = flag.Bool("update", false, "write the files anew")

// TestTheFilesAreInStep demands of the files what the package says, or with -update makes them so.
func TestTheFilesAreInStep(t *testing.T) {
	dashboard, err := objectives.Dashboard()
	if err != nil {
		t.Fatal(err)
	}
	inStep(t, objectives.RulesFile, objectives.Rules())
	inStep(t, objectives.DashboardFile, dashboard)
	for i, line := range strings.Split(objectives.Rules(), "\n") {
		if len([]rune(line)) > 140 {
			t.Errorf("%s:%d has %d characters", objectives.RulesFile, i+1, len([]rune(line)))
		}
	}
}

// inStep demands that a file is as it is wanted, or with -update makes it so.
func inStep(t *testing.T, path, want string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("%s is not what the objectives say: run make generate", path)
	}
}

// TestEveryObjectiveIsWhole keeps one from being added without a part of it, or without a runbook.
func TestEveryObjectiveIsWhole(t *testing.T) {
	names, alerts := map[string]bool{}, map[string]bool{}
	for _, o := range objectives.All() {
		if names[o.Name] || alerts[o.Alert] {
			t.Errorf("%s or %s is twice", o.Name, o.Alert)
		}
		names[o.Name], alerts[o.Alert] = true, true
		if o.CountsEvents() == (o.Errors == "" || o.Events == "") || o.CountsEvents() == (o.Age != "") {
			t.Errorf("%s counts neither events nor moments, or both", o.Name)
		}
		for _, sentence := range []string{o.About, o.Advice} {
			if !strings.HasSuffix(sentence, ".") {
				t.Errorf("%s: %q is no sentence", o.Name, sentence)
			}
		}
	}
	for _, a := range objectives.OfTheProbe() {
		alerts[a.Name] = true
	}
	for alert := range alerts {
		if _, err := os.Stat("../../docs/runbooks/" + alert + ".md"); err != nil {
			t.Errorf("%s has no runbook: %v", alert, err)
		}
	}
	document, err := os.ReadFile("../../docs/OBJECTIVES.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range objectives.All() {
		row := "| " + o.Title + " | " + o.Target + " | [" + o.Alert + "](runbooks/" + o.Alert + ".md) |"
		if !strings.Contains(string(document), row) {
			t.Errorf("docs/OBJECTIVES.md does not say %q", row)
		}
	}
	// The label of the slowest burn says so itself: it uses up the budget in exactly as many days as it is meant for.
	if burns := objectives.Burns(); burns[len(burns)-1].Factor != "1" || !regexp.MustCompile(`^[\d.]+$`).MatchString(burns[0].Factor) {
		t.Errorf("the speeds are %+v", burns)
	}
}
