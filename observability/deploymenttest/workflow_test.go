package deploymenttest_test

import (
	"maps"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// workflow is what the tests read of a GitHub workflow.
type workflow struct {
	On          map[string]any    `yaml:"on"`
	Permissions map[string]string `yaml:"permissions"`
	Concurrency struct {
		Group  string `yaml:"group"`
		Cancel any    `yaml:"cancel-in-progress"`
	} `yaml:"concurrency"`
	Jobs map[string]struct {
		Timeout int    `yaml:"timeout-minutes"`
		Steps   []step `yaml:"steps"`
	} `yaml:"jobs"`
}

type step struct {
	Name string            `yaml:"name"`
	Uses string            `yaml:"uses"`
	If   string            `yaml:"if"`
	Run  string            `yaml:"run"`
	Env  map[string]string `yaml:"env"`
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
			if job.Timeout == 0 || job.Timeout > 30 {
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

// TestADeploymentCanBeTakenBack holds the order of a deployment: what runs is remembered and the new image built while the old one
// serves; only then it makes room, and comes back if the new one is not healthy.
func TestADeploymentCanBeTakenBack(t *testing.T) {
	deploy := workflows(t)["deploy.yml"]
	push, _ := deploy.On["push"].(map[string]any)
	if branches, _ := push["branches"].([]any); len(deploy.On) != 1 || !slices.Equal(branches, []any{"main"}) {
		t.Errorf("deploys on %v", deploy.On)
	}
	if deploy.Concurrency.Cancel != false {
		t.Error("a deployment may be cut off in the middle")
	}
	steps := deploy.Jobs["deploy"].Steps
	last := -1
	for _, part := range []string{
		"docker tag", "docker compose build", "pg_dump", "docker compose down", "docker compose up --detach --wait", "/readyz",
	} {
		found := slices.IndexFunc(steps, func(s step) bool { return strings.Contains(s.Run, part) })
		if found < 0 || found < last {
			t.Fatalf("%q is step %d, wanted from step %d on", part, found, last)
		}
		last = found
	}
	rollback := slices.IndexFunc(steps, func(s step) bool { return s.Name == "Roll back to the previous image" })
	if rollback < last {
		t.Fatalf("the rollback is step %d, the health check step %d", rollback, last)
	}
	back := steps[rollback]
	if !strings.Contains(back.If, "failure()") || back.Env["IMAGE_TAG"] != "previous" || !strings.Contains(back.Run, "--no-build --wait") {
		t.Errorf("the rollback is %+v", back)
	}
	for _, step := range steps {
		if strings.Contains(step.Run, "--volumes") || strings.Contains(step.Run, "down -v") {
			t.Errorf("step %q removes the data", step.Name)
		}
	}
}

// TestScriptsParse finds a slip in the shell before the machine does that the script was made for.
func TestScriptsParse(t *testing.T) {
	for _, path := range matching(t, ".ci/*") {
		if output, err := exec.Command(tool(t, "bash", "bash"), "-n", path).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", path, err, output)
		}
	}
}
