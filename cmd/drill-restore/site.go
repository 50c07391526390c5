package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"expense-tracker/tests/rig/program"
	"expense-tracker/tests/rig/throwaway"
)

const (
	database = "expenses"
	stanza   = "drill"
)

// site is a server whose log is archived, and the program on it.
type site struct {
	options
	folder  string
	binary  string
	found   throwaway.Installation
	server  *throwaway.Server
	program *program.Program
	dumps   string // place of the daily backups
}

func newSite(ctx context.Context, o options, folder string) (s *site, err error) {
	s = &site{options: o, folder: folder, dumps: filepath.Join(folder, "dumps")}
	if s.found, err = throwaway.Find(); err != nil {
		return nil, err
	}
	if s.binary, err = program.Build(ctx, folder); err != nil {
		return nil, err
	}
	if err := s.newServer(ctx, "one"); err != nil {
		return s, err
	}
	return s, s.configure(ctx)
}

// configure writes pgBackRest's settings, and makes its folders. Until then the server waits with its log.
func (s *site) configure(ctx context.Context) error {
	_, port, err := net.SplitHostPort(s.server.Address())
	if err != nil {
		return err
	}
	text := fmt.Sprintf("[global]\nrepo1-path=%[1]s/pitr/repo\nrepo1-retention-full=2\nlog-path=%[1]s/pitr\nlock-path=%[1]s/pitr/lock\n"+
		"spool-path=%[1]s/pitr\nlog-level-file=off\nlog-level-console=off\nlog-level-stderr=error\nprocess-max=2\ncompress-type=lz4\n"+
		"start-fast=y\n[%[2]s]\npg1-path=%[1]s/one/postgres/data\npg1-socket-path=%[1]s/one/postgres\npg1-user=postgres\npg1-port=%[3]s\n",
		s.folder, stanza, port)
	if err := os.WriteFile(s.settings(), []byte(text), 0o644); err != nil { //nolint:gosec // read by the server's user; no secret is in it
		return err
	}
	return s.asServer(ctx, "mkdir", "-p", filepath.Join(s.folder, "pitr", "repo"))
}

func (s *site) settings() string { return filepath.Join(s.folder, "pgbackrest.conf") }

// newServer starts a server in a folder of its own. The first one's log is archived.
func (s *site) newServer(ctx context.Context, name string) (err error) {
	parent := filepath.Join(s.folder, name)
	if err := os.Mkdir(parent, 0o711); err != nil { //nolint:gosec // the user postgres has to pass through
		return err
	}
	archive := fmt.Sprintf("archive_command='pgbackrest --config=%s --stanza=%s archive-push %%p'", s.settings(), stanza)
	s.server, err = s.found.Start(ctx, parent, "a password", "archive_mode=on", archive,
		fmt.Sprintf("archive_timeout=%d", int(s.archive.Seconds())), "unix_socket_directories="+filepath.Join(parent, "postgres"))
	return err
}

// url is of the database, as the superuser.
func (s *site) url() string { return s.server.URL(database) }

// asServer runs a program as the server's user, who owns the server's files and their backups.
func (s *site) asServer(ctx context.Context, name string, args ...string) error {
	folder := filepath.Join(s.folder, "pitr")
	if err := os.MkdirAll(folder, 0o777); err != nil { //nolint:gosec // the user postgres writes to it
		return err
	}
	if err := os.Chmod(folder, 0o777); err != nil { //nolint:gosec // as above
		return err
	}
	command := s.found.Command(ctx, folder, name, args...)
	command.Env = append(command.Env, "PGPASSWORD=a password")
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("%s %s: %w\n%s", name, strings.Join(args, " "), err, output)
	}
	return nil
}

func (s *site) pgbackrest(ctx context.Context, args ...string) error {
	return s.asServer(ctx, "pgbackrest", append([]string{"--config=" + s.settings(), "--stanza=" + stanza}, args...)...)
}

// command runs one of the program's commands.
func (s *site) command(ctx context.Context, args ...string) error {
	result, err := program.Run(ctx, s.binary, s.env(), args...)
	if err == nil && result.Code != 0 {
		err = fmt.Errorf("%s: exit code %d\n%s%s", strings.Join(args, " "), result.Code, result.Stdout, result.Stderr)
	}
	return err
}

func (s *site) env() []string {
	return []string{"HOME=" + s.folder, "EXPENSE_TRACKER_STORAGE=" + s.url(), "EXPENSE_TRACKER_BACKUP_PLACE=" + s.dumps,
		"EXPENSE_TRACKER_BACKUP_WORK=" + filepath.Join(s.folder, "work"), "EXPENSE_TRACKER_BACKUP_KEY=a key of the drill alone",
		"EXPENSE_TRACKER_DATABASE_OPERATION_TIMEOUT=10s", "EXPENSE_TRACKER_LOG_LEVEL=error"}
}

// serve starts the program.
func (s *site) serve(ctx context.Context) (err error) {
	s.program, err = program.Start(ctx, s.binary, s.env(), "--listen", "127.0.0.1:0")
	return err
}

// loseVolume ends the server as a loss of power does, and removes its files. It returns when that was.
func (s *site) loseVolume(ctx context.Context) (time.Time, error) {
	err := s.server.Kill(ctx)
	at := time.Now()
	return at, errors.Join(err, os.RemoveAll(s.server.Data()))
}

// verify reports whether the program's own check finds nothing.
func (s *site) verify(ctx context.Context) (bool, error) {
	result, err := program.Run(ctx, s.binary, s.env(), "verify")
	return err == nil && result.Code == 0, err
}

var total = regexp.MustCompile(`<data id="total" value="([^"]*)"`)

// agree compares the total on the first page of the program that lived through the loss with that of a fresh one: no page that was kept
// of a state before the loss may be shown for one after it.
func (s *site) agree(ctx context.Context) error {
	fresh, err := program.Start(ctx, s.binary, s.env(), "--listen", "127.0.0.1:0")
	if err != nil {
		return err
	}
	old, err := totalOf(ctx, s.program.URL)
	now, failed := totalOf(ctx, fresh.URL)
	if err = errors.Join(err, failed, fresh.Stop()); err == nil && old != now {
		err = fmt.Errorf("the program that lived through the loss shows the total %s, a fresh one %s", old, now)
	}
	return err
}

func totalOf(ctx context.Context, url string) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/", nil)
	if err != nil {
		return "", err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer func() { _ = answer.Body.Close() }() // it was only read
	page, err := io.ReadAll(answer.Body)
	found := total.FindSubmatch(page)
	if err == nil && found == nil {
		err = fmt.Errorf("the first page has no total: %s", answer.Status)
	}
	if err != nil {
		return "", err
	}
	return string(found[1]), nil
}
