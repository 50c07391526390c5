package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"expense-tracker/cmd/drill/internal/site"
	"expense-tracker/tests/rig/loopback"
	"expense-tracker/tests/rig/program"
	"expense-tracker/tests/rig/throwaway"
)

const database = "expenses"

// served is the program on a PostgreSQL server, with people who use it.
type served struct {
	bench
	server  *throwaway.Server
	address string
	mu      sync.Mutex // held by who starts or ends the program
	current *program.Program
	stop    func() // the people
}

// bench is what every lane of a drill has.
type bench struct {
	site   *site.Site
	folder string
	binary string
}

// newServed starts all of it.
func newServed(ctx context.Context, plan site.Plan, binary string) (s *served, err error) {
	s = &served{bench: bench{folder: plan.Folder, binary: binary}, stop: func() {}}
	installation, err := throwaway.Find()
	if err != nil {
		return s, err
	}
	if s.server, err = installation.Start(ctx, plan.Folder, "drill", "shared_buffers=32MB"); err != nil {
		return s, err
	}
	if err := s.server.Execute(ctx, "postgres", "CREATE DATABASE "+database); err != nil {
		return s, err
	}
	if s.address, err = loopback.FreeAddress(); err != nil { //nolint:contextcheck // at once
		return s, err
	}
	if err := s.start(ctx); err != nil {
		return s, err
	}
	plan.Targets = map[string][]string{"expense-tracker": {s.address}}
	if s.site, err = site.New(ctx, plan); err != nil {
		return s, err
	}
	s.stop = s.people(ctx)
	return s, nil
}

func (s *served) start(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, err := program.StartLogging(ctx, s.folder, s.binary, []string{
		"HOME=" + s.folder, "EXPENSE_TRACKER_AUDIT_EVERY=2s", "EXPENSE_TRACKER_DATABASE_OPERATION_TIMEOUT=1s",
		"EXPENSE_TRACKER_DATABASE_MAX_CONNECTIONS=4", "EXPENSE_TRACKER_LOG_REQUESTS=none", "EXPENSE_TRACKER_SHUTDOWN_TIMEOUT=3s",
	}, "--storage", s.server.URL(database), "--listen", s.address)
	if err == nil {
		s.current = p
	}
	return err
}

func (s *served) signal(signal syscall.Signal) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.current.Signal(signal)
}

func (s *served) close(ctx context.Context) error {
	s.stop()
	var err error
	if s.site != nil {
		err = s.site.Close()
	}
	if s.current != nil {
		_ = s.current.Signal(syscall.SIGCONT) // it may be gone
		err = errors.Join(err, s.current.Kill())
	}
	if s.server != nil {
		err = errors.Join(err, s.server.Stop(ctx))
	}
	return err
}

// ask sends a request of a person's, and tells nothing of its answer.
func (s *served) ask(ctx context.Context, path string, form url.Values) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	method, body := http.MethodGet, strings.NewReader("")
	if form != nil {
		method, body = http.MethodPost, strings.NewReader(form.Encode())
	}
	request, err := http.NewRequestWithContext(ctx, method, "http://"+s.address+path, body)
	if err != nil {
		return
	}
	if form != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	if err == nil {
		_ = response.Body.Close() // nobody reads it
	}
}

// people use the program: they add, look at the list and at budgets. It returns what ends them.
func (s *served) people(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var all sync.WaitGroup
	for n := range 3 {
		all.Go(func() {
			for ctx.Err() == nil {
				s.ask(ctx, "/add", url.Values{"category": {"food"}, "price": {"1.00"}, "note": {fmt.Sprint("person ", n)}})
				s.ask(ctx, "/", nil)
				s.ask(ctx, "/budgets", nil)
				time.Sleep(100 * time.Millisecond)
			}
		})
	}
	return func() { cancel(); all.Wait() }
}

// execute runs statements in the program's database, past the program.
func (s *served) execute(ctx context.Context, statements ...string) error {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	return s.server.Execute(ctx, database, statements...)
}

// held returns a fault that holds a transaction open, and what it has locked, until its end.
func held(url, statement string) (begin, end func(context.Context) error) {
	var conn *pgx.Conn
	begin = func(ctx context.Context) (err error) {
		if conn, err = pgx.Connect(ctx, url); err != nil {
			return err
		}
		_, err = conn.Exec(ctx, "BEGIN; SET LOCAL lock_timeout = '10s'; "+statement)
		return err
	}
	end = func(ctx context.Context) error {
		if conn == nil {
			return nil
		}
		return conn.Close(ctx) // the lock goes with it
	}
	return begin, end
}

// again does something again and again until its end.
func again(every time.Duration, do func(ctx context.Context) error) (begin, end func(context.Context) error) {
	var stop context.CancelFunc
	var running sync.WaitGroup
	var failed atomic.Pointer[error]
	begin = func(ctx context.Context) error {
		var repeating context.Context
		repeating, stop = context.WithCancel(ctx) //nolint:gosec // end calls it
		running.Go(func() {
			for repeating.Err() == nil {
				if err := do(ctx); err != nil {
					failed.Store(&err)
					return
				}
				select {
				case <-repeating.Done():
				case <-time.After(every):
				}
			}
		})
		return nil
	}
	end = func(context.Context) error {
		if stop == nil {
			return nil
		}
		stop()
		running.Wait()
		if err := failed.Load(); err != nil {
			return *err
		}
		return nil
	}
	return begin, end
}

// faults of the program and of its storage.
func (s *served) faults() []fault {
	killed, alive := again(2500*time.Millisecond, func(ctx context.Context) error {
		s.mu.Lock()
		err := s.current.Kill()
		s.mu.Unlock()
		return errors.Join(err, s.start(ctx))
	})
	flaps, steady := again(2*time.Second, func(context.Context) error {
		err := s.signal(syscall.SIGSTOP)
		time.Sleep(2500 * time.Millisecond)
		return errors.Join(err, s.signal(syscall.SIGCONT))
	})
	lockRow, freeRow := held(s.server.URL(database), "SELECT version FROM ledger WHERE id = 1 FOR UPDATE")
	lockAudit, freeAudit := held(s.server.URL(database), "LOCK TABLE audit_run IN ACCESS EXCLUSIVE MODE")
	lockAll, freeAll := held(s.server.URL(database),
		"LOCK TABLE expense_entry IN ACCESS EXCLUSIVE MODE; SELECT version FROM ledger WHERE id = 1 FOR UPDATE")
	come, leave := s.crowd(24)
	return []fault{
		{
			name: "the program is ended", alerts: []string{"ExpenseTrackerDown"},
			begin: func(context.Context) error { s.mu.Lock(); defer s.mu.Unlock(); return s.current.Stop() },
			end:   s.start,
		},
		{
			name: "the program is ended, before two Prometheus", alerts: []string{"ExpenseTrackerDown"}, once: true,
			before: func(ctx context.Context) error { return s.site.StartTwin(ctx) },
			begin:  func(context.Context) error { return s.signal(syscall.SIGKILL) },
			end:    func(ctx context.Context) error { return errors.Join(s.start(ctx), s.site.EndTwin()) },
		},
		{
			name: "SIGSTOP: the program hangs", alerts: []string{"ExpenseTrackerDown"},
			begin: func(context.Context) error { return s.signal(syscall.SIGSTOP) },
			end:   func(context.Context) error { return s.signal(syscall.SIGCONT) },
		},
		{name: "SIGKILL again and again", alerts: []string{"ExpenseTrackerRestarts"}, begin: killed, end: alive},
		{name: "SIGSTOP for moments, again and again", alerts: []string{"ExpenseTrackerUnsteady"}, begin: flaps, end: steady, once: true},
		{
			name: "PostgreSQL is ended at once", alerts: []string{"ExpenseTrackerStorageNotReady"}, begin: s.server.Break, end: s.server.Begin,
		},
		// Before any lock: an audit that has waited for one rests nine times as long.
		{
			name: "a total is tampered with", alerts: []string{"ExpenseTrackerTotalsDiffer"},
			begin: func(ctx context.Context) error {
				return s.execute(ctx, tamper)
			},
			end: func(ctx context.Context) error {
				result, err := program.Run(ctx, s.binary, []string{"HOME=" + s.folder}, "verify", "--repair", "--storage", s.server.URL(database))
				if err == nil && result.Code != 0 {
					err = fmt.Errorf("verify --repair: %s%s", result.Stdout, result.Stderr)
				}
				return err
			},
		},
		{
			name: "somebody holds a lock on a ledger", begin: lockRow, end: freeRow,
			alerts: []string{"ExpenseTrackerAddsFailing", "ExpenseTrackerWritesFailing", "ExpenseTrackerErrorRatioHigh", "ExpenseTrackerSlow"},
		},
		{
			name: "a lock on all expenses, and 24 people who wait", alerts: []string{"ExpenseTrackerPoolExhausted"},
			begin: func(ctx context.Context) error { return errors.Join(lockAll(ctx), come(ctx)) },
			end:   func(ctx context.Context) error { return errors.Join(freeAll(ctx), leave(ctx)) },
		},
		{
			name: "audits are locked out from the start on", alerts: []string{"ExpenseTrackerNotAudited"},
			begin: func(ctx context.Context) error {
				return errors.Join(s.execute(ctx, "UPDATE audit_run SET ended_at = 0"), lockAudit(ctx), s.signal(syscall.SIGKILL), s.start(ctx))
			},
			end: freeAudit,
		},
		{
			name: "a column is gone", alerts: []string{"ExpenseTrackerErrorLines"}, // a table may be on its way back
			begin: func(ctx context.Context) error {
				return s.execute(ctx, "ALTER TABLE budget RENAME COLUMN category_id TO away")
			},
			end: func(ctx context.Context) error {
				return s.execute(ctx, "ALTER TABLE budget RENAME COLUMN away TO category_id")
			},
		},
		{
			name: "what repeats is refused", alerts: []string{"ExpenseTrackerRepeatsBehind"},
			begin: func(ctx context.Context) error { return s.execute(ctx, refuseRepeats, repeatDue) },
			end:   func(ctx context.Context) error { return s.execute(ctx, "DROP TRIGGER refuse_repeats ON expense_entry") },
		},
	}
}

const (
	tamper = "UPDATE expense_total SET minor = minor + 700 WHERE month = 0 AND category_id = 0"

	refuseRepeats = `
CREATE FUNCTION refuse_repeats() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
	IF NEW.note = 'refused' THEN RAISE EXCEPTION 'the drill refuses it'; END IF;
	RETURN NEW;
END $$;
CREATE TRIGGER refuse_repeats BEFORE INSERT ON expense_entry FOR EACH ROW EXECUTE FUNCTION refuse_repeats()`

	repeatDue = `
INSERT INTO schedule (ledger_id, frequency, every_n, on_day, starts_on, category, price, currency, payee, note, tags, refund, prices, gaps,
	made_to, made, last_expense, category_id, next_due, ended, revision, idempotency_key, fingerprint, created_at)
VALUES (1, 'monthly', 1, 1, '2026-01-01', 'rent', 700.00, 'USD', '', 'refused', '', false, '', '',
	'2025-12-31', 0, 0, 0, '2026-01-01', false, 1, 'drill', '\x00', now())`
)

// crowd is many who search and set budgets at once.
func (s *served) crowd(people int) (begin, end func(context.Context) error) {
	var stop context.CancelFunc
	var all sync.WaitGroup
	begin = func(ctx context.Context) error {
		ctx, stop = context.WithCancel(ctx) //nolint:gosec // end calls it
		for n := range people {
			all.Go(func() {
				for i := 1; ctx.Err() == nil; i++ {
					if n%2 == 0 {
						s.ask(ctx, "/budgets", url.Values{"category": {"all"}, "amount": {fmt.Sprint(100*i + n)}})
						continue
					}
					s.ask(ctx, fmt.Sprintf("/search?q=person+%d&min=0.%02d", n, i%100), nil)
				}
			})
		}
		return nil
	}
	end = func(context.Context) error {
		if stop != nil {
			stop()
			all.Wait()
		}
		return nil
	}
	return begin, end
}
