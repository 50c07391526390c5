package backups

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"expense-tracker/adapters/postgres"
)

// Postgres is a database of PostgreSQL, backed up by PostgreSQL's own programs. It is restored into a server of its own in the work
// folder, which no network reaches: the one that serves is neither touched nor kept busy by that.
type Postgres struct {
	URL      string // of the role that owns the tables
	Password string // where the URL has none
	Environ  []string
}

// advisoryKey is of the lock that a scheduler holds on the database while it makes a backup.
const advisoryKey = 0x6261636b757073 // "backups"

// A server frees the lock of a session some time after its program has ended.
const (
	lockPatience = 3 * time.Second
	lockEvery    = 200 * time.Millisecond
)

// Lock implements Source.
func (p Postgres) Lock(ctx context.Context) (release func(), err error) {
	for end := time.Now().Add(lockPatience); ; {
		release, held, err := postgres.Exclusive(ctx, p.URL, p.Password, advisoryKey)
		switch {
		case err != nil || held:
			return release, err
		case time.Now().After(end):
			return release, ErrBusy
		}
		time.Sleep(lockEvery)
	}
}

// ErrNothing is the error of a database that the program has never served: a backup of it would look like the newest there is.
var ErrNothing = errors.New("the database has no tables of this program yet, so there is nothing to back up")

// Dump implements Source.
func (p Postgres) Dump(ctx context.Context, file string) error {
	if found, err := postgres.Look(ctx, p.URL, p.Password); err != nil || !found.There {
		return cmp.Or(err, ErrNothing)
	}
	if err := makePrivate(file); err != nil { // pg_dump itself would let everybody read it
		return err
	}
	// Not compressed, since restic does that, and finds again what the dumps of yesterday and today have in common.
	err := p.client(ctx, "pg_dump", "--format=custom", "--compress=0", "--lock-wait-timeout=30s", "--file="+file)
	var failed *toolError
	if errors.As(err, &failed) && strings.Contains(failed.said, "server version mismatch") {
		return fmt.Errorf("this pg_dump is older than the server: use PostgreSQL's programs of the server's version, or a later one: %w", err)
	}
	return err
}

// Restore implements Source.
func (p Postgres) Restore(ctx context.Context, file string, replace bool) (string, error) {
	state, err := postgres.Look(ctx, p.URL, p.Password)
	switch {
	case err != nil:
		return "", err
	case state.Serving > 0:
		return "", fmt.Errorf("the program has %d connections to the database: stop it first", state.Serving)
	case state.Holds && !replace:
		return "", errors.New("the database holds expenses: add --replace to overwrite them")
	}
	if err := p.client(ctx, "pg_restore", "--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error",
		file); err != nil {
		return "", explainRestore(err)
	}
	return "the database has what the backup has; start the program, which gives its role its rights again", nil
}

// client runs one of PostgreSQL's programs on the database.
func (p Postgres) client(ctx context.Context, name string, args ...string) error {
	path, err := findTool(name)
	if err != nil {
		return err
	}
	address, password, err := p.address()
	if err != nil {
		return err
	}
	env := append(without(p.Environ, "PGAPPNAME"), "PGAPPNAME=expense-tracker-backups")
	return tool{
		path: path, args: append([]string{"--no-password", "--dbname=" + address}, args...), env: withPassword(env, password),
	}.run(ctx)
}

// withPassword returns an environment with the password for PostgreSQL, if there is one. Arguments are seen by every user of the machine.
func withPassword(environ []string, password string) []string {
	if password == "" {
		return environ
	}
	return append(without(environ, "PGPASSWORD"), "PGPASSWORD="+password)
}

// address returns the URL as PostgreSQL's own programs take it, and the password that is not in it any more.
func (p Postgres) address() (address, password string, err error) {
	parsed, err := url.Parse(p.URL)
	if err != nil {
		return "", "", errors.New("the storage's URL is malformed")
	}
	password, _ = parsed.User.Password()
	query := parsed.Query()
	password = cmp.Or(p.Password, password, query.Get("password"))
	for _, ours := range []string{"password", "default_query_exec_mode", "statement_cache_capacity", "description_cache_capacity"} {
		query.Del(ours)
	}
	if parsed.User != nil {
		parsed.User = url.User(parsed.User.Username())
	}
	for name, value := range map[string]string{"connect_timeout": "10", "keepalives_idle": "30"} {
		if !query.Has(name) {
			query.Set(name, value)
		}
	}
	parsed.RawQuery = query.Encode()
	return parsed.String(), password, nil
}

// names returns the role and the database.
func (p Postgres) names() (user, database string, err error) {
	parsed, err := url.Parse(p.URL)
	if err != nil {
		return "", "", errors.New("the storage's URL is malformed")
	}
	return parsed.User.Username(), strings.TrimPrefix(parsed.Path, "/"), nil
}

// Try implements Source.
func (p Postgres) Try(ctx context.Context, file, folder string, check func(ctx context.Context, url string) error) (err error) {
	scratch := server{folder: filepath.Join(folder, "scratch"), environ: p.Environ}
	if err := scratch.make(ctx); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, scratch.remove(context.WithoutCancel(ctx))) }()
	if err := scratch.run(ctx, "createdb", scratch.connection("postgres")[0], scratch.connection("postgres")[1], scratchName); err != nil {
		return err
	}
	restore := append(scratch.connection(scratchName), "--no-owner", "--no-privileges", "--exit-on-error", file)
	if err := giveToServer(file); err != nil {
		return err
	}
	if err := scratch.run(ctx, "pg_restore", restore...); err != nil {
		return explainRestore(err)
	}
	return check(ctx, scratch.url(scratchName))
}

func explainRestore(err error) error {
	var failed *toolError
	if errors.As(err, &failed) && strings.Contains(failed.said, "unsupported version") {
		return fmt.Errorf("this pg_restore is older than the pg_dump that made the backup: "+
			"use the programs of that version, or a later one: %w", err)
	}
	return err
}

// Tidy implements Source.
func (p Postgres) Tidy(ctx context.Context, folder string) error {
	return server{folder: filepath.Join(folder, "scratch"), environ: p.Environ}.remove(ctx)
}

// scratchName is of the database that a backup is restored into.
const scratchName = "scratch"

// server is a throwaway one, which is reached by a socket in its folder alone.
type server struct {
	folder  string
	environ []string
}

func (s server) data() string { return filepath.Join(s.folder, "data") }

// make initialises the server and starts it. What it holds may be lost at any time, so nothing waits for the disk.
func (s server) make(ctx context.Context) error {
	const longest = 107 - len("/.s.PGSQL.5432") // a socket's path
	if len(s.folder) > longest {
		return fmt.Errorf("the path of the work folder is too long for a socket in it: name a shorter one in backup.work")
	}
	if err := os.MkdirAll(s.folder, 0o700); err != nil {
		return err
	}
	if err := giveToServer(s.folder); err != nil {
		return err
	}
	if err := s.run(ctx, "initdb", "--pgdata="+s.data(), "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8",
		"--no-sync", "--no-instructions"); err != nil {
		return err
	}
	return s.start(ctx, "-c wal_level=minimal -c max_wal_senders=0 -c max_wal_size=256MB -c autovacuum=off")
}

// start runs the server, with more options of it.
func (s server) start(ctx context.Context, options string) error {
	err := s.run(ctx, "pg_ctl", "start", "--pgdata="+s.data(), "--wait", "--silent", "--timeout=600", "--log="+filepath.Join(s.folder, "log"),
		"--options=-c listen_addresses= -c port=5432 -c unix_socket_directories="+s.folder+" -c unix_socket_permissions=0700 -c fsync=off"+
			" -c full_page_writes=off -c synchronous_commit=off -c shared_buffers=64MB -c max_connections=20 -c huge_pages=off "+options)
	if err != nil {
		log, _ := os.ReadFile(filepath.Join(s.folder, "log")) // as much of an explanation as there is
		return fmt.Errorf("the scratch server does not start: %w: %s", err, (&tail{kept: log[max(0, len(log)-saidLimit):]}).text())
	}
	return nil
}

// remove ends the server, if it runs, and takes its folder away.
func (s server) remove(ctx context.Context) error {
	if _, err := os.Stat(filepath.Join(s.data(), "postmaster.pid")); err == nil {
		ctx, cancel := context.WithTimeout(ctx, time.Minute)
		defer cancel()
		_ = s.run(ctx, "pg_ctl", "stop", "--pgdata="+s.data(), "--mode=immediate", "--silent", "--wait") // one that is gone is no matter
	}
	return os.RemoveAll(s.folder)
}

// run runs one of PostgreSQL's programs as the server's user.
func (s server) run(ctx context.Context, name string, args ...string) error {
	path, err := findTool(name)
	if err != nil {
		return err
	}
	env := append(without(s.environ, "PGHOST", "PGPORT", "PGUSER", "PGPASSWORD", "PGDATABASE", "PGDATA", "PGOPTIONS", "PGSERVICE",
		"HOME", "LC_ALL"), "HOME="+s.folder, "LC_ALL=C.UTF-8")
	return tool{path: path, args: args, env: env, asServer: true}.run(ctx)
}

// connection is what leads PostgreSQL's programs to a database of the server.
func (s server) connection(database string) []string {
	if database == "postgres" {
		return []string{"--host=" + s.folder, "--username=postgres"}
	}
	return []string{"--host=" + s.folder, "--username=postgres", "--dbname=" + database}
}

func (s server) url(database string) string { return s.urlAs("postgres", database) }

func (s server) urlAs(user, database string) string {
	return "postgres://" + url.User(user).String() + "@/" + url.PathEscape(database) + "?" +
		url.Values{"host": {s.folder}, "sslmode": {"disable"}}.Encode()
}
