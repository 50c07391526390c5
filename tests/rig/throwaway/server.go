// Package throwaway runs a PostgreSQL server for the time of a test, a measurement or a trial: in a folder of its own, on a free loopback
// port, with every setting as PostgreSQL has it by default, its durability above all.
package throwaway

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"expense-tracker/tests/rig/loopback"
)

const (
	superuser = "postgres"
	// stopTimeout bounds the shutdown.
	stopTimeout = time.Minute
	// logTail is how much of the server's log an error shows, in bytes.
	logTail = 4 << 10
)

// Server is a running server.
type Server struct {
	Installation
	folder   string
	password string
	port     int
	options  string // of the server program
}

// Start initialises a server in a new folder under parent, and returns when it takes connections. The password keeps other users of
// the machine out. Settings are written name=value.
func (i Installation) Start(ctx context.Context, parent, password string, settings ...string) (*Server, error) {
	s := &Server{Installation: i, folder: filepath.Join(parent, "postgres"), password: password}
	return s, s.initialise(ctx, settings, func(string) error { return nil })
}

// StartIn is Start for a server whose data folder prepare makes ready first: it may mount a file system of its own there.
func (i Installation) StartIn(ctx context.Context, parent, password string, prepare func(data string) error,
	settings ...string) (*Server, error) {
	s := &Server{Installation: i, folder: filepath.Join(parent, "postgres"), password: password}
	return s, s.initialise(ctx, settings, prepare)
}

func (s *Server) initialise(ctx context.Context, settings []string, prepare func(data string) error) error {
	for _, folder := range []string{s.folder, s.Data()} {
		if err := s.makeFolder(folder); err != nil {
			return err
		}
	}
	if err := prepare(s.Data()); err != nil {
		return err
	}
	if err := os.Chmod(s.Data(), 0o700); err != nil { //nolint:gosec // a folder
		return err
	}
	if err := s.own(s.Data()); err != nil {
		return err
	}
	secret := filepath.Join(s.folder, "password")
	if err := os.WriteFile(secret, []byte(s.password), 0o600); err != nil {
		return err
	}
	if err := s.own(secret); err != nil {
		return err
	}
	if err := s.run(ctx, s.folder, "initdb", "--pgdata=data", "--username="+superuser, "--pwfile="+secret, "--auth=scram-sha-256",
		"--encoding=UTF8", "--no-sync"); err != nil {
		return err
	}
	var err error
	for range 3 { // somebody may take a port that was free a moment ago
		if s.port, err = loopback.FreePort(ctx); err != nil {
			return err
		}
		s.options = fmt.Sprintf("-p %d -c listen_addresses=%s -c unix_socket_directories=", s.port, loopback.Host)
		for _, setting := range settings {
			s.options += " -c " + setting
		}
		if err = s.Begin(ctx); err == nil {
			return nil
		}
	}
	return err
}

// Begin starts the server on its port and returns when it takes connections. A server that did not end in good order recovers first.
func (s *Server) Begin(ctx context.Context) error {
	err := s.run(ctx, s.folder, "pg_ctl", "start", "--pgdata=data", "--wait", "--silent", "--log=log", "--options="+s.options)
	if err != nil {
		said, _ := os.ReadFile(filepath.Join(s.folder, "log")) // as much of an explanation as there is
		return fmt.Errorf("%w\n%s", err, said[max(0, len(said)-logTail):])
	}
	return nil
}

// Data returns the folder of the server's files.
func (s *Server) Data() string { return filepath.Join(s.folder, "data") }

// Address returns HOST:PORT.
func (s *Server) Address() string { return net.JoinHostPort(loopback.Host, strconv.Itoa(s.port)) }

// PID returns the process of the postmaster as its own file says, be it alive or not.
func (s *Server) PID() (int, error) {
	text, err := os.ReadFile(filepath.Join(s.Data(), "postmaster.pid"))
	if err != nil {
		return 0, err
	}
	first, _, _ := strings.Cut(string(text), "\n")
	return strconv.Atoi(strings.TrimSpace(first))
}

// Break ends the server as a crash in good order does: the next Begin recovers.
func (s *Server) Break(ctx context.Context) error {
	return s.run(ctx, s.folder, "pg_ctl", "stop", "--pgdata=data", "--wait", "--silent", "--mode=immediate")
}

// Stop ends the server, even if ctx is over. Its folder stays for whoever made the parent.
func (s *Server) Stop(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	return s.run(ctx, s.folder, "pg_ctl", "stop", "--pgdata=data", "--wait", "--silent", "--mode=fast")
}

// URL returns the URL of a database, as the superuser.
func (s *Server) URL(database string) string {
	u := url.URL{
		Scheme: "postgres", User: url.UserPassword(superuser, s.password),
		Host: s.Address(), Path: database, RawQuery: "sslmode=disable",
	}
	return u.String()
}

// Execute runs statements one after the other, each in a transaction of its own.
func (s *Server) Execute(ctx context.Context, database string, statements ...string) (err error) {
	conn, err := pgx.Connect(ctx, s.URL(database))
	if err != nil {
		return fmt.Errorf("connect to PostgreSQL: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	for _, statement := range statements {
		if _, err := conn.Exec(ctx, statement); err != nil {
			return fmt.Errorf("%.60s: %w", statement, err)
		}
	}
	return nil
}

// Version returns what the server calls itself.
func (s *Server) Version(ctx context.Context) (version string, err error) {
	conn, err := pgx.Connect(ctx, s.URL(superuser))
	if err != nil {
		return "", fmt.Errorf("connect to PostgreSQL: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	return conn.PgConn().ParameterStatus("server_version"), nil
}
