package deployment_test

import (
	"net/url"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"

	"expense-tracker/tests/rig/project"
)

// availableSetUp reads docker-compose.yml and deploy/ha/compose.yml as docker compose does.
func availableSetUp(t *testing.T, variables ...string) *types.Project {
	t.Helper()
	return mustLoad(t, []string{"deploy/ha/compose.yml"}, cli.WithEnv(variables))
}

func TestTheAvailableSetUpHasTwoOfEachAndThreeThatDecide(t *testing.T) {
	set := availableSetUp(t, "POSTGRES_PASSWORD=p@ss", "POSTGRES_REPLICATION_PASSWORD=r@ss", "PATRONI_PASSWORD=o@ss")
	if replicas := set.Services["expense-tracker"].Deploy.Replicas; replicas == nil || *replicas != 2 {
		t.Errorf("instances of the program: %v", replicas)
	}
	for _, name := range []string{"EXPENSE_TRACKER_STORAGE", "EXPENSE_TRACKER_STORAGE_OWNER"} {
		storage, err := url.Parse(setting(t, set.Services["expense-tracker"].Environment, name))
		if err != nil {
			t.Fatal(err)
		}
		if query := storage.Query(); storage.Host != "db-1:5432,db-2:5432" || query.Get("target_session_attrs") != "read-write" ||
			query.Get("connect_timeout") != "2" {
			t.Errorf("%s is %s", name, storage)
		}
	}
	volumes := map[string]string{}
	for _, node := range []string{"db-1", "db-2", "etcd-1", "etcd-2", "etcd-3"} {
		service, has := set.Services[node]
		if !has {
			t.Fatalf("no %s", node)
		}
		for _, volume := range service.Volumes {
			if other, taken := volumes[volume.Source]; taken {
				t.Errorf("%s and %s keep their data on one volume", node, other)
			}
			volumes[volume.Source] = node
		}
		// A node that looks for the name of one that is gone for longer than the others' lock lasts does not take over in time.
		if isDatabase := strings.HasPrefix(node, "db-"); isDatabase && !slices.Equal(service.DNSOpts, []string{"timeout:1", "attempts:1"}) {
			t.Errorf("%s looks names up by %v", node, service.DNSOpts)
		}
		if len(service.Volumes) != 1 {
			t.Errorf("%s has %d volumes", node, len(service.Volumes))
		}
		for key, value := range service.Environment {
			if strings.Contains(key, "PASSWORD") && !strings.HasSuffix(key, "_FILE") {
				t.Errorf("%s shows %s=%s to whoever inspects it", node, key, *value)
			}
		}
	}
	for file, want := range map[string]string{"owner_password": "p@ss\n", "replication_password": "r@ss\n", "patroni_password": "o@ss\n"} {
		if content := set.Configs[file].Content; content != want {
			t.Errorf("%s is %q", file, content)
		}
	}
}

func TestTheAvailableSetUpIsHardenedAndReachesNoFurther(t *testing.T) {
	set := availableSetUp(t)
	for name, service := range set.Services {
		if !slices.Equal(service.CapDrop, []string{"ALL"}) || !slices.Contains(service.SecurityOpt, "no-new-privileges:true") ||
			service.MemLimit == 0 || service.CPUS == 0 || service.PidsLimit == 0 ||
			service.HealthCheck == nil && service.Restart != "no" || service.Logging == nil || service.Restart == "" {
			t.Errorf("%s is not hardened as the others are", name)
		}
		if len(service.CapAdd) > 0 {
			t.Errorf("%s adds %v", name, service.CapAdd)
		}
		for _, port := range service.Ports {
			if port.HostIP != "127.0.0.1" {
				t.Errorf("%s publishes %s on %q", name, port.Published, port.HostIP)
			}
		}
		_, consensus := service.Networks["consensus"]
		if isNode := strings.HasPrefix(name, "etcd-") || strings.HasPrefix(name, "db-"); consensus != isNode {
			t.Errorf("%s reaches etcd: %t", name, consensus)
		}
		if strings.HasPrefix(name, "etcd-") && len(service.Networks) != 1 {
			t.Errorf("%s is on %d networks", name, len(service.Networks))
		}
	}
	if !set.Networks["consensus"].Internal || !set.Networks["storage"].Internal {
		t.Error("the database's networks lead further")
	}
}

// Who knows the one database by its name, to dump it, to look into it or to make roles, has to find the proxy by that name.
func TestTheProxyOfTheAvailableDatabaseIsWhereTheDatabaseWas(t *testing.T) {
	plain, available := loadCompose(t), availableSetUp(t)
	for network := range plain.Services["db"].Networks {
		if _, there := available.Services["db"].Networks[network]; !there {
			t.Errorf("db is not on the network %s, whose services ask it", network)
		}
	}
}

// A primary that does not reach etcd has to give up before its lock expires and another takes over.
func TestPatroniGivesUpBeforeItsLockExpires(t *testing.T) {
	var patroni struct {
		Bootstrap struct {
			DCS struct {
				TTL         int  `yaml:"ttl"`
				LoopWait    int  `yaml:"loop_wait"`
				Retry       int  `yaml:"retry_timeout"`
				Synchronous bool `yaml:"synchronous_mode"`
				Failsafe    bool `yaml:"failsafe_mode"`
				Stop        int  `yaml:"primary_stop_timeout"`
			} `yaml:"dcs"`
		} `yaml:"bootstrap"`
	}
	readYAML(t, project.Path(t, "deploy/ha/patroni.yml"), &patroni)
	if d := patroni.Bootstrap.DCS; d.LoopWait < 1 || d.Retry < 3 || d.LoopWait+2*d.Retry > d.TTL || d.TTL > 12 {
		t.Errorf("ttl %d, loop_wait %d, retry_timeout %d", d.TTL, d.LoopWait, d.Retry)
	} else if !d.Synchronous || !d.Failsafe || d.Stop == 0 {
		t.Errorf("synchronous %t, failsafe %t, stop after %d", d.Synchronous, d.Failsafe, d.Stop)
	}
}

func TestHAProxyTakesItsConfigurations(t *testing.T) {
	for _, file := range []string{"deploy/proxy/haproxy.cfg", "deploy/ha/database.cfg"} {
		command := exec.Command(haproxy(t), "-c", "-f", file)
		command.Dir = project.Path(t, ".")
		if output, err := command.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", file, err, output)
		}
	}
}

// haproxy returns the path of HAProxy, which Debian puts where only root's PATH leads.
func haproxy(t *testing.T) string {
	t.Helper()
	if _, err := exec.LookPath("/usr/sbin/haproxy"); err == nil {
		return "/usr/sbin/haproxy"
	}
	return tool(t, "haproxy", "haproxy")
}
