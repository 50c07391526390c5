package backups

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A server that Patroni runs asks for a password on its socket, too.
func TestPgBackRestIsGivenThePassword(t *testing.T) {
	bin, err := os.MkdirTemp("", "expense-tracker-test-") // not t.TempDir, into which root's alone can look
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(bin) })
	if err := os.Chmod(bin, 0o755); err != nil {
		t.Fatal(err)
	}
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
