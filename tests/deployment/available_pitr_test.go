package deployment_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
	"go.yaml.in/yaml/v3"

	"expense-tracker/tests/rig/project"
)

// archivedNodes reads the set-up with two nodes and the archive of their log.
func archivedNodes(t *testing.T, variables ...string) *types.Project {
	t.Helper()
	return mustLoad(t, []string{"deploy/ha/compose.yml", "deploy/ha/pitr.yml"}, cli.WithEnv(variables))
}

// from returns the volume that a service has at a place, and whether it may only be read.
func from(service types.ServiceConfig, place string) (source string, readOnly bool) {
	for _, volume := range service.Volumes {
		if volume.Target == place {
			return volume.Source, volume.ReadOnly
		}
	}
	return "", false
}

func TestWhicheverNodeIsThePrimaryArchivesItsLog(t *testing.T) {
	set := archivedNodes(t)
	var patroni struct {
		PostgreSQL struct {
			Parameters map[string]string `yaml:"parameters"`
			Callbacks  map[string]string `yaml:"callbacks"`
		} `yaml:"postgresql"`
	}
	if err := yaml.Unmarshal([]byte(strings.ReplaceAll(set.Configs["archive"].Content, "$$", "$")), &patroni); err != nil {
		t.Fatal(err)
	}
	for parameter, want := range map[string]string{
		"archive_mode": "on", "archive_timeout": "60s", // always would have both write one piece
		"archive_command": `pgbackrest --stanza=expenses --pg1-path="$PWD" archive-push %p`,
	} {
		if got := patroni.PostgreSQL.Parameters[parameter]; got != want {
			t.Errorf("%s is %q, want %q", parameter, got, want)
		}
	}
	if got := patroni.PostgreSQL.Callbacks["on_role_change"]; got != "/usr/local/bin/promoted" {
		t.Errorf("what the old primary has not archived is archived by %q", got)
	}
	backups := set.Services["backups"]
	for number, name := range []string{"db-1", "db-2"} {
		node, n := set.Services[name], string(rune('1'+number))
		if !slices.Equal(node.Entrypoint, []string{"/usr/local/bin/node", "/etc/patroni"}) {
			t.Errorf("%s is run as %v, which does not read archive.yml", name, node.Entrypoint)
		}
		place := "/nodes/" + n
		for _, variable := range []string{"PATRONI_POSTGRESQL_DATA_DIR", "PGDATA"} { // Patroni hands its own on to nobody
			if got := setting(t, node.Environment, variable); got != place+"/18/patroni" {
				t.Errorf("%s has its files in %s by %s", name, got, variable)
			}
		}
		// pgBackRest wants them where the server says that they are.
		ours, _ := from(node, place)
		theirs, readOnly := from(backups, place)
		if ours == "" || theirs != ours || !readOnly {
			t.Errorf("%s has %q at %s, and backups %q, read only %t", name, ours, place, theirs, readOnly)
		}
		if before, _ := from(node, "/var/lib/postgresql"); before != ours {
			t.Errorf("%s finds another volume with the archive than without: %s and %s", name, ours, before)
		}
		socket, _ := from(node, "/var/run/postgresql")
		if at, _ := from(backups, "/sockets/"+n); socket == "" || at != socket {
			t.Errorf("backups reach %s by %q, whose socket is on %q", name, at, socket)
		}
		for _, line := range []string{"pg" + n + "-path=" + place + "/18/patroni", "pg" + n + "-socket-path=/sockets/" + n} {
			if !slices.Contains(strings.Split(set.Configs["pgbackrest_nodes"].Content, "\n"), line) {
				t.Errorf("pgBackRest is not told %s", line)
			}
		}
		if archive, _ := from(node, "/var/lib/pgbackrest"); archive != "pitr" {
			t.Errorf("%s archives into %q", name, archive)
		}
		if len(node.Networks) != 3 {
			t.Errorf("without a bucket %s is on %d networks", name, len(node.Networks))
		}
	}
	if got := setting(t, backups.Environment, "EXPENSE_TRACKER_BACKUP_STANZA"); got != "expenses" || backups.Build.Target != "backups-pitr" {
		t.Errorf("base backups are of %q, made by %q", got, backups.Build.Target)
	}
}

// One archive is like the other: what is kept, encrypted and where.
func TestTwoNodesArchiveAsOneServerDoes(t *testing.T) {
	for _, variables := range [][]string{nil, {"BACKUP_KEY=a key", "PITR_S3_BUCKET=b", "PITR_S3_ENDPOINT=e", "BACKUP_S3_SECRET=s"}} {
		one, _, _ := strings.Cut(loadPITR(t, variables...).Configs["pgbackrest"].Content, "[expenses]")
		two := archivedNodes(t, variables...).Configs["pgbackrest"].Content
		if strings.TrimSpace(one) != strings.TrimSpace(two) {
			t.Errorf("one server:\n%s\ntwo nodes:\n%s", one, two)
		}
	}
}

// A bucket is reached from a network that leads out; without one, the database stays where nothing does.
func TestTheDatabaseReachesTheBucketOfItsArchive(t *testing.T) {
	for bucket, out := range map[string]bool{"": false, "PITR_S3_BUCKET=b": true} {
		one, two := loadPITR(t, bucket), archivedNodes(t, bucket)
		for name, set := range map[string]*types.Project{"db": one, "db-1": two, "db-2": two} {
			leads := false
			for network := range set.Services[name].Networks {
				leads = leads || !set.Networks[network].Internal
			}
			if leads != out {
				t.Errorf("%q: %s reaches what is outside: %t", bucket, name, leads)
			}
		}
	}
}

// The archive of a node that has just become the primary lacks what the old one had completed and not archived.
func TestANewPrimaryArchivesWhatTheOldOneHasNot(t *testing.T) {
	folder, bin := t.TempDir(), t.TempDir()
	const (
		streamed = "000000010000000000000003"
		waiting  = "000000010000000000000004"
		gone     = "000000010000000000000002"
	)
	for name, text := range map[string]string{
		"pg_wal/" + streamed: "", "pg_wal/archive_status/" + streamed + ".done": "", "pg_wal/" + waiting: "",
		"pg_wal/archive_status/" + waiting + ".ready": "", "pg_wal/archive_status/" + gone + ".done": "",
		"pg_wal/00000002.history": "", "pg_wal/archive_status/00000002.history.done": "",
	} {
		writeAt(t, folder+"/"+name, text, 0o600)
	}
	writeAt(t, bin+"/pgbackrest", "#!/bin/bash\necho \"$*\"\n", 0o700)
	run := func(role string) string {
		command := exec.Command(tool(t, "bash", "bash"), project.Path(t, "deploy/ha/promoted"), "on_role_change", role, "expenses")
		command.Env = []string{"PATH=" + bin + ":/usr/bin:/bin", "PGDATA=" + folder}
		output, err := command.CombinedOutput()
		if err != nil {
			t.Errorf("%s: %v", role, err)
		}
		return strings.TrimSpace(string(output))
	}
	want := "--stanza=expenses --pg1-path=" + folder + " --log-level-stderr=error archive-push " + folder + "/pg_wal/" + streamed
	for _, role := range []string{"primary", "master"} { // as newer and older Patroni call it
		if said := run(role); said != want {
			t.Errorf("%s: %q, want %q", role, said, want)
		}
	}
	if said := run("replica"); said != "" {
		t.Errorf("a standby archives: %q", said)
	}
}

// What the second node and etcd have goes only when the first has been restored; and of two nodes that start at once, an empty one might
// begin a database of its own.
func TestTwoNodesAreRestoredOneAfterTheOther(t *testing.T) {
	bin := t.TempDir()
	writeAt(t, bin+"/docker", `#!/bin/bash
echo "$*" >>"$SAID"
case "$*" in
"compose config --services") printf '%s\n' db db-1 db-2 etcd-1 etcd-2 etcd-3 ;;
*/recover*) exit "$RECOVERED" ;;
esac
`, 0o700)
	run := func(recovered string) (steps []string, err error) {
		said := bin + "/said-" + recovered
		command := exec.Command(tool(t, "bash", "bash"), project.Path(t, "deploy/ha/restore"), "--type=immediate")
		command.Env = []string{"PATH=" + bin + ":/usr/bin:/bin", "SAID=" + said, "RECOVERED=" + recovered}
		err = command.Run()
		return strings.Split(strings.TrimSpace(string(readPath(t, said))), "\n"), err
	}
	steps, err := run("0")
	if err != nil {
		t.Fatal(err)
	}
	last := -1
	for _, part := range []string{
		"compose stop expense-tracker backups db-1 db-2", "/usr/local/bin/recover db-1 --type=immediate",
		"etcdctl del --prefix /service/expenses/",
		"/bin/rm db-2 -rf /nodes/2/18/patroni", "--no-deps --wait --wait-timeout 300 db-1", "8008/primary", "--wait --wait-timeout 600", "verify",
	} {
		found := slices.IndexFunc(steps, func(step string) bool { return strings.Contains(step, part) })
		if found <= last {
			t.Fatalf("%q is step %d, wanted after step %d: %q", part, found, last, steps)
		}
		last = found
	}
	steps, err = run("1")
	if err == nil || strings.Contains(steps[len(steps)-1], "up") || !strings.Contains(steps[len(steps)-1], "recover") {
		t.Errorf("after a restore that failed: %v, %q", err, steps)
	}
}
