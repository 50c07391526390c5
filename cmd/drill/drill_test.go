package main

import (
	"bytes"
	"context"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"expense-tracker/cmd/drill/internal/site"
	"expense-tracker/tests/rig/project"
)

// TestEveryAlertIsProvoked keeps rules and faults in step: each alert has a fault.
func TestEveryAlertIsProvoked(t *testing.T) {
	rules, err := times(project.Path(t, "."))
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, lane := range lanes {
		told = append(told, lane.tells...)
	}
	for alert := range rules {
		if !slices.Contains(told, alert) {
			t.Errorf("%s is not provoked", alert)
		}
	}
	for _, alert := range told {
		if _, is := rules[alert]; !is {
			t.Errorf("%s is no alert", alert)
		}
	}
}

// A short drill: an exporter that hangs, and a total that is tampered with. Both have to be told, and told to be over.
func TestAShortDrill(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes half a minute")
	}
	var table, progress bytes.Buffer
	o := options{scale: 60, project: project.Path(t, "."), only: []string{"ExporterDown", "ExpenseTrackerTotalsDiffer"}}
	err := drill(t.Context(), o, &table, &progress)
	for _, alert := range o.only {
		if strings.Count(table.String(), alert) != 1 {
			t.Errorf("%s is in the table %d times", alert, strings.Count(table.String(), alert))
		}
	}
	if err != nil || t.Failed() {
		t.Fatalf("%v\n%s\n%s", err, &progress, &table)
	}
}

// A second Prometheus knows nothing for its first seconds. What rules that are much too quick raise then is over before the fault begins,
// and is not taken for a second message of it.
func TestASecondPrometheusSaysNothingOfItsOwnStart(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes half a minute")
	}
	var down atomic.Bool
	target, err := site.Serve(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if down.Load() {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer target.Close()
	at, err := site.New(t.Context(), site.Plan{Project: project.Path(t, "."), Folder: t.TempDir(), Scale: 60,
		Targets: map[string][]string{"expense-tracker": {target.Address()}}})
	defer func() {
		if err := at.Close(); err != nil {
			t.Error(err)
		}
	}()
	if err != nil {
		t.Fatal(err)
	}
	outcomes := inflict(t.Context(), at, fault{
		name: "the program is gone", alerts: []string{"ExpenseTrackerDown"}, once: true, before: at.StartTwin,
		begin: func(context.Context) error { down.Store(true); return nil },
		end:   func(context.Context) error { down.Store(false); return nil },
	}, t.Logf)
	if err := outcomes[0].err; err != nil {
		t.Error(err)
	}
}

func TestScale(t *testing.T) {
	const before = "for: 1m\nkeep_firing_for: 5m\nexpr: rate(a[5m]) > 3600 and b[3d] offset\n  5m\n# for: ever\n" +
		"a{le=\"0.05\"} / a{le=\"0.1\"} / a{le=\"0.25\"}\ngroup_wait: 15s\nrepeat_interval: 4h\ninterval: 1m\n"
	const want = "for: 4000ms\nkeep_firing_for: 20000ms\nexpr: rate(a[20000ms]) > 3600 and b[17280000ms] offset\n  20000ms\n# for: ever\n" +
		"a{le=\"0.5\"} / a{le=\"0.25\"} / a{le=\"0.25\"}\ngroup_wait: 1000ms\nrepeat_interval: 960000ms\ninterval: 4000ms\n"
	if got := site.Scale(before, 15); got != want {
		t.Errorf("scaled to\n%s", got)
	}
	if got := site.Scale("for: 1m [5m]", 1000); got != "for: 1000ms [4000ms]" {
		t.Errorf("scaled to %s", got)
	}
	if got := quicker("10m", 15); got != (40 * time.Second).String() {
		t.Errorf("said to be %s", got)
	}
}
