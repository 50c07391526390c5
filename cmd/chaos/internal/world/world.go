// Package world is what is done to the program: its processes, its storage, and the faults of both. It knows nothing of expenses beyond
// how to read them all.
package world

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"sync"
	"syscall"
	"time"

	"expense-tracker/cmd/chaos/internal/evidence"
	"expense-tracker/cmd/chaos/internal/schedule"
	"expense-tracker/tests/rig/program"
)

// Row is a stored expense.
type Row struct {
	Ledger   int64
	ID       int64
	Category string
	Minor    int64
	Note     string
	Deleted  bool
}

// fault does something bad, lasts, and puts it right.
type fault func(ctx context.Context, f schedule.Fault) error

// storage is the storage's part of a world.
type storage interface {
	url(instance int) string
	// ownerURL is of the tables' owner, where url is of a role that row-level security holds to one ledger; else it is empty.
	ownerURL(instance int) string
	faults() map[string]fault
	rows(ctx context.Context) ([]Row, error)
	// verifyURL is for the command verify.
	verifyURL() string
	close(ctx context.Context) error
}

// World is a storage with instances of the program on it.
type World struct {
	storage
	Instances []*Instance
	binary    string
	env       []string
	record    *evidence.Record
	known     map[string]fault
	gate      sync.RWMutex  // held for reading while a client's request is under way
	front     func() string // where people find the instances, if not at each of them

	// Begun and Noticed are told when a fault begins in earnest, and when the set-up has seen it; nil for nobody.
	Begun, Noticed func(schedule.Fault)

	// Astray makes changes that a restore takes away again. An error says that one of them may still happen. It is set before a fault.
	Astray func(ctx context.Context) error
}

// Site says where a world is built.
type Site struct {
	Binary string
	Folder string // for the storage; it is there
	Logs   string // for the program's logs
	Record *evidence.Record
	Deploy string // the project's folder of that name; for the highly available set-up
}

func (s Site) env() []string {
	return []string{
		"HOME=" + s.Folder,
		"EXPENSE_TRACKER_DATABASE_OPERATION_TIMEOUT=1s",
		"EXPENSE_TRACKER_DATABASE_CONNECT_TIMEOUT=5s",
		"EXPENSE_TRACKER_SHUTDOWN_TIMEOUT=5s",
		"EXPENSE_TRACKER_LOG_REQUESTS=failed",
	}
}

// New builds a world of a storage and starts the instances.
func New(ctx context.Context, site Site, kind string, instances int) (w *World, err error) {
	w = &World{binary: site.Binary, env: site.env(), record: site.Record}
	if kind == "ha" {
		w.env = append(w.env, "EXPENSE_TRACKER_DATABASE_OPERATION_TIMEOUT=5s", "EXPENSE_TRACKER_SHUTDOWN_DRAIN=2s",
			"EXPENSE_TRACKER_SHUTDOWN_TIMEOUT=10s", // the drain, and what waits for a database that hangs
			"EXPENSE_TRACKER_WEB_HOSTS=expense-tracker")
	}
	for range instances {
		w.Instances = append(w.Instances, &Instance{binary: site.Binary, env: w.env, listen: "127.0.0.1:0", logs: site.Logs, record: site.Record})
	}
	switch kind {
	case "sqlite":
		w.storage, err = newSQLite(site.Folder, w)
	case "postgres":
		w.storage, err = newPostgres(ctx, site.Folder, w)
	case "ha":
		err = w.buildAvailable(ctx, site)
	default:
		return nil, fmt.Errorf("no storage %q", kind)
	}
	if err != nil {
		return nil, err
	}
	w.known = map[string]fault{
		"kill": func(ctx context.Context, f schedule.Fault) error {
			return w.at(f).restart(ctx, syscall.SIGKILL, f.Lasts/4)
		},
		"term": func(ctx context.Context, f schedule.Fault) error {
			return w.at(f).restart(ctx, syscall.SIGTERM, f.Lasts/4)
		},
		"freeze": func(_ context.Context, f schedule.Fault) error { return w.at(f).freeze(f.Lasts) },
	}
	maps.Copy(w.known, w.faults())
	for n, i := range w.Instances {
		i.storage, i.owner = w.url(n), w.ownerURL(n)
		i.mu.Lock()
		err := i.start(ctx)
		i.mu.Unlock()
		if err != nil {
			return nil, errors.Join(err, w.Close(ctx))
		}
	}
	return w, nil
}

func (w *World) at(f schedule.Fault) *Instance { return w.Instances[f.Instance] }

// Kinds returns the kinds of fault that can be done here, sorted.
func (w *World) Kinds() []string { return slices.Sorted(maps.Keys(w.known)) }

// URLs returns where people find the pages just now.
func (w *World) URLs() []string {
	if w.front != nil {
		return []string{w.front()}
	}
	return w.InstanceURLs()
}

// Repeats reports whether a proxy stands before the instances, which may send a request a second time.
func (w *World) Repeats() bool { return w.front != nil }

// InstanceURLs returns where each instance's pages are just now.
func (w *World) InstanceURLs() []string {
	urls := make([]string, len(w.Instances))
	for n, i := range w.Instances {
		urls[n] = i.URL()
	}
	return urls
}

// Inflict does a fault, and returns when it is put right.
func (w *World) Inflict(ctx context.Context, f schedule.Fault) error {
	inflict, has := w.known[f.Kind]
	if !has {
		return fmt.Errorf("no fault %q on this storage", f.Kind)
	}
	defer w.record.Fault(f.Kind, fmt.Sprintf("%s at instance %d, lasting %s", f.Kind, f.Instance, f.Lasts.Round(time.Millisecond)))()
	if err := inflict(ctx, f); err != nil {
		return fmt.Errorf("%s: %w", f.Kind, err)
	}
	return nil
}

// AwaitWell waits until every instance is well.
func (w *World) AwaitWell(ctx context.Context) error {
	for _, i := range w.Instances {
		for !i.well(ctx) {
			if i.current.Load().Ended() && i.mu.TryLock() {
				ended := i.current.Load().Ended()
				if ended {
					w.record.Breach("an instance has ended by itself", i.Log())
					if err := i.start(ctx); err != nil {
						i.mu.Unlock()
						return err
					}
				}
				i.mu.Unlock()
			}
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(20 * time.Millisecond):
			}
		}
	}
	return nil
}

// Rows returns all that is stored.
func (w *World) Rows(ctx context.Context) ([]Row, error) { return w.rows(ctx) }

// Verify runs the program's own check of the storage.
func (w *World) Verify(ctx context.Context) error {
	result, err := program.Run(ctx, w.binary, w.env, "verify", "--storage", w.verifyURL())
	if err != nil {
		return err
	}
	if result.Code != 0 {
		return fmt.Errorf("verify exits with %d: %s%s", result.Code, result.Stdout, tail(result.Stderr))
	}
	return nil
}

// Close ends everything.
func (w *World) Close(ctx context.Context) error {
	var err error
	for _, i := range w.Instances {
		err = errors.Join(err, i.close())
	}
	return errors.Join(err, w.storage.close(ctx)) //nolint:staticcheck // it says what is closed
}

// fill takes all space that a file system has, and returns the way to free it.
func fill(path string) (free func() error, err error) {
	file, err := os.Create(path) //nolint:gosec // in our folder
	if err != nil {
		return nil, err
	}
	for size := 1 << 20; size >= 512; {
		if _, err := file.Write(make([]byte, size)); err != nil {
			size /= 2
		}
	}
	return func() error { return os.Remove(path) }, file.Close()
}
