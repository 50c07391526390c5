package world

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"expense-tracker/cmd/chaos/internal/cluster"
	"expense-tracker/cmd/chaos/internal/schedule"
	"expense-tracker/tests/rig/loopback"
)

// The highly available set-up heals by itself, within these bounds.
const (
	leaderPatience = 30 * time.Second
	wholePatience  = 90 * time.Second
)

// available is the highly available set-up: a cluster, and a proxy before the instances. Between the proxy and each instance is a line that
// can be cut, and of the database each node can.
type available struct {
	world   *World
	cluster *cluster.Cluster
	front   *cluster.Front
	lines   []*proxy   // to the instances
	mu      sync.Mutex // held by faults of the cluster, so that one ends before the next begins
	proxyMu sync.Mutex // held by faults of the proxy
}

func newAvailable(ctx context.Context, site Site, w *World) (*available, error) {
	var logs string
	var err error
	if logs, err = filepath.Abs(site.Logs); err != nil {
		return nil, err
	}
	a := &available{world: w}
	if a.cluster, err = cluster.Start(ctx, site.Folder, logs, filepath.Join(site.Deploy, "ha")); err != nil {
		return nil, err
	}
	var addresses []string
	for _, i := range w.Instances {
		if i.listen, err = loopback.FreeAddress(); err != nil { //nolint:contextcheck // at once
			return nil, errors.Join(err, a.close(ctx))
		}
		line, err := newProxy(i.listen)
		if err != nil {
			return nil, errors.Join(err, a.close(ctx))
		}
		a.lines = append(a.lines, line)
		addresses = append(addresses, line.address())
	}
	a.front, err = cluster.StartFront(ctx, site.Folder, logs, filepath.Join(site.Deploy, "proxy", "haproxy.cfg"), addresses...)
	if err != nil {
		return nil, errors.Join(err, a.close(ctx))
	}
	return a, nil
}

// hosts names both nodes, each instance with another one first.
func (a *available) hosts(instance int) []string {
	hosts := a.cluster.Hosts()
	if instance%2 == 1 {
		hosts[0], hosts[1] = hosts[1], hosts[0]
	}
	return hosts
}

func (a *available) url(instance int) string      { return a.cluster.ServingURL(a.hosts(instance)...) }
func (a *available) ownerURL(instance int) string { return a.cluster.URL(a.hosts(instance)...) }

func (a *available) verifyURL() string { return a.cluster.URL(a.cluster.Hosts()...) }

func (a *available) rows(ctx context.Context) (rows []Row, err error) {
	conn, err := pgx.Connect(ctx, a.verifyURL())
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, conn.Close(ctx)) }()
	return readRows(ctx, conn)
}

func (a *available) close(ctx context.Context) error {
	var err error
	if a.front != nil {
		err = a.front.Kill()
	}
	for _, line := range a.lines {
		err = errors.Join(err, line.close())
	}
	return errors.Join(err, a.cluster.Close(ctx))
}

func (a *available) faults() map[string]fault {
	return map[string]fault{
		"ha-switchover":     a.alone(a.switchover),
		"ha-server-killed":  a.onPrimary(a.serverKilled),
		"ha-node-killed":    a.onPrimary(a.killed),
		"ha-node-frozen":    a.onPrimary(a.frozen),
		"ha-node-cut":       a.onPrimary(a.cutOff),
		"ha-old-primary":    a.onPrimary(a.cluster.CutFromCluster),
		"ha-standby-killed": a.onStandby(a.killed),
		"ha-standby-cut":    a.onStandby(a.cutOff),
		"ha-etcd-killed":    a.etcd(1),
		"ha-etcd-lost":      a.etcd(2),
		"ha-proxy-killed":   a.proxyKilled,
		"ha-proxy-cut":      a.proxyCut,
		"ha-rolling":        a.rolling,
		"ha-read-only":      a.alone(a.readOnly),
	}
}

// fallen is what is done to a node, and returns the way to put it right.
type fallen func(ctx context.Context, node string) (mend func() error, err error)

func nothing() error { return nil }

func (a *available) serverKilled(_ context.Context, node string) (func() error, error) {
	return nothing, a.cluster.KillServer(node)
}

func (a *available) killed(_ context.Context, node string) (func() error, error) {
	return func() error { return a.cluster.Begin(node) }, a.cluster.Kill(node)
}

func (a *available) frozen(_ context.Context, node string) (func() error, error) {
	return func() error { return a.cluster.Thaw(node) }, a.cluster.Freeze(node)
}

func (a *available) cutOff(ctx context.Context, node string) (func() error, error) {
	return func() error { return a.cluster.Join(context.WithoutCancel(ctx), node) }, a.cluster.Cut(ctx, node)
}

// alone does something to a whole cluster while no other fault does, and waits until it is whole again.
func (a *available) alone(do fault) fault {
	return func(ctx context.Context, f schedule.Fault) error {
		a.mu.Lock()
		defer a.mu.Unlock()
		if err := a.cluster.AwaitWhole(ctx, wholePatience); err != nil {
			return err
		}
		a.world.begun(f)
		if err := do(ctx, f); err != nil {
			return err
		}
		return a.cluster.AwaitWhole(ctx, wholePatience)
	}
}

// onPrimary does something to the primary, waits until the standby is the primary, and a while, and puts the old one right.
func (a *available) onPrimary(do fallen) fault {
	return a.alone(func(ctx context.Context, f schedule.Fault) error {
		node := a.cluster.Leader(ctx)
		mend, err := do(ctx, node)
		if err != nil {
			return err
		}
		err = a.cluster.AwaitLeader(ctx, leaderPatience, node)
		if err == nil {
			a.world.noticed(f)
		}
		time.Sleep(f.Lasts)
		return errors.Join(err, mend())
	})
}

// onStandby does something to the standby, for long enough that the primary goes on without it.
func (a *available) onStandby(do fallen) fault {
	return a.alone(func(ctx context.Context, f schedule.Fault) error {
		mend, err := do(ctx, a.cluster.Other(a.cluster.Leader(ctx)))
		if err != nil {
			return err
		}
		err = a.cluster.AwaitNoStandby(ctx, leaderPatience)
		if err == nil {
			a.world.noticed(f)
		}
		time.Sleep(f.Lasts)
		return errors.Join(err, mend())
	})
}

func (a *available) switchover(ctx context.Context, f schedule.Fault) error {
	old := a.cluster.Leader(ctx)
	done := make(chan error, 1)
	go func() { done <- a.cluster.Switchover(ctx) }()
	if err := a.cluster.AwaitLeader(ctx, leaderPatience, old); err != nil {
		return errors.Join(err, <-done)
	}
	a.world.noticed(f)
	return <-done
}

// etcd takes some of its three nodes away. Without two of them there is nobody to ask, and the primary goes on.
func (a *available) etcd(nodes int) fault {
	return a.alone(func(ctx context.Context, f schedule.Fault) error {
		const longerThanTheLock = 12 * time.Second
		return a.cluster.KillEtcd(ctx, nodes, longerThanTheLock+f.Lasts)
	})
}

// readOnly lets the primary refuse whatever writes, on the connections that the program has, as a primary that was demoted does.
func (a *available) readOnly(ctx context.Context, f schedule.Fault) error {
	err := a.cluster.Execute(ctx, "postgres", "ALTER SYSTEM SET default_transaction_read_only = on", "SELECT pg_reload_conf()")
	if err != nil {
		return err
	}
	time.Sleep(f.Lasts)
	return a.cluster.ExecuteAnywhere(ctx, "SET default_transaction_read_only = off", "ALTER SYSTEM RESET default_transaction_read_only",
		"SELECT pg_reload_conf()")
}

func (a *available) proxyKilled(_ context.Context, f schedule.Fault) error {
	a.proxyMu.Lock()
	defer a.proxyMu.Unlock()
	a.world.begun(f)
	if err := a.front.Kill(); err != nil {
		return err
	}
	a.world.noticed(f)
	time.Sleep(f.Lasts / 4)
	return a.front.Begin()
}

// rolling replaces each instance in good order, as a deployment does: the next one when the one before is ready and is asked.
func (a *available) rolling(ctx context.Context, f schedule.Fault) error {
	a.world.begun(f)
	for _, i := range a.world.Instances {
		if err := a.front.AwaitUp(ctx, wholePatience, len(a.world.Instances)); err != nil {
			return err
		}
		if err := i.restart(ctx, syscall.SIGTERM, 0); err != nil {
			return err
		}
	}
	return a.front.AwaitUp(ctx, wholePatience, len(a.world.Instances))
}

// proxyCut swallows what the proxy and an instance say to each other, and then forgets the connections.
func (a *available) proxyCut(_ context.Context, f schedule.Fault) error {
	a.world.begun(f)
	line := a.lines[f.Instance]
	line.silence()
	time.Sleep(f.Lasts)
	line.cut()
	line.speak()
	return nil
}

// buildAvailable builds the highly available set-up.
func (w *World) buildAvailable(ctx context.Context, site Site) error {
	a, err := newAvailable(ctx, site, w)
	if err != nil {
		return err
	}
	w.storage, w.front = a, a.front.URL
	return nil
}

func (w *World) begun(f schedule.Fault) {
	if w.Begun != nil {
		w.Begun(f)
	}
}

func (w *World) noticed(f schedule.Fault) {
	if w.Noticed != nil {
		w.Noticed(f)
	}
}

// Metrics returns what each node of the database and the proxy of the highly available set-up export.
func (w *World) Metrics(ctx context.Context) (exported [][]byte) {
	a, is := w.storage.(*available)
	if !is {
		return nil
	}
	return append(a.cluster.Metrics(ctx), a.front.Metrics(ctx))
}
