package programtest

import (
	"context"
	"database/sql"
	"strings"
	"testing"
)

// Hold keeps every writer of the storage waiting until the function that it returns is called.
func Hold(t testing.TB, storage string) (release func()) {
	t.Helper()
	conn, err := OpenDatabase(t, storage).Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	begin := "BEGIN IMMEDIATE"
	if !strings.HasPrefix(storage, "sqlite:") {
		begin = "BEGIN; LOCK TABLE expense_entry IN SHARE ROW EXCLUSIVE MODE"
	}
	if _, err := conn.ExecContext(t.Context(), begin); err != nil {
		t.Fatal(err)
	}
	var once bool
	release = func() {
		if !once {
			once = true
			rollBack(t, conn)
		}
	}
	t.Cleanup(release)
	return release
}

func rollBack(t testing.TB, conn *sql.Conn) {
	t.Helper()
	if _, err := conn.ExecContext(context.Background(), "ROLLBACK"); err != nil {
		t.Errorf("let the writers go on: %v", err)
	}
	if err := conn.Close(); err != nil {
		t.Errorf("let the writers go on: %v", err)
	}
}
