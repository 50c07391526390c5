package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/jackc/pgx/v5"

	"expense-tracker/cmd/drill/internal/site"
	"expense-tracker/tests/rig/loopback"
	"expense-tracker/tests/rig/throwaway"
)

// watchedServer is a PostgreSQL server with its exporter, and a page with the one that asks for it.
type watchedServer struct {
	bench
	server           *throwaway.Server
	exporter, prober *site.Process
	between, page    *site.Server
	ill              atomic.Bool  // the page
	times            atomic.Int64 // as much longer open transactions seem to be
	pgWAL            string
	connections      []*pgx.Conn
}

func newDatabase(ctx context.Context, plan site.Plan) (d *watchedServer, err error) {
	d = &watchedServer{bench: bench{folder: plan.Folder}}
	d.times.Store(1)
	installation, err := throwaway.Find()
	if err != nil {
		return d, err
	}
	if d.server, err = installation.Start(ctx, plan.Folder, "drill", "shared_buffers=32MB", "max_connections=20", "max_wal_size=32MB",
		"min_wal_size=32MB"); err != nil {
		return d, err
	}
	d.pgWAL = filepath.Join(d.server.Data(), "pg_wal")
	path, err := site.Find("prometheus-postgres-exporter", "postgres_exporter")
	if err != nil {
		return d, err
	}
	address, err := loopback.FreeAddress() //nolint:contextcheck // at once
	if err != nil {
		return d, err
	}
	d.exporter = &site.Process{Path: path, Folder: plan.Folder, Listens: address, Answers: "http://" + address + "/",
		Args: []string{"--web.listen-address=" + address}, Env: []string{"DATA_SOURCE_NAME=" + d.server.URL("postgres")}}
	if err := d.exporter.Start(ctx); err != nil {
		return d, err
	}
	if d.between, err = site.Serve(site.Through("http://"+address+"/metrics", d.told), nil); err != nil {
		return d, err
	}
	if plan.Jobs, err = d.probing(ctx, plan.Project); err != nil {
		return d, err
	}
	// It answers after three seconds when the server does not.
	plan.Jobs = append(plan.Jobs, map[string]any{"job_name": "postgres-exporter", "scrape_interval": "5s", "scrape_timeout": "5s",
		"static_configs": []map[string]any{{"targets": []string{d.between.Address()}}}})
	d.site, err = site.New(ctx, plan)
	return d, err
}

var openSample = regexp.MustCompile(`(?m)^(pg_stat_activity_max_tx_duration\{.*\}) (\S+)$`)

// told is what the exporter says, with transactions that seem to be open for longer, and with the size of the log, which exporters before
// 0.12 do not know.
func (d *watchedServer) told(text []byte) []byte {
	text = openSample.ReplaceAllFunc(text, func(line []byte) []byte {
		parts := openSample.FindSubmatch(line)
		value, err := strconv.ParseFloat(string(parts[2]), 64)
		if err != nil {
			return line
		}
		return fmt.Appendf(nil, "%s %g", parts[1], value*float64(d.times.Load()))
	})
	if !strings.Contains(string(text), "\npg_wal_size_bytes") {
		files, err := os.ReadDir(d.pgWAL)
		var size int64
		for _, file := range files {
			if info, err := file.Info(); err == nil && info.Mode().IsRegular() {
				size += info.Size()
			}
		}
		if err == nil {
			text = fmt.Appendf(text, "pg_wal_size_bytes %d\n", size)
		}
	}
	return text
}

// probing starts a page, and who asks for it as the project does, and returns the job.
func (d *watchedServer) probing(ctx context.Context, project string) ([]map[string]any, error) {
	path, err := site.Find("prometheus-blackbox-exporter", "blackbox_exporter")
	if err != nil {
		return nil, err
	}
	if d.page, err = site.Serve(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if d.ill.Load() {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		_, _ = w.Write([]byte("<html></html>")) // who is gone wants nothing
	}), nil); err != nil {
		return nil, err
	}
	address, err := loopback.FreeAddress() //nolint:contextcheck // at once
	if err != nil {
		return nil, err
	}
	d.prober = &site.Process{Path: path, Folder: d.folder, Listens: address, Answers: "http://" + address + "/metrics",
		Args: []string{"--config.file=" + filepath.Join(project, "observability/blackbox/blackbox.yml"), "--web.listen-address=" + address}}
	return []map[string]any{{
		"job_name": "pages", "metrics_path": "/probe",
		"params":         map[string]any{"module": []string{"page"}, "target": []string{"http://" + d.page.Address() + "/"}},
		"static_configs": []map[string]any{{"targets": []string{address}}},
	}}, d.prober.Start(ctx)
}

func (d *watchedServer) close(ctx context.Context) error {
	err := d.leave(ctx)
	if d.site != nil {
		err = errors.Join(err, d.site.Close())
	}
	for _, p := range []*site.Process{d.exporter, d.prober} {
		if p != nil {
			err = errors.Join(err, p.End())
		}
	}
	d.between.Close()
	d.page.Close()
	if d.server != nil {
		err = errors.Join(err, d.server.Stop(ctx))
	}
	return err
}

// come opens 18 connections, and leave closes them.
func (d *watchedServer) come(ctx context.Context) error {
	for range 18 {
		conn, err := pgx.Connect(ctx, d.server.URL("postgres"))
		if err != nil {
			return err
		}
		d.connections = append(d.connections, conn)
	}
	return nil
}

func (d *watchedServer) leave(ctx context.Context) (err error) {
	for _, conn := range d.connections {
		err = errors.Join(err, conn.Close(ctx))
	}
	d.connections = nil
	return err
}

func (d *watchedServer) execute(ctx context.Context, statements ...string) error {
	return d.server.Execute(ctx, "postgres", statements...)
}

func (d *watchedServer) faults() []fault {
	forget, remember := held(d.server.URL("postgres"), "SELECT 1")
	page := func(ill bool) func(context.Context) error {
		return func(context.Context) error { d.ill.Store(ill); return nil }
	}
	return []fault{
		{name: "PostgreSQL is ended before its exporter", alerts: []string{"PostgresNotWatched"}, begin: d.server.Break, end: d.server.Begin},
		{name: "18 sessions of 20 that there may be", alerts: []string{"PostgresConnectionsScarce"}, begin: d.come, end: d.leave},
		{
			name: "a transaction is forgotten (a proxy tells seconds for a thousand)", alerts: []string{"PostgresTransactionOld"},
			begin: func(ctx context.Context) error { d.times.Store(1000); return forget(ctx) },
			end:   func(ctx context.Context) error { d.times.Store(1); return remember(ctx) },
		},
		{
			name: "a slot of a copy that is gone keeps the log", alerts: []string{"PostgresLogGrows"},
			begin: func(ctx context.Context) error {
				statements := []string{"SELECT pg_create_physical_replication_slot('drill', true)"}
				for range 7 { // of 16 MB each
					statements = append(statements, "SELECT pg_logical_emit_message(true, 'drill', 'x')", "SELECT pg_switch_wal()")
				}
				return d.execute(ctx, statements...)
			},
			end: func(ctx context.Context) error {
				return d.execute(ctx, "SELECT pg_drop_replication_slot('drill')", "CHECKPOINT", "SELECT pg_switch_wal()", "CHECKPOINT")
			},
		},
		{name: "a page answers with 503", alerts: []string{"PageNotAnswering"}, begin: page(true), end: page(false)},
	}
}
