package main

import (
	"bytes"
	"context"
	"os"
	"regexp"
	"strings"
	"testing"

	"expense-tracker/cmd/chaos/internal/cluster"
	"expense-tracker/cmd/chaos/internal/world"
	"expense-tracker/tests/rig/project"
)

// Some of the faults of the highly available set-up, on real processes. `make drill-failover` does all.
func TestWhatFallsIsTakenOverAndNothingIsLost(t *testing.T) {
	if lacking := cluster.Lacking(); lacking != "" {
		t.Fatal(lacking)
	}
	if missing := cluster.Missing(t.Context()); missing != "" { // what this machine does not let us make
		t.Skip(missing)
	}
	rules, err := os.ReadFile(project.Path(t, "observability/prometheus/failover.rules.yml"))
	if err != nil {
		t.Fatal(err)
	}
	o := options{seed: 1, clients: 4, visit: func(ctx context.Context, w *world.World) error {
		exported := bytes.Join(w.Metrics(ctx), nil)
		for _, name := range regexp.MustCompile(`(patroni|haproxy)_\w+`).FindAllString(string(rules), -1) {
			if !bytes.Contains(exported, []byte("\n"+name+"{")) {
				t.Errorf("the rules read %s, which nobody exports", name)
			}
		}
		return nil
	}}
	var table, progress strings.Builder
	err = failover(t.Context(), o, chosen([]string{"ha-rolling", "ha-server-killed"}), &table, &progress)
	if err != nil {
		t.Errorf("%v\n%s%s", err, progress.String(), table.String())
	}
	t.Logf("\n%s", table.String())
}

func TestTheDrillDemandsWhatItPromises(t *testing.T) {
	well := seen{step: step{what: "a fault", failed: true}, pause: writesAgain, failed: 9}
	late, failed := well, well
	late.pause++
	failed.step.failed = false
	if err := judge([]seen{well}); err != nil {
		t.Error(err)
	}
	for _, bad := range []seen{late, failed} {
		if judge([]seen{well, bad}) == nil {
			t.Errorf("%+v passes", bad)
		}
	}
	if len(chosen(nil)) != len(steps) || len(chosen([]string{"kill"})) != 1 {
		t.Error("other steps are chosen than named")
	}
}
