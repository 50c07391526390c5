package docs_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"expense-tracker/tests/rig/project"
)

// A link from one document to another, or to a heading of it, leads there: headings move, and links are forgotten.
func TestLinksBetweenDocumentsLeadSomewhere(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)\s]+)\)`)
	links := 0
	for _, pattern := range []string{"*.md", "docs/*.md", "docs/runbooks/*.md"} {
		documents, err := filepath.Glob(project.Path(t, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, document := range documents {
			for _, match := range link.FindAllStringSubmatch(text(t, document), -1) {
				path, heading, _ := strings.Cut(match[1], "#")
				if strings.Contains(path, "://") {
					continue
				}
				links++
				target := document
				if path != "" {
					target = filepath.Join(filepath.Dir(document), path)
				}
				if _, err := os.Stat(target); err != nil {
					t.Errorf("%s links to %s, which is not there", filepath.Base(document), match[1])
				} else if heading != "" && strings.HasSuffix(target, ".md") && !headings(text(t, target))[heading] {
					t.Errorf("%s links to %s, which has no such heading", filepath.Base(document), match[1])
				}
			}
		}
	}
	if links < 50 {
		t.Errorf("only %d links were found", links)
	}
}

func text(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// headings returns the names by which a document's headings are linked to, as GitHub makes them.
func headings(document string) map[string]bool {
	dropped, names := regexp.MustCompile(`[^\pL\pN _-]`), map[string]bool{}
	for line := range strings.Lines(document) {
		if heading := strings.TrimLeft(line, "#"); heading != line {
			name := dropped.ReplaceAllString(strings.ToLower(strings.TrimSpace(heading)), "")
			names[strings.ReplaceAll(name, " ", "-")] = true
		}
	}
	return names
}
