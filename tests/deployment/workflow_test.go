package deployment_test

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/compose-spec/compose-go/v2/cli"

	"expense-tracker/tests/rig/project"
)

// workflow is what the tests read of a GitHub workflow.
type workflow struct {
	Name        string            `yaml:"name"`
	On          map[string]any    `yaml:"on"`
	Permissions map[string]string `yaml:"permissions"`
	Concurrency struct {
		Group  string `yaml:"group"`
		Cancel any    `yaml:"cancel-in-progress"`
	} `yaml:"concurrency"`
	Jobs map[string]struct {
		Uses    string            `yaml:"uses"`
		Needs   string            `yaml:"needs"`
		If      string            `yaml:"if"`
		Timeout int               `yaml:"timeout-minutes"`
		Env     map[string]string `yaml:"env"`
		Steps   []step            `yaml:"steps"`
	} `yaml:"jobs"`
}

type step struct {
	ID   string            `yaml:"id"`
	Name string            `yaml:"name"`
	Uses string            `yaml:"uses"`
	If   string            `yaml:"if"`
	Run  string            `yaml:"run"`
	Env  map[string]string `yaml:"env"`
	With map[string]any    `yaml:"with"`
}

func workflows(t testing.TB) map[string]workflow {
	t.Helper()
	all := map[string]workflow{}
	for _, path := range matching(t, ".github/workflows/*.yml") {
		var file workflow
		readYAML(t, path, &file)
		all[filepath.Base(path)] = file
	}
	return all
}

// ours is how another workflow runs the whole of ci.
const ours = "./.github/workflows/ci.yml"

func TestWorkflowsAreBoundedAndMayOnlyRead(t *testing.T) {
	pinned := regexp.MustCompile(`^actions/[a-z-]+@v\d+(\.\d+\.\d+)?$`)
	for file, flow := range workflows(t) {
		if !maps.Equal(flow.Permissions, map[string]string{"contents": "read"}) {
			t.Errorf("%s may %v", file, flow.Permissions)
		}
		if flow.Concurrency.Group == "" {
			t.Errorf("%s may run against itself", file)
		}
		for name, job := range flow.Jobs {
			if job.Uses == ours {
				continue // whose jobs have their own bounds
			}
			if job.Timeout == 0 || job.Timeout > 30 && name != "test" || job.Timeout > 90 {
				t.Errorf("%s: job %s ends after %d minutes", file, name, job.Timeout)
			}
			for _, step := range job.Steps {
				if step.Uses != "" && !pinned.MatchString(step.Uses) {
					t.Errorf("%s uses %s, which is not pinned to a release of GitHub's own actions", file, step.Uses)
				}
				// What a stranger may have written (a title, a branch's name) must not become part of a script.
				if strings.Contains(step.Run, "${{") {
					t.Errorf("%s: a script has an expression in it: %s", file, step.Run)
				}
			}
		}
	}
}

func TestEachChangeIsTestedLintedScannedAndBuilt(t *testing.T) {
	ci := workflows(t)["ci.yml"]
	for _, event := range []string{"push", "pull_request"} {
		if _, listens := ci.On[event]; !listens {
			t.Errorf("a %s is not checked", event)
		}
	}
	for job, command := range map[string]string{
		"test": "make test", "lint": "make lint", "vulnerabilities": "govulncheck@v", "image": "docker build", "compose": "make compose-test",
	} {
		if !slices.ContainsFunc(ci.Jobs[job].Steps, func(s step) bool { return strings.Contains(s.Run, command) }) {
			t.Errorf("job %s does not run %s", job, command)
		}
	}
}

// TestOnlyWhatPassedIsDeployed: the very commit, after the whole of ci, from main.
func TestOnlyWhatPassedIsDeployed(t *testing.T) {
	all := workflows(t)
	deploy := all["deploy.yml"]
	after, _ := deploy.On["workflow_run"].(map[string]any)
	for key, want := range map[string]string{"workflows": all["ci.yml"].Name, "types": "completed", "branches": "main"} {
		if values, _ := after[key].([]any); !slices.Equal(values, []any{want}) {
			t.Errorf("deploys after %s %v, want %s", key, values, want)
		}
	}
	if len(deploy.On) != 1 {
		t.Errorf("deploys on %v", deploy.On)
	}
	job := deploy.Jobs["deploy"]
	for _, condition := range []string{"workflow_run.conclusion == 'success'", "workflow_run.event == 'push'"} {
		if !strings.Contains(job.If, condition) || strings.Contains(job.If, "||") {
			t.Errorf("deploys if %s, want %s", job.If, condition)
		}
	}
	const commit = "${{ github.event.workflow_run.head_sha }}"
	if first := job.Steps[0]; !strings.HasPrefix(first.Uses, "actions/checkout@") || first.With["ref"] != commit ||
		first.With["fetch-depth"] != 0 {
		t.Errorf("deploys the files of %+v", first)
	}
	if job.Env["IMAGE_TAG"] != commit || job.Env["REVISION"] != commit {
		t.Errorf("deploys the image %v", job.Env)
	}
	const isOlder = `merge-base --is-ancestor "$revision" "$REVISION"`
	if !slices.ContainsFunc(job.Steps, func(s step) bool { return strings.Contains(s.Run, isOlder) }) {
		t.Error("an older commit whose tests took longer replaces a newer one")
	}
}

// TestOnlyWhatPassedIsPublished: a tag's image is built after the whole of ci, of the same commit. By itself ci leaves tags alone, so that
// it runs once.
func TestOnlyWhatPassedIsPublished(t *testing.T) {
	all := workflows(t)
	release, ci := all["release.yml"], all["ci.yml"]
	for name, job := range release.Jobs {
		if job.Uses != ours && (release.Jobs[job.Needs].Uses != ours || job.If != "") {
			t.Errorf("job %s of a release waits for %q, if %q", name, job.Needs, job.If)
		}
	}
	if _, called := ci.On["workflow_call"]; !called {
		t.Error("no other workflow can run ci")
	}
	if push, _ := ci.On["push"].(map[string]any); push["branches"] == nil || push["tags"] != nil {
		t.Errorf("ci runs at each push of %v", push)
	}
}

// TestADeploymentCanBeTakenBack holds the order of a deployment: what runs is remembered, the new image built and the data copied while
// the old one serves; only then the program alone is replaced, and comes back if the new one is not healthy.
func TestADeploymentCanBeTakenBack(t *testing.T) {
	deploy := workflows(t)["deploy.yml"]
	if deploy.Concurrency.Cancel != false {
		t.Error("a deployment may be cut off in the middle")
	}
	steps := deploy.Jobs["deploy"].Steps
	last := -1
	for _, part := range []string{
		"docker tag", "docker compose build", "pg_dump",
		"source deploy/others", "bash deploy/roll", "/readyz",
	} {
		found := slices.IndexFunc(steps, func(s step) bool { return strings.Contains(s.Run, part) })
		if found < 0 || found < last {
			t.Fatalf("%q is step %d, wanted from step %d on", part, found, last)
		}
		last = found
	}
	rollback := slices.IndexFunc(steps, func(s step) bool { return s.Name == "Roll back to the previous images" })
	if rollback < last {
		t.Fatalf("the rollback is step %d, the health check step %d", rollback, last)
	}
	back := steps[rollback]
	if !strings.Contains(back.If, "failure()") || back.Env["IMAGE_TAG"] != "previous" ||
		!strings.Contains(back.Run, "--no-build --wait") || !strings.Contains(back.Run, "bash deploy/roll") {
		t.Errorf("the rollback is %+v", back)
	}
	files := steps[rollback-1]
	for _, touched := range []string{"others", "start", "health"} {
		if !strings.Contains(files.If, "steps."+touched+".outcome == 'failure'") ||
			!slices.ContainsFunc(steps, func(s step) bool { return s.ID == touched }) {
			t.Errorf("a failure of %s is not taken back: %s", touched, files.If)
		}
	}
}

// The database and the monitoring are not restarted for a new program, so nothing takes everything down.
func TestADeploymentTakesNothingDown(t *testing.T) {
	others := step{Name: "deploy/others", Run: string(readPath(t, project.Path(t, "deploy/others")))}
	for _, step := range append(workflows(t)["deploy.yml"].Jobs["deploy"].Steps, others) {
		for _, word := range []string{"compose down", "compose stop", "compose rm", "compose kill", "compose restart", "--force-recreate",
			"--volumes", "--remove-orphans"} {
			if strings.Contains(step.Run, word) {
				t.Errorf("step %q has %s", step.Name, word)
			}
		}
		if strings.Contains(step.Run, "compose pull") && !strings.Contains(step.Run, "--policy missing") {
			t.Errorf("step %q replaces the database whenever its tag is built anew: %s", step.Name, step.Run)
		}
	}
}

// TestADumpIsCheckedDatedAndKept runs the workflow's own script, with a Docker that dumps what the test says.
func TestADumpIsCheckedDatedAndKept(t *testing.T) {
	steps := workflows(t)["deploy.yml"].Jobs["deploy"].Steps
	script := steps[slices.IndexFunc(steps, func(s step) bool { return s.Name == "Keep a copy of the data" })].Run
	home, bin, site := t.TempDir(), t.TempDir(), t.TempDir()
	docker := `#!/bin/bash
[ "$PWD" = "$GITHUB_WORKSPACE" ] || exit 8 # where .env names its files
case "$*" in
"compose ps --services --status running") printf '%s\n' $RUNNING ;;
"compose exec -T $AT sh -c "*"/run/secrets/owner_password"*" pg_dump --host db "*) printf '%s' "$DUMP" ;;
"compose exec -T $AT pg_restore --list") cat ;;
"compose exec -T $AT pg_restore --file /dev/null") grep --quiet 'the end$' ;;
*) exit 9 ;;
esac
`
	if err := os.WriteFile(filepath.Join(bin, "docker"), []byte(docker), 0o755); err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(home, "expense-tracker-dumps")
	running, at := "db proxy expense-tracker", "db"
	deploy := func(run, dump string) error {
		command := exec.Command(tool(t, "bash", "bash"), "-eo", "pipefail", "-c", script) // as GitHub runs it
		command.Env = []string{
			"HOME=" + home, "PATH=" + bin + ":" + os.Getenv("PATH"), "GITHUB_WORKSPACE=" + site, "GITHUB_RUN_ID=" + run, "GITHUB_RUN_ATTEMPT=1",
			"DUMP=" + dump, "RUNNING=" + running, "AT=" + at,
		}
		return command.Run()
	}
	kept := func() (names []string) {
		found, err := filepath.Glob(filepath.Join(folder, "*.dump"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range found {
			names = append(names, filepath.Base(path))
		}
		return names
	}
	const good = "1; TABLE DATA public expense_entry expense_user the end"
	for _, run := range []string{"41", "42"} { // within one second
		if err := deploy(run, good); err != nil {
			t.Fatalf("a good dump: %v", err)
		}
	}
	if names := kept(); len(names) != 2 || !regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ-41-1\.dump$`).MatchString(names[0]) {
		t.Fatalf("kept %v", names)
	}
	old := filepath.Join(folder, "2020-01-01T00-00-00Z-1-1.dump")
	if err := os.WriteFile(old, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(old, time.Time{}, time.Now().AddDate(0, 0, -40)); err != nil {
		t.Fatal(err)
	}
	for name, dump := range map[string]string{"empty": "", "of another database": "the end", "cut off": strings.TrimSuffix(good, " end")} {
		if err := deploy("43", dump); err == nil {
			t.Errorf("a dump that is %s is taken for one", name)
		}
		if names := kept(); len(names) != 3 {
			t.Errorf("after a dump that is %s: kept %v", name, names)
		}
	}
	if err := deploy("44", good); err != nil {
		t.Fatal(err)
	}
	if names := kept(); len(names) != 3 || slices.Contains(names, filepath.Base(old)) {
		t.Errorf("after forty days: kept %v", names)
	}
	// Of two nodes, in whichever runs.
	for run, nodes := range map[string][]string{"45": {"db db-1 db-2", "db-1"}, "46": {"db db-2 etcd-1", "db-2"}} {
		running, at = nodes[0], nodes[1]
		if err := deploy(run, good); err != nil {
			t.Errorf("with %s: %v", running, err)
		}
	}
	if names := kept(); len(names) != 5 {
		t.Errorf("of two nodes: kept %v", names)
	}
}

// A new program is no reason to replace the database, and its two nodes are never replaced at once.
func TestADeploymentLeavesTheDatabaseAlone(t *testing.T) {
	for name, over := range map[string][]string{
		"plain": nil, "available": {"deploy/ha/compose.yml"}, "archived": {"deploy/pitr/compose.yml"},
	} {
		before, after := mustLoad(t, over, cli.WithEnv([]string{"IMAGE_TAG=a"})), mustLoad(t, over, cli.WithEnv([]string{"IMAGE_TAG=b"}))
		for _, service := range []string{"db", "db-1", "db-2"} {
			if before.Services[service].Image != after.Services[service].Image {
				t.Errorf("%s: %s is replaced by each deployment", name, service)
			}
		}
	}
	bin, steps := t.TempDir(), 0 // the way back finds what the way there has left
	for _, step := range workflows(t)["deploy.yml"].Jobs["deploy"].Steps {
		if !strings.Contains(step.Run, "/others") {
			continue
		}
		steps++
		docker := `#!/bin/bash
case "$*" in
"compose config --services") printf '%s\n' db expense-tracker db-2 proxy db-1 ;;
"compose ps --quiet expense-tracker") ;;
*) echo "$*" >>"$SAID" ;;
esac
`
		for name, script := range map[string]string{"docker": docker, "git": "#!/bin/sh\necho 1\n", "curl": "#!/bin/sh\n"} {
			if err := os.WriteFile(filepath.Join(bin, name), []byte(script), 0o755); err != nil {
				t.Fatal(err)
			}
		}
		said := filepath.Join(bin, "said")
		if err := os.RemoveAll(said); err != nil {
			t.Fatal(err)
		}
		command := exec.Command(tool(t, "bash", "bash"), "-eo", "pipefail", "-c", step.Run) // as GitHub runs it
		command.Dir = project.Path(t, ".")
		command.Env = []string{
			"PATH=" + bin + ":" + os.Getenv("PATH"), "SAID=" + said, "GITHUB_ENV=" + filepath.Join(bin, "env"), "RUNNER_TEMP=" + bin,
		}
		if output, err := command.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v: %s", step.Name, err, output)
		}
		lines := strings.Split(string(readPath(t, said)), "\n")
		for n, want := range []string{" db-2", " db-1", " db proxy"} {
			if n >= len(lines) || !strings.HasSuffix(lines[n], " --wait-timeout 300"+want) {
				t.Errorf("%s: %q", step.Name, lines)
				break
			}
		}
	}
	if steps != 2 {
		t.Errorf("%d steps bring the others up to date: one there, one back", steps)
	}
}

// TestScriptsParse finds a slip in the shell before the machine does that the script was made for.
func TestScriptsParse(t *testing.T) {
	for _, path := range slices.Concat(matching(t, ".ci/*"), matching(t, "deploy/roll"), matching(t, "deploy/others"),
		matching(t, "deploy/ha/re*"), matching(t, "deploy/ha/promoted")) {
		if output, err := exec.Command(tool(t, "bash", "bash"), "-n", path).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", path, err, output)
		}
	}
}
