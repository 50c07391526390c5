package deployment_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"expense-tracker/tests/rig/project"
)

// A restore that ends before the log does goes on from there by itself: nobody could connect to tell PostgreSQL to.
func TestARestoreThatEndsAtAMomentGoesOnFromThere(t *testing.T) {
	const promote = "--target-action=promote"
	for options, wants := range map[string]bool{
		"":                                   false, // to the log's end
		"--type=default":                     false,
		"--type=time --target=2026-11-29":    true,
		"--type=time --target 2026-11-29":    true,
		"--type=immediate":                   true,
		"--type immediate --set=20261129-1F": true,
		"--type=immediate --target-action=shutdown": false,
	} {
		bin := t.TempDir()
		said := filepath.Join(bin, "said")
		for name, script := range map[string]string{
			"pgbackrest": `printf '%s ' "$@" >` + said, "pg_ctl": "", "pg_isready": "",
		} {
			if err := os.WriteFile(filepath.Join(bin, name), []byte("#!/bin/sh\n"+script+"\n"), 0o755); err != nil {
				t.Fatal(err)
			}
		}
		command := exec.Command(tool(t, "bash", "bash"), append([]string{project.Path(t, "deploy/ha/recover")}, strings.Fields(options)...)...)
		command.Env = []string{
			"PATH=" + bin + ":" + os.Getenv("PATH"), "PGDATA=" + filepath.Join(bin, "data"), "PATRONI_POSTGRESQL_BIN_DIR=" + bin,
			"TMPDIR=" + t.TempDir(),
		}
		if output, err := command.CombinedOutput(); err != nil {
			t.Fatalf("%q: %v: %s", options, err, output)
		}
		if asked := string(readPath(t, said)); strings.Contains(asked, promote) != wants {
			t.Errorf("%q: pgbackrest %s", options, asked)
		}
	}
}
