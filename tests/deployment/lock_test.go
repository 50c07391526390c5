package deployment_test

import (
	"os/exec"
	"testing"

	"expense-tracker/tests/rig/project"
)

// thawed is a primary that stood for longer than its lock lasts: it wakes up where it was about to renew the lock, which another node has
// by now. It is to leave it alone; and one whose lock is still its own is to have it.
const thawed = `
import importlib.util, inspect, sys
sys.path.append("/usr/lib/python3/dist-packages")
spec = importlib.util.spec_from_file_location("start", sys.argv[1])
spec.loader.exec_module(importlib.util.module_from_spec(spec))
from patroni.dcs import get_dcs

def node(name):
    return get_dcs({"etcd3": {"hosts": [sys.argv[2]]}, "scope": "expenses", "namespace": "/service/", "name": name, "ttl": 10,
                    "loop_wait": 1, "retry_timeout": 4})

def renew(of, cluster):
    if "cluster" in inspect.signature(of.update_leader).parameters:
        return of.update_leader(cluster, None)
    return of.update_leader(None)

first, second = node("db-1"), node("db-2")
first.create_lease() if hasattr(first, "create_lease") else first.refresh_lease()
second.create_lease() if hasattr(second, "create_lease") else second.refresh_lease()
first.take_leader()
seen = first.get_cluster()
assert renew(first, seen), "its own lock is not renewed"
first._lease = first._client.lease_grant(10, None) # its lease is over, and it has a new one
assert renew(first, seen), "its own lock is not taken over into a new lease"
seen = first.get_cluster()
second.take_leader() # the lock was over, and another node took it
first._lease = first._client.lease_grant(10, None)
renewed = renew(first, seen)
leader = second.get_cluster().leader.name
assert leader == "db-2" and not renewed, "the lock is %s's, and db-1 takes itself for its holder: %s" % (leader, renewed)
`

func TestAPrimaryThatStoodLeavesTheLockToTheNewOne(t *testing.T) {
	for _, name := range []string{"etcd", "patroni", "/usr/bin/python3"} { // Patroni's python
		if _, err := exec.LookPath(name); err != nil {
			t.Skip(err)
		}
	}
	clients, peers := freeAddress(t), freeAddress(t)
	startProcess(t, nil, "etcd", "--data-dir", t.TempDir(), "--log-level", "error", "--listen-client-urls", "http://"+clients,
		"--advertise-client-urls", "http://"+clients, "--listen-peer-urls", "http://"+peers, "--initial-advertise-peer-urls", "http://"+peers,
		"--initial-cluster", "default=http://"+peers)
	awaitOK(t, "http://"+clients+"/health")
	command := exec.CommandContext(t.Context(), "/usr/bin/python3", "-c", thawed, project.Path(t, "deploy/ha/start.py"), clients)
	if said, err := command.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, said)
	}
}
