package upgrade_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"expense-tracker/tests/rig/programtest"
	"expense-tracker/tests/rig/project"
)

// migrationFolders are those of the storages.
var migrationFolders = []string{"adapters/sqlite/migrations", "adapters/postgres/migrations"}

// previous builds the program as it was before its newest migration, once. It returns the binary and the commit.
var previous = sync.OnceValues(func() (built, error) { return buildPrevious(context.Background()) })

type built struct{ binary, commit string }

// top is the project's folder. Tests set it before they build.
var top string

// older returns the version before. There is no way past it: where the history is missing, the test says how to get it and fails.
func older(t *testing.T) built {
	t.Helper()
	top = project.Path(t, ".")
	b, err := previous()
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("the version before is %s", b.commit)
	return b
}

func buildPrevious(ctx context.Context) (b built, err error) {
	if err := needHistory(ctx); err != nil {
		return b, err
	}
	added, err := git(ctx, append([]string{"log", "--diff-filter=A", "--max-count=1", "--format=%H", "HEAD", "--"}, migrationFolders...)...)
	if err != nil || added == "" {
		return b, fmt.Errorf("no commit has added a migration: %w", err)
	}
	if b.commit, err = git(ctx, "rev-parse", "--verify", added+"^"); err != nil {
		return b, fmt.Errorf("the commit before %s: %w", added, err)
	}
	folder, err := os.MkdirTemp(programtest.Folder(), "previous-")
	if err != nil {
		return b, err
	}
	archive := exec.CommandContext(ctx, "git", "-C", top, "-c", "safe.directory=*", "archive", "--format=tar", b.commit)
	unpack := exec.CommandContext(ctx, "tar", "-x", "-C", folder)
	var said, saidToo bytes.Buffer
	archive.Stderr, unpack.Stderr = &said, &saidToo
	if unpack.Stdin, err = archive.StdoutPipe(); err != nil {
		return b, err
	}
	if err := unpack.Start(); err != nil {
		return b, err
	}
	if err := archive.Run(); err != nil {
		return b, fmt.Errorf("git archive: %w: %s", err, said.String())
	}
	if err := unpack.Wait(); err != nil {
		return b, fmt.Errorf("tar: %w: %s", err, saidToo.String())
	}
	b.binary = filepath.Join(folder, "previous-expense-tracker")
	return b, goBuild(ctx, folder, b.binary)
}

// needHistory makes sure that there is one, and fetches it where the clone is shallow.
func needHistory(ctx context.Context) error {
	shallow, err := git(ctx, "rev-parse", "--is-shallow-repository")
	if err != nil {
		return fmt.Errorf("this test builds the version before from the history, which is not here: clone the repository: %w", err)
	}
	if shallow == "false" {
		return nil
	}
	if _, err := git(ctx, "fetch", "--quiet", "--unshallow"); err != nil {
		return fmt.Errorf("the clone is shallow and the rest cannot be fetched: clone with the whole history (fetch-depth: 0): %w", err)
	}
	return nil
}

func git(ctx context.Context, args ...string) (string, error) {
	// Whoever runs the tests may be another than who owns the files, as in a container.
	command := exec.CommandContext(ctx, "git", append([]string{"-C", top, "-c", "safe.directory=*"}, args...)...)
	var said bytes.Buffer
	command.Stderr = &said
	output, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("git %s: %w: %s", args[0], err, said.String())
	}
	return strings.TrimSpace(string(output)), nil
}

func goBuild(ctx context.Context, folder, binary string, flags ...string) error {
	args := append([]string{"build", "-buildvcs=false", "-o", binary}, flags...)
	command := exec.CommandContext(ctx, "go", append(args, "./cmd/expense-tracker")...)
	command.Dir = folder
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("go build in %s: %w\n%s", folder, err, output)
	}
	return nil
}

// newer builds the program as it will be with one migration more on each storage.
func newer(t *testing.T, name, sqlite, postgres string) string {
	t.Helper()
	folder := t.TempDir()
	overlay := map[string]map[string]string{"Replace": {}}
	for i, text := range []string{sqlite, postgres} {
		file := filepath.Join(folder, fmt.Sprintf("%d.sql", i))
		if err := os.WriteFile(file, []byte("-- +goose Up\n"+text+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		overlay["Replace"][project.Path(t, filepath.Join(migrationFolders[i], name))] = file
	}
	content, err := json.Marshal(overlay)
	if err != nil {
		t.Fatal(err)
	}
	file, binary := filepath.Join(folder, "overlay.json"), filepath.Join(folder, "next-expense-tracker")
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := goBuild(t.Context(), project.Path(t, "."), binary, "-overlay", file); err != nil {
		t.Fatal(err)
	}
	return binary
}
