package backups

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// readableFolder returns a folder for the test into which every user of the machine can look, unlike t.TempDir's.
func readableFolder(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "expense-tracker-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	if err := os.Chmod(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	return folder
}

// A server that Patroni runs asks for a password on its socket, too.
func TestPgBackRestIsGivenThePassword(t *testing.T) {
	bin := readableFolder(t)
	script := "#!/bin/sh\necho \"$PGPASSWORD: $*\"\n"
	if err := os.WriteFile(filepath.Join(bin, "pgbackrest"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin+":"+os.Getenv("PATH"))
	for name, source := range map[string]Postgres{
		"apart from the URL": {URL: "postgres://owner@db/expenses", Password: "a secret"},
		"in the URL":         {URL: "postgres://owner:a%20secret@db/expenses"},
	} {
		var said bytes.Buffer
		stanza := Stanza{Name: "expenses", Source: source, Environ: []string{"PATH=" + os.Getenv("PATH"), "PGPASSWORD=another"}}
		if err := stanza.run(t.Context(), &said, "info"); err != nil {
			t.Fatal(err)
		}
		if given, args, _ := strings.Cut(said.String(), ": "); given != "a secret" || strings.Contains(args, "secret") ||
			!strings.Contains(args, "--stanza=expenses") {
			t.Errorf("%s: it got %q", name, said.String())
		}
	}
}
