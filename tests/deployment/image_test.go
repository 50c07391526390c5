package deployment_test

import (
	"bytes"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"expense-tracker/tests/rig/project"
)

func TestTheImageIsBuiltInStagesFromPinnedBases(t *testing.T) {
	text := read(t, "Dockerfile")
	bases := regexp.MustCompile(`(?m)^FROM (?:--platform=\S+ )?(\S+)`).FindAllStringSubmatch(text, -1)
	if len(bases) != 6 {
		t.Fatalf("the Dockerfile has %d stages", len(bases))
	}
	if build := bases[0][1]; !regexp.MustCompile(`^golang:\d+\.\d+\.\d+-[a-z]+$`).MatchString(build) {
		t.Errorf("built on %s, which is not pinned by version", build)
	}
	if keeper := bases[1][1]; !regexp.MustCompile(`^restic/restic:\d+\.\d+\.\d+$`).MatchString(keeper) {
		t.Errorf("backups are kept by %s, which is not pinned by version", keeper)
	}
	// Dumps are made and restored by programs of the server's own version.
	for _, n := range []int{2, 3} {
		if base, server := bases[n][1], loadCompose(t).Services["db"].Image; base != server {
			t.Errorf("stage %d stands on %s, the database is %s", n, base, server)
		}
	}
	if base := bases[5][1]; !regexp.MustCompile(`^gcr\.io/distroless/static-debian\d+:nonroot$`).MatchString(base) {
		t.Errorf("runs on %s, not on a minimal base as an unprivileged user", base)
	}
	for _, line := range []string{
		"EXPOSE 5000", "USER 65532:65532", "STOPSIGNAL SIGTERM", `ENTRYPOINT ["expense-tracker"]`,
	} {
		if !slices.Contains(strings.Split(text, "\n"), line) {
			t.Errorf("the Dockerfile has no line %q", line)
		}
	}
	for _, part := range []string{
		// Nothing runs under emulation where the image is for another architecture.
		"FROM --platform=$BUILDPLATFORM golang:", "GOOS=$TARGETOS GOARCH=$TARGETARCH go build",
		"CGO_ENABLED=0", "-X main.version=${VERSION}", "-X main.revision=${REVISION}", `CMD ["expense-tracker", "healthcheck"]`,
	} {
		if !strings.Contains(text, part) {
			t.Errorf("the Dockerfile does not say %q", part)
		}
	}
	if strings.Contains(text, "syntax=") {
		t.Error("a syntax line makes the build fetch one more image")
	}
}

// TestTheGoVersionsAgree keeps the builder from being older than what go.mod asks for: with GOTOOLCHAIN=local it would refuse.
func TestTheGoVersionsAgree(t *testing.T) {
	asked := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(read(t, "go.mod"))
	builder := regexp.MustCompile(`golang:(\d+\.\d+)`).FindStringSubmatch(read(t, "Dockerfile"))
	if asked == nil || builder == nil || asked[1] != builder[1] {
		t.Errorf("go.mod asks for %v, the Dockerfile builds with %v", asked, builder)
	}
}

// TestTheBuildContextHoldsEveryPackage compares .dockerignore, which lets in only what it names, with what the program is made of.
func TestTheBuildContextHoldsEveryPackage(t *testing.T) {
	command := exec.Command("go", "list", "-deps", "-f", "{{if .Module}}{{if .Module.Main}}{{.ImportPath}}{{end}}{{end}}",
		"./cmd/expense-tracker")
	command.Dir = project.Path(t, ".")
	var faults bytes.Buffer
	command.Stderr = &faults
	output, err := command.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, &faults)
	}
	rules := strings.Split(read(t, ".dockerignore"), "\n")
	packages := strings.Fields(string(output))
	if len(packages) < 5 {
		t.Fatalf("go list found only %v", packages)
	}
	for _, path := range packages {
		inside := strings.TrimPrefix(path, "expense-tracker/")
		top, _, _ := strings.Cut(inside, "/")
		if !slices.Contains(rules, "!"+top) {
			t.Errorf(".dockerignore keeps %s out of the image's build", path)
		}
		if slices.Contains(rules, inside) {
			t.Errorf(".dockerignore leaves out %s, which the program needs", path)
		}
	}
	if !slices.Contains(rules, "*") {
		t.Error(".dockerignore lets in what it does not name, .env and .git among them")
	}
}
