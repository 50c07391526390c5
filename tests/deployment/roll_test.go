package deployment_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"expense-tracker/tests/rig/project"
)

// rolled is a set-up in which deploy/roll replaces instances, with testdata/docker in the place of Docker.
type rolled struct {
	t     *testing.T
	state string
}

// setUp returns one whose containers are as said, such as "old healthy running", and whose new image is called new.
func setUp(t *testing.T, containers ...string) rolled {
	t.Helper()
	r := rolled{t: t, state: t.TempDir()}
	for n, container := range containers {
		r.write("c"+string(rune('1'+n)), container)
	}
	r.write("wanted", "new")
	r.write("health", "healthy")
	return r
}

func (r rolled) write(name, content string) {
	r.t.Helper()
	if err := os.WriteFile(filepath.Join(r.state, name), []byte(content+"\n"), 0o600); err != nil {
		r.t.Fatal(err)
	}
}

func (r rolled) roll(environment ...string) (said string, err error) {
	r.t.Helper()
	bin := r.t.TempDir()
	if err := os.Symlink(project.Path(r.t, "tests/deployment/testdata/docker"), filepath.Join(bin, "docker")); err != nil {
		r.t.Fatal(err)
	}
	command := exec.CommandContext(r.t.Context(), tool(r.t, "bash", "bash"), project.Path(r.t, "deploy/roll"))
	command.Env = append(os.Environ(), append([]string{"PATH=" + bin + ":" + os.Getenv("PATH"), "STATE=" + r.state, "PATIENCE=1"},
		environment...)...)
	output, err := command.CombinedOutput()
	return string(output), err
}

// is fails the test unless the containers are as said.
func (r rolled) is(want ...string) {
	r.t.Helper()
	var got []string
	paths, err := filepath.Glob(filepath.Join(r.state, "c[0-9]*"))
	if err != nil {
		r.t.Fatal(err)
	}
	for _, path := range paths {
		got = append(got, strings.TrimSpace(string(readPath(r.t, path))))
	}
	if slices.Sort(got); !slices.Equal(got, want) {
		r.t.Errorf("there are %q, want %q", got, want)
	}
}

func (r rolled) tags() string {
	tags, err := os.ReadFile(filepath.Join(r.state, "tags"))
	if err != nil && !os.IsNotExist(err) {
		r.t.Fatal(err)
	}
	return string(tags)
}

func TestWhatIsReplacedCanBeGoneBackTo(t *testing.T) {
	t.Parallel()
	site := setUp(t, "old healthy running", "old healthy running")
	if said, err := site.roll(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	site.is("new healthy running", "new healthy running")
	if tags := site.tags(); tags != "old expense-tracker:previous\n" {
		t.Errorf("tagged %q", tags)
	}
	// Once more, with nothing new: what can be gone back to stays.
	if said, err := site.roll(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	// Back: what does not serve well is nothing to go back to.
	if said, err := site.roll("IMAGE_TAG=previous"); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	if tags := site.tags(); tags != "old expense-tracker:previous\n" {
		t.Errorf("after two more, tagged %q", tags)
	}
}

// A release that mends what no instance can do any more has to get in.
func TestAnInstanceThatIsNotReadyIsReplacedToo(t *testing.T) {
	t.Parallel()
	site := setUp(t, "old unhealthy running", "old healthy running")
	if said, err := site.roll(); err != nil {
		t.Errorf("%v: %s", err, said)
	}
	site.is("new healthy running", "new healthy running")
}

func TestANewInstanceThatIsNotReadyIsTakenAway(t *testing.T) {
	t.Parallel()
	site := setUp(t, "old healthy running", "old healthy running")
	site.write("health", "starting")
	if said, err := site.roll(); err == nil || !strings.Contains(said, "what it said") {
		t.Errorf("it is said to be ready: %s", said)
	}
	site.is("old healthy running", "old healthy running")
	site.write("refuse", "")
	if said, err := site.roll(); err == nil || !strings.Contains(said, "no space left on device") {
		t.Errorf("nobody is told why it was not started: %s", said)
	}
	site.is("old healthy running", "old healthy running")
}

// Compose starts a container that was stopped sooner than it makes a new one: the old image would come back.
func TestAStoppedInstanceIsNotTakenForANewOne(t *testing.T) {
	t.Parallel()
	site := setUp(t, "old healthy running", "older none exited")
	if said, err := site.roll(); err != nil {
		t.Errorf("%v: %s", err, said)
	}
	site.is("new healthy running")
}

func TestMoreInstancesThanTheProxyAsksAreNotStarted(t *testing.T) {
	t.Parallel()
	old := []string{"old healthy running", "old healthy running", "old healthy running", "old healthy running"}
	site := setUp(t, old...)
	if said, err := site.roll(); err == nil || !strings.Contains(said, "4 instances at most") {
		t.Errorf("a fifth is started, which nobody asks: %s", said)
	}
	site.is(old...)
}

// A deployment starts what it has built: each image that is built here is built for it, and what ran of it before is remembered.
func TestADeploymentHasAllItsImages(t *testing.T) {
	steps := workflows(t)["deploy.yml"].Jobs["deploy"].Steps
	find := func(name string) string {
		at := slices.IndexFunc(steps, func(s step) bool { return s.Name == name })
		if at < 0 {
			t.Fatalf("no step is called %s", name)
		}
		return steps[at].Run
	}
	if build := strings.TrimSpace(find("Build the new images")); build != "docker compose build --pull" {
		t.Errorf("%s leaves images out that are started with --no-build", build)
	}
	bin, folder := t.TempDir(), t.TempDir()
	for name, script := range map[string]string{
		"git": `exit 0`,
		"docker": `case "$*" in
"compose ps --quiet expense-tracker") printf 'one\ntwo\n' ;;
"compose ps --quiet") printf 'one\ntwo\nkept\nasks\ndata\n' ;;
"inspect --format {{.Image}} one") echo sha256:program ;;
"inspect --format {{.Config.Image}} {{.Image}} one two kept asks data")
  printf '%s\n' 'expense-tracker:a sha256:program' 'expense-tracker:a sha256:program' 'expense-tracker-backups:a sha256:keeps' \
    'expense-tracker:b sha256:asks' 'postgres:18.6-trixie sha256:database' ;;
"inspect --format "*" sha256:program") echo 0123456789abcdef0123456789abcdef01234567 ;;
"tag "*) echo "$2 $3" >>"$TAGS" ;;
*) echo "nobody asks docker $*" >&2; exit 9 ;;
esac`,
	} {
		if err := os.WriteFile(filepath.Join(bin, name), []byte("#!/bin/bash\n"+script+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	output, tags := filepath.Join(folder, "output"), filepath.Join(folder, "tags")
	command := exec.Command(tool(t, "bash", "bash"), "-eo", "pipefail", "-c", find("Remember what runs now"))
	command.Env = []string{"PATH=" + bin + ":" + os.Getenv("PATH"), "TAGS=" + tags, "GITHUB_OUTPUT=" + output, "REVISION=next"}
	if said, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	remembered := map[string]string{}
	for _, line := range strings.Split(strings.TrimSpace(string(readPath(t, tags))), "\n") {
		id, tag, _ := strings.Cut(line, " ")
		remembered[tag] = id
	}
	for name, service := range loadCompose(t).Services {
		if repository, _, _ := strings.Cut(service.Image, ":"); service.Build != nil && remembered[repository+":previous"] == "" {
			t.Errorf("nothing of %s can be gone back to: %v", name, remembered)
		}
	}
	if remembered["expense-tracker:previous"] != "sha256:program" || len(remembered) != 2 {
		t.Errorf("remembered are %v", remembered)
	}
	if said := string(readPath(t, output)); said != "revision=0123456789abcdef0123456789abcdef01234567\n" {
		t.Errorf("the revision is %q", said)
	}
}

// The program is waited for by others: Compose would replace it together with them, all instances at once.
func TestNothingButTheRollReplacesTheProgram(t *testing.T) {
	for _, step := range workflows(t)["deploy.yml"].Jobs["deploy"].Steps {
		for _, line := range strings.Split(step.Run, "\n") {
			if strings.Contains(line, "docker compose up") && !strings.Contains(line, "--no-deps") {
				t.Errorf("step %q: %s", step.Name, line)
			}
		}
	}
}
