package main

import (
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"text/tabwriter"
	"time"

	"go.yaml.in/yaml/v3"
)

// lasting is how long something has to last until an alert is raised, and how long the alert is held, as the rules say.
type lasting struct {
	For  string `yaml:"for"`
	Held string `yaml:"keep_firing_for"`
	file string // that says so
}

// times reads them from the rules.
func times(project string) (map[string]lasting, error) {
	found := map[string]lasting{}
	files, err := filepath.Glob(filepath.Join(project, "observability/prometheus/*.rules.yml"))
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("%s has no rules: name the project's folder by --project", project)
	}
	for _, file := range files {
		text, err := os.ReadFile(file) //nolint:gosec // the project's
		if err != nil {
			return nil, err
		}
		var rules struct {
			Groups []struct {
				Rules []struct {
					Alert   string
					Lasting lasting `yaml:",inline"`
				}
			}
		}
		if err := yaml.Unmarshal(text, &rules); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		for _, group := range rules.Groups {
			for _, rule := range group.Rules {
				if rule.Alert != "" {
					rule.Lasting.file = filepath.Base(file)
					found[rule.Alert] = rule.Lasting
				}
			}
		}
	}
	return found, nil
}

// report writes what became of each fault, and which alerts were not provoked.
func report(to io.Writer, scale int, all []outcome, times map[string]lasting) error {
	table := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	_, err := fmt.Fprintf(table, "Times of the rules are divided by %d, scrapes are each second instead of each 15.\n\n"+
		"fault\talert\ttold after\tthe rule's for\there\tover after\theld for\there\t\n", scale)
	told := map[string]bool{}
	for _, o := range all {
		if err != nil {
			return err
		}
		told[o.alert] = true
		rule := times[o.alert]
		_, err = fmt.Fprintf(table, "%s\t%s\t%.1f s\t%s\t%s\t%.1f s\t%s\t%s\t%s\n", o.fault, o.alert, o.detected.Seconds(), rule.For,
			quicker(rule.For, scale), o.resolved.Seconds(), rule.Held, quicker(rule.Held, scale), errorText(o.err))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for _, alert := range slices.Sorted(maps.Keys(times)) {
		if why, known := elsewhere[times[alert].file]; known && !told[alert] {
			if _, err := fmt.Fprintf(to, "not here: %s: %s\n", alert, why); err != nil {
				return err
			}
		}
	}
	return err
}

// quicker returns what a time of a rule is in the drill.
func quicker(said string, scale int) string {
	d, err := time.ParseDuration(said)
	if err != nil {
		return ""
	}
	return max(d/time.Duration(scale), time.Second).String()
}

// elsewhere are the files of rules whose alerts this drill does not provoke, and who does.
var elsewhere = map[string]string{
	"backups.rules.yml":    "make drill-restore, and the tests of the backups",
	"failover.rules.yml":   "make drill-failover",
	"objectives.rules.yml": "the tests of the probe",
	"seen.rules.yml":       "the tests of the exporters",
}
