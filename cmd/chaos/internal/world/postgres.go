package world

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"expense-tracker/cmd/chaos/internal/schedule"
	"expense-tracker/tests/rig/throwaway"
)

const (
	database    = "expenses"
	diskOfPg    = 640 // megabytes: many timelines and restores leave much of the log behind
	pgPatience  = 30 * time.Second
	sqlPatience = 20 * time.Second
)

// postgres is a server behind a proxy for each instance.
type postgres struct {
	world   *World
	server  *throwaway.Server
	proxies []*proxy
	mu      sync.RWMutex // held for writing by faults of the whole server, for reading by those that ask it something
	mounted string
}

func newPostgres(ctx context.Context, folder string, w *World) (*postgres, error) {
	installation, err := throwaway.Find()
	if err != nil {
		return nil, err
	}
	p := &postgres{world: w}
	p.server, err = installation.StartIn(ctx, folder, uuid.NewString(), func(data string) error {
		if !mountable() {
			return nil
		}
		p.mounted = data
		return mount(data, diskOfPg)
	}, "max_wal_size=48MB", "min_wal_size=32MB", "shared_buffers=32MB", "recovery_target_timeline=current")
	if err != nil {
		return nil, errors.Join(err, p.unmount())
	}
	for range w.Instances {
		between, err := newProxy(p.server.Address())
		if err != nil {
			return nil, errors.Join(err, p.close(ctx))
		}
		p.proxies = append(p.proxies, between)
	}
	return p, p.server.Execute(ctx, "postgres", "CREATE DATABASE "+database)
}

// Several instances serve as a role of their own, which the first of them makes, and a single one as the owner: as people run them.
func (p *postgres) url(instance int) string {
	if p.ownerURL(instance) == "" {
		return p.past(instance, nil)
	}
	return p.past(instance, url.UserPassword("chaos_app", "only-here"))
}

func (p *postgres) ownerURL(instance int) string {
	if len(p.proxies) < 2 {
		return ""
	}
	return p.past(instance, nil)
}

// past returns the URL of the database behind an instance's proxy, as a user; nil for the owner.
func (p *postgres) past(instance int, user *url.Userinfo) string {
	u, err := url.Parse(p.server.URL(database))
	if err != nil {
		return ""
	}
	u.Host = p.proxies[instance].address()
	if user != nil {
		u.User = user
	}
	return u.String()
}

func (p *postgres) verifyURL() string { return p.server.URL(database) }

func (p *postgres) unmount() error {
	if p.mounted == "" {
		return nil
	}
	return unmount(p.mounted)
}

func (p *postgres) close(ctx context.Context) error {
	var err error
	for _, between := range p.proxies {
		err = errors.Join(err, between.close())
	}
	return errors.Join(err, p.server.Stop(ctx), p.unmount())
}

func (p *postgres) faults() map[string]fault {
	faults := map[string]fault{
		"pg-terminate":  p.backends("pg_terminate_backend"),
		"pg-cancel":     p.backends("pg_cancel_backend"),
		"pg-immediate":  p.immediate,
		"pg-kill":       p.kill,
		"pg-freeze":     p.freeze,
		"pg-cut":        p.cut,
		"pg-silent":     p.silent,
		"pg-lock-table": p.lock("LOCK TABLE expense_entry IN ACCESS EXCLUSIVE MODE"),
		"pg-lock-row":   p.lock("SELECT version FROM ledger WHERE id = 1 FOR UPDATE"),
		"pg-read-only":  p.readOnly,
		"pg-restart":    p.restart,
		"pg-demoted":    p.demoted,
		"pg-restore":    p.restore,
	}
	if p.mounted != "" {
		faults["pg-disk-full"] = p.diskFull
	}
	return faults
}

// execute runs statements past the proxies, when no fault of the whole server is on.
func (p *postgres) execute(ctx context.Context, statements ...string) error {
	p.mu.RLock()
	defer p.mu.RUnlock()
	ctx, cancel := context.WithTimeout(ctx, sqlPatience)
	defer cancel()
	return p.server.Execute(ctx, "postgres", statements...) // where no backend is ended
}

// backends ends or cancels what some backends do, a few times.
func (p *postgres) backends(function string) fault {
	return func(ctx context.Context, f schedule.Fault) error {
		for until := time.Now().Add(f.Lasts); ; {
			err := p.execute(ctx, fmt.Sprintf(
				"SELECT %s(pid) FROM pg_stat_activity WHERE datname = '%s' AND pid <> pg_backend_pid() AND (pid + %d) %% 2 = 0",
				function, database, f.Draw%2))
			if err != nil || time.Now().After(until) {
				return err
			}
			time.Sleep(100 * time.Millisecond)
		}
	}
}

func (p *postgres) immediate(ctx context.Context, f schedule.Fault) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.server.Break(ctx); err != nil {
		return err
	}
	gone := time.Now()
	time.Sleep(f.Lasts / 2)
	p.world.record.Impossible(gone, time.Now())
	return p.begin(ctx)
}

// begin starts the server, more than once if what is left of the one before is in the way.
func (p *postgres) begin(ctx context.Context) error {
	for until := time.Now().Add(pgPatience); ; {
		err := p.server.Begin(ctx)
		if err == nil || time.Now().After(until) || ctx.Err() != nil {
			return err
		}
		time.Sleep(100 * time.Millisecond)
	}
}

func (p *postgres) cut(_ context.Context, f schedule.Fault) error {
	for until := time.Now().Add(f.Lasts); ; {
		p.proxies[f.Instance].cut()
		if time.Now().After(until) {
			return nil
		}
		time.Sleep(150 * time.Millisecond)
	}
}

// silent swallows what is sent for a while, and then forgets the connections as a firewall does.
func (p *postgres) silent(_ context.Context, f schedule.Fault) error {
	between := p.proxies[f.Instance]
	between.silence()
	time.Sleep(f.Lasts)
	between.cut()
	between.speak()
	return nil
}

func (p *postgres) lock(statement string) fault {
	return func(ctx context.Context, f schedule.Fault) error {
		p.mu.RLock()
		defer p.mu.RUnlock()
		ctx, cancel := context.WithTimeout(ctx, sqlPatience+f.Lasts)
		defer cancel()
		conn, err := pgx.Connect(ctx, p.server.URL(database))
		if err != nil {
			return err
		}
		defer conn.Close(context.WithoutCancel(ctx)) //nolint:errcheck // the lock goes with it
		_, err = conn.Exec(ctx, fmt.Sprintf("BEGIN READ WRITE; SET LOCAL lock_timeout = '3s'; %s; SELECT pg_sleep(%f); ROLLBACK", statement,
			f.Lasts.Seconds()))
		if err != nil && !isRefusal(err) {
			return err
		}
		return nil
	}
}

// isRefusal reports an error that another fault brings: the lock was not had, or the backend was ended.
func isRefusal(err error) bool {
	for _, code := range []string{"55P03", "57P01", "57014", "40P01"} {
		if strings.Contains(err.Error(), code) {
			return true
		}
	}
	return false
}

func (p *postgres) readOnly(ctx context.Context, f schedule.Fault) error {
	if err := p.execute(ctx, "ALTER SYSTEM SET default_transaction_read_only = on", "SELECT pg_reload_conf()"); err != nil {
		return err
	}
	time.Sleep(f.Lasts)
	for until := time.Now().Add(pgPatience); ; {
		err := p.execute(ctx, "SET default_transaction_read_only = off", "ALTER SYSTEM RESET default_transaction_read_only",
			"SELECT pg_reload_conf()")
		if err == nil || time.Now().After(until) {
			return err
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// diskFull fills the server's disk. The server may go down for it, as PostgreSQL does where its log cannot grow; then it is started
// when there is space again.
func (p *postgres) diskFull(ctx context.Context, f schedule.Fault) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	free, err := fill(filepath.Join(p.mounted, "filler"))
	if err != nil {
		return err
	}
	time.Sleep(f.Lasts)
	if err := free(); err != nil {
		return err
	}
	pid, err := p.server.PID()
	if err == nil && syscall.Kill(pid, 0) == nil {
		return nil
	}
	return p.begin(ctx)
}

// rows reads past the proxies.
func (p *postgres) rows(ctx context.Context) (rows []Row, err error) {
	conn, err := pgx.Connect(ctx, p.server.URL(database))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, conn.Close(ctx)) }()
	return readRows(ctx, conn)
}

// readRows reads every expense of a database.
func readRows(ctx context.Context, conn *pgx.Conn) ([]Row, error) {
	found, err := conn.Query(ctx, `SELECT e.ledger_id, e.id, shown.name AS category, (e.price * 100)::bigint AS minor, e.note, e.deleted
FROM expense_entry e
JOIN category stored ON stored.ledger_id = e.ledger_id AND stored.id = e.category_id
JOIN category shown ON shown.ledger_id = e.ledger_id AND shown.id = COALESCE(stored.merged_into, stored.id)`)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(found, pgx.RowToStructByPos[Row])
}
