package boards_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"expense-tracker/observability/grafana/boards"
)

var update = flag.Bool("update", false, "write the dashboards' files again")

// The files that Grafana reads are what is written here.
func TestTheFilesAreInStep(t *testing.T) {
	for name, board := range boards.All() {
		want, err := board.JSON()
		if err != nil {
			t.Error(err)
			continue
		}
		path := filepath.Join("..", "dashboards", name)
		if *update {
			if err := os.WriteFile(path, want, 0o644); err != nil {
				t.Error(err)
			}
			continue
		}
		if found, err := os.ReadFile(path); err != nil || !bytes.Equal(found, want) {
			t.Errorf("%s is behind: run make generate (%v)", name, err)
		}
	}
}
