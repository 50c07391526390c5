package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"text/tabwriter"
	"time"

	"go.yaml.in/yaml/v3"
)

// lasting is how long something has to last until an alert is raised, and how long the alert is held, as the rules say.
type lasting struct {
	For  string `yaml:"for"`
	Held string `yaml:"keep_firing_for"`
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
				if _, known := found[rule.Alert]; rule.Alert != "" && !known { // of several rules, the quickest comes first
					found[rule.Alert] = rule.Lasting
				}
			}
		}
	}
	return found, nil
}

// report writes what became of each fault.
func report(to io.Writer, all []outcome, times map[string]lasting) error {
	table := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	_, err := fmt.Fprint(table, "Times of the rules are divided, scrapes are each second instead of each 15.\n\n"+
		"fault\talert\tdivided by\ttold after\tthe rule's for\there\tover after\theld for\there\t\n")
	for _, o := range all {
		if err != nil {
			return err
		}
		rule := times[o.alert]
		_, err = fmt.Fprintf(table, "%s\t%s\t%d\t%.1f s\t%s\t%s\t%.1f s\t%s\t%s\t%s\n", o.fault, o.alert, o.scale, o.detected.Seconds(),
			rule.For, quicker(rule.For, o.scale), o.resolved.Seconds(), rule.Held, quicker(rule.Held, o.scale), errorText(o.err))
	}
	return errors.Join(err, table.Flush())
}

// quicker returns what a time of a rule is in the drill.
func quicker(said string, scale int) string {
	d, err := time.ParseDuration(said)
	if err != nil || scale < 1 {
		return ""
	}
	return max(d/time.Duration(scale), time.Second).String()
}
