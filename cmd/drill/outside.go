package main

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"time"

	"expense-tracker/cmd/drill/internal/site"
	"expense-tracker/tests/rig/loopback"
	"expense-tracker/tests/rig/program"
	"expense-tracker/tests/rig/throwaway"
)

// outside is the program on a PostgreSQL server to which the way may be slow, and its probe, which adds each second.
type outside struct {
	bench
	server  *throwaway.Server
	way     *site.Way
	current *program.Program
	probe   *site.Process
	with    []string // what every probe is told
}

const probeSecret = "a secret of the drill alone"

func newOutside(ctx context.Context, plan site.Plan, binary string) (o *outside, err error) {
	o = &outside{bench: bench{folder: plan.Folder, binary: binary}}
	installation, err := throwaway.Find()
	if err != nil {
		return o, err
	}
	if o.server, err = installation.Start(ctx, plan.Folder, "drill", "shared_buffers=32MB"); err != nil {
		return o, err
	}
	if err := o.server.Execute(ctx, "postgres", "CREATE DATABASE "+database); err != nil {
		return o, err
	}
	there, err := url.Parse(o.server.URL(database))
	if err != nil {
		return o, err
	}
	if o.way, err = site.NewWay(there.Host); err != nil {
		return o, err
	}
	there.Host = o.way.Address()
	var addresses [2]string
	for i := range addresses {
		if addresses[i], err = loopback.FreeAddress(); err != nil { //nolint:contextcheck // at once
			return o, err
		}
	}
	if o.current, err = program.StartLogging(ctx, o.folder, binary, []string{
		"HOME=" + o.folder, "EXPENSE_TRACKER_AUDIT_EVERY=0s", "EXPENSE_TRACKER_DATABASE_OPERATION_TIMEOUT=2s",
		"EXPENSE_TRACKER_LOG_REQUESTS=none", "EXPENSE_TRACKER_PROBE_SECRET=" + probeSecret,
	}, "--storage", there.String(), "--listen", addresses[0]); err != nil {
		return o, err
	}
	o.with = []string{"EXPENSE_TRACKER_PROBE_URL=http://" + addresses[0], "EXPENSE_TRACKER_PROBE_LISTEN=" + addresses[1],
		"EXPENSE_TRACKER_PROBE_TIMEOUT=3s"}
	o.probe = &site.Process{Path: binary, Folder: o.folder, Args: []string{"probe"}, Listens: addresses[1],
		Answers: "http://" + addresses[1] + "/metrics"}
	if err := o.probing(ctx, "EXPENSE_TRACKER_PROBE_INTERVAL=1s"); err != nil {
		return o, err
	}
	plan.Targets = map[string][]string{"expense-tracker": {addresses[0]}, "expense-tracker-probe": {addresses[1]}}
	o.site, err = site.New(ctx, plan)
	return o, err
}

// probing starts the probe anew, as it should be but for some settings.
func (o *outside) probing(ctx context.Context, settings ...string) error {
	if err := o.probe.End(); err != nil {
		return err
	}
	o.probe.Env = append(append(o.with[:len(o.with):len(o.with)], "EXPENSE_TRACKER_PROBE_SECRET="+probeSecret), settings...)
	return o.probe.Start(ctx)
}

func (o *outside) close(ctx context.Context) error {
	var err error
	if o.site != nil {
		err = o.site.Close()
	}
	if o.probe != nil {
		err = errors.Join(err, o.probe.End())
	}
	if o.current != nil {
		err = errors.Join(err, o.current.Kill())
	}
	o.way.Close()
	if o.server != nil {
		err = errors.Join(err, o.server.Stop(ctx))
	}
	return err
}

// The newest of the probe's adds, past the program.
const (
	loseNewest   = "DELETE FROM expense_entry WHERE ledger_id = -1 AND id = (SELECT max(id) FROM expense_entry WHERE ledger_id = -1)"
	doubleNewest = `
INSERT INTO expense_entry OVERRIDING SYSTEM VALUE
SELECT (jsonb_populate_record(e, jsonb_build_object('id', e.id + 1000000, 'idempotency_key', 'drill'))).* FROM expense_entry e
WHERE ledger_id = -1 ORDER BY id DESC LIMIT 1`
)

func (o *outside) faults() []fault {
	probing := func(settings ...string) func(context.Context) error {
		return func(ctx context.Context) error { return o.probing(ctx, settings...) }
	}
	quick := probing("EXPENSE_TRACKER_PROBE_INTERVAL=1s")
	execute := func(statement string) func(context.Context) error {
		return func(ctx context.Context) error { return o.server.Execute(ctx, database, statement) }
	}
	nothing := func(context.Context) error { return nil }
	slow := func(by time.Duration) func(context.Context) error {
		return func(context.Context) error { o.way.Slow(by); return nil }
	}
	lock, free := held(o.server.URL(database), "SELECT version FROM ledger WHERE id = -1 FOR UPDATE")
	return []fault{
		{
			name: "the probe is ended", alerts: []string{"ExpenseTrackerProbeDown"},
			begin: func(context.Context) error { return o.probe.End() }, end: o.probe.Start,
		},
		{
			name: "the probe adds each ten minutes", alerts: []string{"ExpenseTrackerProbeSilent"},
			begin: probing("EXPENSE_TRACKER_PROBE_INTERVAL=10m"), end: quick,
		},
		{
			name: "the probe has another secret", alerts: []string{"ExpenseTrackerProbeRefused"}, end: quick,
			begin: probing("EXPENSE_TRACKER_PROBE_INTERVAL=1s", "EXPENSE_TRACKER_PROBE_SECRET="+strings.ToUpper(probeSecret)),
		},
		{
			name: "somebody holds a lock on the probe's ledger", begin: lock, end: free,
			alerts: []string{"ExpenseTrackerAddsBurnBudget", "ExpenseTrackerProbeAddsBurnBudget"},
		},
		{
			name: "the way to the database takes 150 ms longer", begin: slow(150 * time.Millisecond), end: slow(0),
			alerts: []string{"ExpenseTrackerAddLatencyBurnsBudget", "ExpenseTrackerHomeLatencyBurnsBudget"},
		},
		{
			name: "an acknowledged add is deleted past the program", alerts: []string{"ExpenseTrackerAddLost"},
			begin: execute(loseNewest), end: nothing,
		},
		{
			name: "an add is stored once more past the program", alerts: []string{"ExpenseTrackerAddDoubled"},
			begin: execute(doubleNewest), end: nothing,
		},
	}
}
