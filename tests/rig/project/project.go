// Package project finds this project's files for tests that read them.
package project

import (
	"os"
	"path/filepath"
	"testing"
)

// Path returns the absolute path of a file of the project, named from its top: the folder of go.mod.
func Path(t testing.TB, name string) string {
	t.Helper()
	folder, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for top := folder; ; top = filepath.Dir(top) {
		if _, err := os.Stat(filepath.Join(top, "go.mod")); err == nil {
			return filepath.Join(top, filepath.FromSlash(name))
		}
		if top == filepath.Dir(top) {
			t.Fatalf("no go.mod above %s", folder)
		}
	}
}
