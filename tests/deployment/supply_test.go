package deployment_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"expense-tracker/tests/rig/project"
)

// The job that tests has the history from which the version before is built.
func TestTheTestsHaveTheHistory(t *testing.T) {
	first := workflows(t)["ci.yml"].Jobs["test"].Steps[0]
	if !strings.HasPrefix(first.Uses, "actions/checkout@") || first.With["fetch-depth"] != 0 {
		t.Errorf("the tests' checkout is %+v", first)
	}
}

// What is built for others says what is in it and how it came to be; each change shows that it can.
func TestImagesSayWhatIsInThemAndHowTheyCameToBe(t *testing.T) {
	for file, job := range map[string]string{"ci.yml": "image", "release.yml": "image"} {
		steps := workflows(t)[file].Jobs[job].Steps
		if !slices.ContainsFunc(steps, func(s step) bool {
			return strings.Contains(s.Run, "--provenance mode=max") &&
				strings.Contains(s.Run, "--sbom generator=docker/buildkit-syft-scanner:stable-")
		}) {
			t.Errorf("%s builds an image that says nothing of itself", file)
		}
	}
}

// Each image that a file names has a tag that says a version, or the one that its publisher keeps for a variant.
func TestEveryImageIsPinnedByTag(t *testing.T) {
	named := regexp.MustCompile(`(?m)^\s*(?:-\s+)?(?:image|imageName|FROM|newName):?\s+(?:--platform=\S+\s+)?"?([a-z0-9][^\s"{}$,]*)`)
	variants := []string{"expense-tracker", "gcr.io/distroless/static-debian13:nonroot"} // ours; and one that has no versions
	found := 0
	for _, pattern := range []string{"docker-compose.yml", "compose*.yml", "Dockerfile*", "deploy/*/*.yml", "deploy/kubernetes/*/*.yaml",
		"deploy/kubernetes/*/*/*.yaml"} {
		for _, path := range globbed(t, pattern) {
			content, err := os.ReadFile(project.Path(t, path))
			if err != nil {
				t.Fatal(err)
			}
			for _, match := range named.FindAllStringSubmatch(string(content), -1) {
				image := strings.TrimSuffix(match[1], "}")
				found++
				_, tag, tagged := strings.Cut(image[strings.LastIndex(image, "/")+1:], ":")
				own := strings.HasSuffix(image, "/expense-tracker") || strings.HasPrefix(image, "expense-tracker:") ||
					strings.HasPrefix(image, "expense-tracker-") || image == "backups" // a stage of the Dockerfile
				if own || slices.Contains(variants, image) {
					continue
				}
				if !tagged || tag == "latest" || !regexp.MustCompile(`\d+\.\d+`).MatchString(tag) {
					t.Errorf("%s: %s has no tag that says a version", path, image)
				}
			}
		}
	}
	if found < 8 {
		t.Errorf("only %d images were found", found)
	}
}

// The bot's configuration reaches what is pinned: its patterns are those of its managers, and find what they are for.
func TestTheBotReachesWhatIsPinned(t *testing.T) {
	content, err := os.ReadFile(project.Path(t, ".github/renovate.json"))
	if err != nil {
		t.Fatal(err)
	}
	var bot struct {
		Compose    struct{ ManagerFilePatterns []string } `json:"docker-compose"`
		Kubernetes struct{ ManagerFilePatterns []string }
		Custom     []struct{ ManagerFilePatterns, MatchStrings []string } `json:"customManagers"`
	}
	if err := json.Unmarshal(content, &bot); err != nil {
		t.Fatal(err)
	}
	reaches := func(patterns []string, path string) bool {
		return slices.ContainsFunc(patterns, func(p string) bool {
			return regexp.MustCompile(strings.TrimSuffix(strings.TrimPrefix(p, "/"), "/")).MatchString(path)
		})
	}
	for _, pattern := range []string{"docker-compose.yml", "compose*.yml", "deploy/*/compose*.yml"} {
		for _, path := range globbed(t, pattern) {
			if !reaches(bot.Compose.ManagerFilePatterns, path) {
				t.Errorf("%s is left out", path)
			}
		}
	}
	if !reaches(bot.Kubernetes.ManagerFilePatterns, "deploy/kubernetes/components/backups/restore.yaml") {
		t.Error("Kubernetes' manifests are left out")
	}
	for path, want := range map[string][]string{
		"Makefile":                             {"github.com/golangci/golangci-lint/v2 v", "github.com/rhysd/actionlint v"},
		".github/workflows/ci.yml":             {"golang.org/x/vuln v"},
		"deploy/kubernetes/base/database.yaml": {"ghcr.io/cloudnative-pg/postgresql 18."},
	} {
		content, err := os.ReadFile(project.Path(t, path))
		if err != nil {
			t.Fatal(err)
		}
		var found []string
		for _, manager := range bot.Custom {
			if !reaches(manager.ManagerFilePatterns, path) {
				continue
			}
			for _, text := range manager.MatchStrings {
				pattern := regexp.MustCompile(strings.ReplaceAll(text, "(?<", "(?P<"))
				for _, m := range pattern.FindAllStringSubmatch(string(content), -1) {
					found = append(found, m[pattern.SubexpIndex("depName")]+" "+m[pattern.SubexpIndex("currentValue")])
				}
			}
		}
		for _, one := range want {
			if !slices.ContainsFunc(found, func(f string) bool { return strings.HasPrefix(f, one) }) {
				t.Errorf("%s: the bot finds %v, want %s", path, found, one)
			}
		}
	}
}

// globbed returns the project's files of a pattern, by their names from its top. There may be none.
func globbed(t testing.TB, pattern string) (names []string) {
	t.Helper()
	top := project.Path(t, ".")
	paths, err := filepath.Glob(filepath.Join(top, pattern))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		name, err := filepath.Rel(top, path)
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, filepath.ToSlash(name))
	}
	return names
}
