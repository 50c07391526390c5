// Package postgrestest gives tests real PostgreSQL servers: throwaway ones, in a temporary folder, on a free loopback port,
// with the durability that PostgreSQL has by default. They are gone when the test process is, however it ends. A machine
// without PostgreSQL fails the test; nothing is skipped.
package postgrestest

import (
	"errors"
	"net/url"
	"os/exec"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"expense-tracker/tests/rig/throwaway"
)

// shared is the server behind Start. A test process has one, for starting a server takes a hundred times as long as
// creating a database; this variable is what makes it one.
var shared = sync.OnceValues(newServer)

// Start returns the URL of a new, empty database on a server that all tests of the process share, as its superuser. The database is
// dropped after the test. Tests that stop or reconfigure the server take one of their own, with StartServer.
func Start(t testing.TB) string {
	t.Helper()
	server, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	return server.Database(t)
}

// Copy returns the URL of a database with all that another has, whose URL is of Start, and to which nobody is connected.
func Copy(t testing.TB, of string) string {
	t.Helper()
	server, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := url.Parse(of)
	if err != nil {
		t.Fatal(err)
	}
	return server.Copy(t, parsed.Path)
}

// StartServer returns a server for this test alone. It is stopped and removed after the test.
func StartServer(t testing.TB) *Server {
	t.Helper()
	server, err := newServer()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.remove(); err != nil {
			t.Errorf("remove the PostgreSQL server: %v", err)
		}
	})
	return server
}

// Tool returns the path of a program that comes with the server, such as pgbench.
func Tool(t testing.TB, name string) string {
	t.Helper()
	found, err := throwaway.Find()
	if err != nil {
		t.Fatal(err)
	}
	path, err := exec.LookPath(found.Program(name))
	if err != nil {
		t.Fatalf("PostgreSQL's %s: %v", name, err)
	}
	return path
}

// CodeOf returns the code of an error that PostgreSQL has answered with, such as 42501; empty if it is another.
func CodeOf(err error) string {
	if answer, is := errors.AsType[*pgconn.PgError](err); is {
		return answer.Code
	}
	return ""
}
