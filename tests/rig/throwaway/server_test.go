package throwaway_test

import (
	"os"
	"testing"

	"github.com/jackc/pgx/v5"

	"expense-tracker/tests/rig/throwaway"
)

func TestServerIsAsDurableAsPostgreSQLIsByDefault(t *testing.T) {
	installation, err := throwaway.Find()
	if err != nil {
		t.Fatal(err)
	}
	parent, err := os.MkdirTemp("", "throwaway-") // not t.TempDir: the user postgres has to pass through
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(parent); err != nil {
			t.Error(err)
		}
	})
	if err := os.Chmod(parent, 0o711); err != nil {
		t.Fatal(err)
	}
	server, err := installation.Start(t.Context(), parent, "a password")
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := server.Stop(t.Context()); err != nil {
			t.Error(err)
		}
	}()
	if err := server.Execute(t.Context(), "postgres", "CREATE DATABASE one"); err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(t.Context(), server.URL("one"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := conn.Close(t.Context()); err != nil {
			t.Error(err)
		}
	}()
	for _, setting := range []string{"fsync", "synchronous_commit", "full_page_writes"} {
		var value string
		if err := conn.QueryRow(t.Context(), "SHOW "+setting).Scan(&value); err != nil || value != "on" {
			t.Errorf("%s is %q, %v", setting, value, err)
		}
	}
	if version, err := server.Version(t.Context()); err != nil || version == "" {
		t.Errorf("version %q, %v", version, err)
	}
	if err := server.Execute(t.Context(), "one", "SELEKT"); err == nil {
		t.Error("nonsense was executed")
	}
}
