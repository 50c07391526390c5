package deployment_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
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

// Patroni's packages as far as start.py needs them. What the method of Etcd3 takes cannot be seen from outside, for it is wrapped.
const patroniLike = `
class Leader: pass
def catch_return_false_exception(func):
    def wrapper(*args, **kwargs):
        return func(*args, **kwargs)
    return wrapper
class AbstractDCS:
    def _update_leader(self, TAKES): pass
`

// withPatroniLike runs a program in Python with start.py as the module start, and such a Patroni whose method takes what it is told.
func withPatroniLike(t *testing.T, takes, program string, args ...string) string {
	t.Helper()
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip(err)
	}
	folder := t.TempDir()
	for name, text := range map[string]string{
		"__init__.py": "", "__main__.py": "def main(): pass\n", "config.py": "class Config: pass\n",
		"dcs/__init__.py": strings.ReplaceAll(patroniLike, "TAKES", takes),
		"dcs/etcd3.py": "from patroni.dcs import AbstractDCS, catch_return_false_exception\nclass Etcd3(AbstractDCS):\n" +
			"    @catch_return_false_exception\n    def _update_leader(self, " + takes + "): return True\noriginal = Etcd3._update_leader\n",
	} {
		path := filepath.Join(folder, "patroni", name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	const begin = `import importlib.util, sys
sys.path.insert(0, sys.argv[2])
spec = importlib.util.spec_from_file_location("start", sys.argv[1])
start = importlib.util.module_from_spec(spec)
spec.loader.exec_module(start)
`
	args = append([]string{"-c", begin + program, project.Path(t, "deploy/ha/start.py"), folder}, args...)
	said, err := exec.CommandContext(t.Context(), python, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	return strings.TrimSpace(string(said))
}

// A later Patroni hands the leader over, and looks by itself: it is left as it is. With the other's method it could not renew its lock, so
// that no node would ever be the primary.
func TestALaterPatroniRenewsItsLockByItself(t *testing.T) {
	t.Parallel()
	for takes, want := range map[string]string{"leader": "its own", "": "ours"} {
		if got := withPatroniLike(t, takes, `from patroni.dcs import etcd3
print("its own" if etcd3.Etcd3._update_leader is etcd3.original else "ours")`); got != want {
			t.Errorf("where the method takes (self, %s), Patroni renews its lock by %s, want %s", takes, got, want)
		}
	}
}

// A node that refuses another's password of Patroni would stop the primary when etcd is lost: it is said before. Nothing is told to the
// node that is asked.
func TestANodeThatRefusesAnotherIsNamed(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	defer server.Close()
	mux.HandleFunc("GET /cluster", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprintf(w, `{"members": [{"name": "db-1", "api_url": "http://127.0.0.1:1/patroni"}, {"name": "db-2", "api_url": "%s/patroni"},
			{"name": "db-3", "api_url": "http://127.0.0.1:1/patroni"}]}`, server.URL)
	})
	mux.HandleFunc("POST /failsafe", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		user, password, _ := r.BasicAuth()
		switch {
		case user != "operator" || password != "theirs":
			w.WriteHeader(http.StatusUnauthorized)
		case string(body) == "{}": // as Patroni answers it
			w.WriteHeader(http.StatusBadRequest)
		}
	})
	for password, want := range map[string]string{"theirs": "[]", "another": "['db-2']"} {
		if got := withPatroniLike(t, "leader", `print(list(start.refused_by(sys.argv[3], "db-1", "operator", sys.argv[4])))`,
			server.URL, password); got != want {
			t.Errorf("with the password %q it is refused by %s, want %s", password, got, want)
		}
	}
}

// A secret that is empty is said with the variable to set.
func TestANodeSaysWhichPasswordItLacks(t *testing.T) {
	t.Parallel()
	said := withPatroniLike(t, "leader", `import os
os.environ["PATRONI_RESTAPI_PASSWORD_FILE"] = "/dev/null"
try:
    start.read_secrets()
except SystemExit as end:
    print(end)`)
	if !strings.Contains(said, "/dev/null is empty") || !strings.Contains(said, "PATRONI_PASSWORD into .env") {
		t.Errorf("it says %q", said)
	}
}
