package main

import (
	"strings"
	"testing"
	"time"
)

// A few thousand rows and some seconds of load. `make drill-restore` is the whole.
func TestWhatWasAcknowledgedIsThereAfterARestore(t *testing.T) {
	t.Parallel()
	o := options{count: 3000, load: 5 * time.Second, archive: 2 * time.Second, clients: 3, rto: 2 * time.Minute}
	var table, progress strings.Builder
	if err := drill(t.Context(), o, &table, &progress); err != nil {
		t.Errorf("%v\n%s%s", err, progress.String(), table.String())
	}
	t.Log("\n" + table.String())
}

func TestTheDrillFindsWhatIsLostForTooLong(t *testing.T) {
	t.Parallel()
	now := time.Now()
	for name, c := range map[string]struct {
		outcome outcome
		says    string
	}{
		"all is right":   {outcome{window: time.Second, allowed: time.Minute, verified: true}, ""},
		"lost too early": {outcome{window: 2 * time.Minute, allowed: time.Minute, verified: true, lostAt: now}, "was allowed"},
		"one is doubled": {outcome{doubled: 1, verified: true}, "doubled"},
		"one is strange": {outcome{strange: 1, verified: true}, "should not be"},
		"it takes long":  {outcome{rto: time.Hour, verified: true}, "may take"},
		"totals are off": {outcome{}, "verify"},
	} {
		c.outcome.judge(time.Minute)
		if said := strings.Join(c.outcome.faults, "; "); (c.says == "") != (said == "") || !strings.Contains(said, c.says) {
			t.Errorf("%s: %q, want %q", name, said, c.says)
		}
	}
}
