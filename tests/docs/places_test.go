package docs_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"expense-tracker/tests/rig/project"
)

// Whatever folder, file and test the documents name is there. After a path may come the name of something in it.
func TestDocumentsNameWhatExists(t *testing.T) {
	named := regexp.MustCompile("`((?:cmd|core|adapters|web|config|observability|tests|docs|\\.ci|\\.github)/[^` ]+)`")
	within := regexp.MustCompile(`\.[A-Z].*$`)
	tests := regexp.MustCompile(`\b(?:Test|Fuzz)[A-Z]\w+`)
	documents, err := filepath.Glob(project.Path(t, "docs/*.md"))
	if err != nil {
		t.Fatal(err)
	}
	source, places := goSources(t), 0
	for _, document := range append(documents, project.Path(t, "README.md"), project.Path(t, "CONTRIBUTING.md")) {
		text, err := os.ReadFile(document)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range named.FindAllStringSubmatch(string(text), -1) {
			places++
			if found, err := filepath.Glob(project.Path(t, within.ReplaceAllString(match[1], ""))); err != nil || len(found) == 0 {
				t.Errorf("%s names %s, which is not there", filepath.Base(document), match[1])
			}
		}
		for _, name := range tests.FindAllString(string(text), -1) {
			if !bytes.Contains(source, []byte("func "+name+"(")) {
				t.Errorf("%s names %s, which is no test", filepath.Base(document), name)
			}
		}
	}
	if places < 30 {
		t.Errorf("only %d places are named", places)
	}
}

// goSources returns all Go files, one after another.
func goSources(t *testing.T) (all []byte) {
	t.Helper()
	root := project.Path(t, ".")
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") {
			return err
		}
		text, err := os.ReadFile(path)
		all = append(all, text...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
