package postgrestest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path"
	"sync/atomic"
	"testing"
	"time"

	"expense-tracker/tests/rig/throwaway"
)

// password is the superuser's, of every server.
const password = "only-for-tests"

// patience bounds a start and a stop on a machine that does much else.
const patience = 2 * time.Minute

// Server is a PostgreSQL server of its own. Its methods are for one goroutine at a time, but for URL and Database.
type Server struct {
	server    *throwaway.Server
	folder    string
	keeper    *exec.Cmd
	deadMan   io.Closer // closed by us or by the end of this process: the keeper cleans up
	databases atomic.Int64
}

// newServer initialises a server and starts it.
func newServer() (*Server, error) {
	found, err := throwaway.Find()
	if err != nil {
		return nil, err
	}
	s := &Server{}
	if s.folder, err = found.TempFolder(); err != nil {
		return nil, fmt.Errorf("make a folder for PostgreSQL: %w", err)
	}
	if err := s.startKeeper(found); err != nil {
		return nil, err
	}
	ctx, cancel := patiently()
	defer cancel()
	if s.server, err = found.Start(ctx, s.folder, password); err != nil {
		return nil, errors.Join(err, s.remove())
	}
	return s, nil
}

func patiently() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), patience)
}

// Start starts the server, on its port, and returns when it takes connections. After Kill it recovers first.
func (s *Server) Start() error {
	ctx, cancel := patiently()
	defer cancel()
	return s.server.Begin(ctx)
}

// Stop ends the server in good order: clients are thrown out.
func (s *Server) Stop() error {
	ctx, cancel := patiently()
	defer cancel()
	return s.server.Stop(ctx)
}

// Kill ends the postmaster with SIGKILL, as the kernel does when memory runs out, and returns when its children have noticed and are gone.
func (s *Server) Kill() error {
	ctx, cancel := patiently()
	defer cancel()
	return s.server.Kill(ctx)
}

// Freeze stops all of the server's processes where they are, as a machine that hangs does: connections stay and nothing answers.
func (s *Server) Freeze() error { return s.server.Freeze() }

// Thaw lets a frozen server go on.
func (s *Server) Thaw() error { return s.server.Thaw() }

// URL returns the URL of the database postgres, as the superuser.
func (s *Server) URL() string { return s.server.URL("postgres") }

// Database creates an empty database, which is dropped after the test, and returns its URL.
func (s *Server) Database(t testing.TB) string {
	t.Helper()
	name := fmt.Sprintf("test_%d", s.databases.Add(1))
	s.execute(t, "CREATE DATABASE "+name)
	t.Cleanup(func() { s.execute(t, "DROP DATABASE "+name+" WITH (FORCE)") })
	return s.server.URL(name)
}

// Copy creates a database with all that another of this server has, to which nobody is connected. It is dropped after the test.
func (s *Server) Copy(t testing.TB, of string) string {
	t.Helper()
	name := fmt.Sprintf("test_%d", s.databases.Add(1))
	s.execute(t, "CREATE DATABASE "+name+" TEMPLATE "+path.Base(of))
	t.Cleanup(func() { s.execute(t, "DROP DATABASE "+name+" WITH (FORCE)") })
	return s.server.URL(name)
}

// execute runs a statement as the superuser.
func (s *Server) execute(t testing.TB, statement string) {
	t.Helper()
	ctx, cancel := patiently()
	defer cancel()
	if err := s.server.Execute(ctx, "postgres", statement); err != nil {
		t.Fatal(err)
	}
}
