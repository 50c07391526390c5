package deployment_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"expense-tracker/tests/rig/project"
)

// read returns the text of a file of the project, named from its top.
func read(t testing.TB, name string) string {
	t.Helper()
	return string(readPath(t, project.Path(t, name)))
}

func readPath(t testing.TB, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// matching returns the paths of the project's files that match a pattern, named from its top; at least one.
func matching(t testing.TB, pattern string) []string {
	t.Helper()
	paths, err := filepath.Glob(project.Path(t, pattern))
	if err != nil {
		t.Fatal(err)
	}
	if len(paths) == 0 {
		t.Fatalf("no file is called %s", pattern)
	}
	return paths
}

// tool returns the path of a program that the test cannot do without.
func tool(t testing.TB, name, debianPackage string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Fatalf("this test needs %s: install it (Debian: apt-get install %s) or run make test, which does: %v", name, debianPackage, err)
	}
	return path
}

// writeAt writes a file, in a folder that is made for it.
func writeAt(t *testing.T, path, text string, mode os.FileMode) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), mode)); err != nil {
		t.Fatal(err)
	}
}
