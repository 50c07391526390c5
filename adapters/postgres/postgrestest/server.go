package postgrestest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// The superuser of every server.
const (
	superuser = "postgres"
	password  = "only-for-tests"
)

// patience bounds a start and a stop.
const patience = 60 * time.Second

// Server is a PostgreSQL server of its own. Its methods are for one goroutine at a time, but for URL and Database.
type Server struct {
	installation
	folder    string
	port      int
	log       logBuffer
	process   *exec.Cmd
	exited    chan struct{} // closed when the postmaster and all of its children are gone
	keeper    *exec.Cmd
	deadMan   io.Closer // closed by us or by the end of this process: the keeper cleans up
	databases atomic.Int64
}

// newServer initialises a server and starts it.
func newServer() (*Server, error) {
	found, err := findInstallation()
	if err != nil {
		return nil, err
	}
	s := &Server{installation: found}
	if s.folder, err = found.makeFolder(); err != nil {
		return nil, err
	}
	if err := s.startKeeper(); err != nil {
		return nil, err
	}
	if err := s.initialise(); err != nil {
		return nil, errors.Join(err, s.remove())
	}
	for range 3 { // somebody may take a port that was free a moment ago
		if s.port, err = freePort(); err != nil {
			break
		}
		if err = s.Start(); err == nil {
			return s, nil
		}
	}
	return nil, errors.Join(err, s.remove())
}

func (s *Server) data() string { return filepath.Join(s.folder, "data") }

// initialise makes the server's files, reached over TCP with a password as in production.
func (s *Server) initialise() error {
	initdb, err := s.program("initdb")
	if err != nil {
		return err
	}
	secret := filepath.Join(s.folder, "password")
	if err := os.WriteFile(secret, []byte(password), 0o644); err != nil {
		return fmt.Errorf("write the superuser's password: %w", err)
	}
	cmd := s.command(s.folder, initdb, "--pgdata="+s.data(), "--username="+superuser, "--pwfile="+secret,
		"--auth=scram-sha-256", "--encoding=UTF8", "--no-sync")
	if output, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, output)
	}
	return nil
}

// Start starts the server, on its port, and returns when it takes connections. After Kill it recovers first.
func (s *Server) Start() error {
	postgres, err := s.program("postgres")
	if err != nil {
		return err
	}
	cmd := s.command(s.folder, postgres, "-D", s.data(), "-p", strconv.Itoa(s.port),
		"-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=")
	cmd.Stdout, cmd.Stderr = &s.log, &s.log // a pipe that children inherit, so Wait waits for them too
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start PostgreSQL: %w", err)
	}
	exited := make(chan struct{})
	go func() {
		defer close(exited)
		_ = cmd.Wait() // how it ended is in the log
	}()
	s.process, s.exited = cmd, exited
	if err := s.awaitConnections(); err != nil {
		return errors.Join(err, s.Stop(Immediate))
	}
	return nil
}

func (s *Server) awaitConnections() error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for {
		conn, err := pgx.Connect(ctx, s.URL())
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-s.exited:
			return fmt.Errorf("PostgreSQL ended at its start:\n%s", s.log.tail())
		case <-ctx.Done():
			return fmt.Errorf("PostgreSQL does not take connections: %w\n%s", err, s.log.tail())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// StopMode is how a server is asked to stop: the signal that PostgreSQL has for it.
type StopMode syscall.Signal

// The modes, as pg_ctl names them.
const (
	Smart     = StopMode(syscall.SIGTERM) // once every client has left
	Fast      = StopMode(syscall.SIGINT)  // clients are thrown out
	Immediate = StopMode(syscall.SIGQUIT) // a crash in good order; the next start recovers
)

// Stop ends the server and returns when all of its processes are gone. Stopping a stopped server does nothing.
func (s *Server) Stop(mode StopMode) error { return s.end(syscall.Signal(mode)) }

// Kill ends the postmaster with SIGKILL, as the kernel does when memory runs out, and returns when its children have noticed and are gone.
func (s *Server) Kill() error { return s.end(syscall.SIGKILL) }

// Freeze stops all of the server's processes where they are, as a machine that hangs does: connections stay and nothing answers.
func (s *Server) Freeze() error { return s.signalAll(syscall.SIGSTOP) }

// Thaw lets a frozen server go on.
func (s *Server) Thaw() error { return s.signalAll(syscall.SIGCONT) }

// signalAll signals the postmaster first, so that it starts no further process, and then its children.
func (s *Server) signalAll(signal syscall.Signal) error {
	postmaster := s.process.Process.Pid
	if err := syscall.Kill(postmaster, signal); err != nil {
		return fmt.Errorf("signal PostgreSQL: %w", err)
	}
	tasks, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", postmaster, postmaster))
	if err != nil {
		return fmt.Errorf("children of PostgreSQL: %w", err)
	}
	for _, child := range strings.Fields(string(tasks)) {
		pid, err := strconv.Atoi(child)
		if err != nil {
			return fmt.Errorf("children of PostgreSQL: %w", err)
		}
		if err := syscall.Kill(pid, signal); err != nil && !errors.Is(err, syscall.ESRCH) {
			return fmt.Errorf("signal PostgreSQL: %w", err)
		}
	}
	return nil
}

func (s *Server) end(signal syscall.Signal) error {
	if s.process == nil {
		return nil
	}
	if err := s.process.Process.Signal(signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("signal PostgreSQL: %w", err)
	}
	select {
	case <-s.exited:
		s.process = nil
		return nil
	case <-time.After(patience):
		return fmt.Errorf("PostgreSQL still runs after %v:\n%s", signal, s.log.tail())
	}
}

// URL returns the URL of the database postgres, as the superuser.
func (s *Server) URL() string { return s.databaseURL("postgres") }

func (s *Server) databaseURL(database string) string {
	u := url.URL{
		Scheme: "postgres", User: url.UserPassword(superuser, password),
		Host: net.JoinHostPort("127.0.0.1", strconv.Itoa(s.port)), Path: database, RawQuery: "sslmode=disable",
	}
	return u.String()
}

// Database creates an empty database, which is dropped after the test, and returns its URL.
func (s *Server) Database(t testing.TB) string {
	t.Helper()
	name := fmt.Sprintf("test_%d", s.databases.Add(1))
	if err := s.execute("CREATE DATABASE " + name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.execute("DROP DATABASE " + name + " WITH (FORCE)"); err != nil {
			t.Error(err)
		}
	})
	return s.databaseURL(name)
}

// execute runs a statement as the superuser.
func (s *Server) execute(statement string) (err error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	conn, err := pgx.Connect(ctx, s.URL())
	if err != nil {
		return fmt.Errorf("connect to the test's PostgreSQL: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close(ctx)) }()
	if _, err := conn.Exec(ctx, statement); err != nil {
		return fmt.Errorf("%s: %w", strings.Fields(statement)[0], err)
	}
	return nil
}

// freePort returns a loopback port that nobody listens on.
func freePort() (int, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	port := listener.Addr().(*net.TCPAddr).Port
	return port, listener.Close()
}
