package cluster

import (
	"context"
	"errors"
	"syscall"
	"time"
)

// KillServer kills the server process of a node, as the kernel does when memory runs out. Patroni lives on.
func (c *Cluster) KillServer(node string) error {
	pid, err := c.machines[node].postmaster()
	if err != nil {
		return err
	}
	return syscall.Kill(pid, syscall.SIGKILL)
}

// Kill takes a node's power away, and Begin gives it back.
func (c *Cluster) Kill(node string) error { return c.machines[node].kill() }

// Begin starts a node that was killed. One that runs is left alone.
func (c *Cluster) Begin(node string) error {
	if m := c.machines[node]; !m.runs() {
		return m.start()
	}
	return nil
}

// Freeze lets a node stand, and Thaw lets it go on as if no time had passed.
func (c *Cluster) Freeze(node string) error { return c.machines[node].freeze() }

// Thaw ends what Freeze began.
func (c *Cluster) Thaw(node string) error { return c.machines[node].thaw() }

// Cut takes a node from the network, and Join brings it back.
func (c *Cluster) Cut(ctx context.Context, node string) error { return c.network.cut(ctx, node) }

// Join ends what Cut began.
func (c *Cluster) Join(ctx context.Context, node string) error { return c.network.join(ctx, node) }

// CutFromCluster lets a node of the database reach neither etcd nor the other node, while the program reaches it. The rest ends that.
func (c *Cluster) CutFromCluster(ctx context.Context, node string) (rest func() error, err error) {
	others := append([]string{c.Other(node)}, c.etcds...)
	if err := c.network.shun(ctx, node, others...); err != nil {
		return nil, err
	}
	return func() error { return c.network.forgive(context.WithoutCancel(ctx), node, others...) }, nil
}

// KillEtcd takes the power of some nodes of etcd away, for a time.
func (c *Cluster) KillEtcd(ctx context.Context, nodes int, lasts time.Duration) error {
	var err error
	for _, node := range c.etcds[:nodes] {
		err = errors.Join(err, c.Kill(node))
	}
	select {
	case <-ctx.Done():
	case <-time.After(lasts):
	}
	for _, node := range c.etcds[:nodes] {
		err = errors.Join(err, c.Begin(node))
	}
	return err
}
