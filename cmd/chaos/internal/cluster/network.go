// Package cluster runs the highly available set-up as real processes on one machine: etcd, PostgreSQL under Patroni, each in a network and
// among processes of its own, so that a machine can be killed, frozen and cut off, and HAProxy before the program. It uses the
// configuration in deploy/ha. Only root may make such networks.
package cluster

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
)

// network is a switch with a cable to each node and one to this process.
type network struct {
	name   string // of the namespace of the switch; those of nodes begin with it
	prefix string // of addresses, with a point at its end
	nodes  []string
}

// firstNode is the last number of the address of the first node; this process has 1.
const firstNode = 11

// newNetwork makes a network. The addresses are those that are meant for measurements, 198.18.0.0/15, where nobody uses them.
func newNetwork(ctx context.Context, nodes ...string) (n *network, err error) {
	n = &network{name: fmt.Sprintf("expenses%d", os.Getpid())}
	for try := range 8 { // more than one may run on a machine
		subnet := (os.Getpid() + try*31) % 256
		n.prefix = fmt.Sprintf("198.18.%d.", subnet)
		if !inUse(n.prefix) {
			break
		}
		if try == 7 {
			return nil, errors.New("no network of addresses is free")
		}
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, n.close(context.WithoutCancel(ctx)))
		}
	}()
	ours := n.name + "-0"
	for _, command := range []string{
		"netns add " + n.name,
		"-n " + n.name + " link add switch type bridge",
		"-n " + n.name + " link set switch up",
		"link add " + ours + " type veth peer name here netns " + n.name,
		"-n " + n.name + " link set here master switch up",
		"address add " + n.prefix + "1/24 dev " + ours,
		"link set " + ours + " up",
	} {
		if err := ip(ctx, command); err != nil {
			return n, err
		}
	}
	for _, node := range nodes {
		n.nodes = append(n.nodes, node)
		space := n.space(node)
		for _, command := range []string{
			"netns add " + space,
			"-n " + n.name + " link add " + node + " type veth peer name eth0 netns " + space,
			"-n " + n.name + " link set " + node + " master switch up",
			"-n " + space + " address add " + n.address(node) + "/24 dev eth0",
			"-n " + space + " link set eth0 up",
			"-n " + space + " link set lo up",
		} {
			if err := ip(ctx, command); err != nil {
				return n, err
			}
		}
	}
	return n, nil
}

func inUse(prefix string) bool {
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		return true
	}
	for _, address := range addresses {
		if strings.HasPrefix(address.String(), prefix) {
			return true
		}
	}
	return false
}

func (n *network) space(node string) string { return n.name + "-" + node }

// address returns the address of a node.
func (n *network) address(node string) string {
	for i, name := range n.nodes {
		if name == node {
			return fmt.Sprintf("%s%d", n.prefix, firstNode+i)
		}
	}
	return ""
}

// cut pulls the cable of a node.
func (n *network) cut(ctx context.Context, node string) error {
	return ip(ctx, "-n "+n.name+" link set "+node+" down")
}

// join plugs it in again.
func (n *network) join(ctx context.Context, node string) error {
	return ip(ctx, "-n "+n.name+" link set "+node+" up")
}

// shun lets a node get no answer from others, while everybody else does.
func (n *network) shun(ctx context.Context, node string, others ...string) error {
	return n.eachRoute(ctx, "add", node, others)
}

// forgive ends that.
func (n *network) forgive(ctx context.Context, node string, others ...string) error {
	return n.eachRoute(ctx, "del", node, others)
}

func (n *network) eachRoute(ctx context.Context, do, node string, others []string) error {
	var err error
	for _, other := range others {
		err = errors.Join(err, ip(ctx, "-n "+n.space(other)+" route "+do+" blackhole "+n.address(node)+"/32"))
	}
	return err
}

// close takes everything away. Processes in it have ended before.
func (n *network) close(ctx context.Context) error {
	var err error
	for _, node := range n.nodes {
		err = errors.Join(err, ip(ctx, "netns delete "+n.space(node)))
	}
	return errors.Join(err, ip(ctx, "netns delete "+n.name)) // and our end of the cable with it
}

// ip runs the command of that name.
func ip(ctx context.Context, arguments string) error {
	said, err := exec.CommandContext(ctx, "ip", strings.Fields(arguments)...).CombinedOutput() //nolint:gosec // our own words
	if err != nil {
		return fmt.Errorf("ip %s: %w: %s", arguments, err, said)
	}
	return nil
}
