package main

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"

	"expense-tracker/cmd/drill/internal/site"
)

// figures are exporters of the drill's own. They stand for what does not run here: a proxy, two nodes of a database, and an archive of its
// log. make drill-failover and make drill-restore let those fail for real; here it is seen that what they say then reaches people.
type figures struct {
	bench
	mu      sync.Mutex
	said    map[string]map[string]string // of each exporter, by metric; none at all while it is away
	servers map[string]*site.Server
}

// now is a figure that is the present moment.
const now = "now"

func newFigures(ctx context.Context, plan site.Plan) (f *figures, err error) {
	f = &figures{bench: bench{folder: plan.Folder}, servers: map[string]*site.Server{}, said: map[string]map[string]string{
		"proxy": {`haproxy_backend_active_servers{proxy="instances"}`: "2"},
		"db-1": {"patroni_primary": "1", "patroni_replica": "0", "patroni_sync_standby": "0", "patroni_xlog_location": "1000000000",
			"patroni_xlog_replayed_location": "0", "patroni_postgres_timeline": "3", "patroni_dcs_last_seen": now},
		"db-2": {"patroni_primary": "0", "patroni_replica": "1", "patroni_sync_standby": "1", "patroni_xlog_location": "0",
			"patroni_xlog_replayed_location": "1000000000", "patroni_postgres_timeline": "3", "patroni_dcs_last_seen": now},
		"backups": {"expense_backup_next_attempt_timestamp_seconds": now, "expense_backup_archive_failing": "0",
			"expense_backup_base_failing": "0"},
	}}
	for name := range f.said {
		if f.servers[name], err = site.Serve(f.exporter(name), nil); err != nil {
			return f, err
		}
	}
	plan.Targets = map[string][]string{
		"proxy": {f.servers["proxy"].Address()}, "backups": {f.servers["backups"].Address()},
		"patroni": {f.servers["db-1"].Address(), f.servers["db-2"].Address()},
	}
	f.site, err = site.New(ctx, plan)
	return f, err
}

func (f *figures) exporter(name string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		f.mu.Lock()
		defer f.mu.Unlock()
		if f.said[name] == nil {
			http.Error(w, "it is away", http.StatusServiceUnavailable)
			return
		}
		for _, metric := range slices.Sorted(maps.Keys(f.said[name])) {
			value := f.said[name][metric]
			if value == now {
				value = fmt.Sprint(time.Now().Unix())
			}
			_, _ = fmt.Fprintln(w, metric, value) // a scrape that is gone wants nothing
		}
	})
}

func (f *figures) close(context.Context) error {
	for _, server := range f.servers {
		server.Close()
	}
	if f.site == nil {
		return nil
	}
	return f.site.Close()
}

// tells returns a fault that an exporter tells of by another figure, or by none at all where no metric is named.
func (f *figures) tells(name, alert, exporter, metric, value string) fault {
	var before map[string]string
	return fault{
		name: name + " (told by an exporter of the drill)", alerts: []string{alert},
		begin: func(context.Context) error {
			f.mu.Lock()
			defer f.mu.Unlock()
			before = f.said[exporter]
			if metric == "" {
				f.said[exporter] = nil
				return nil
			}
			f.said[exporter] = maps.Clone(before)
			f.said[exporter][metric] = value
			return nil
		},
		end: func(context.Context) error {
			f.mu.Lock()
			defer f.mu.Unlock()
			f.said[exporter] = before
			return nil
		},
	}
}

func (f *figures) faults() []fault {
	ago := func(d time.Duration) string { return fmt.Sprint(time.Now().Add(-d).Unix()) }
	promoted := f.tells("the standby was promoted", "DatabaseFailedOver", "db-2", "patroni_postgres_timeline", "4")
	promoted.end = func(context.Context) error { return nil } // it stays so
	return []fault{
		f.tells("the proxy is away", "ProxyDown", "proxy", "", ""),
		f.tells("no instance is ready", "ProxyFindsNobodyReady", "proxy", `haproxy_backend_active_servers{proxy="instances"}`, "0"),
		f.tells("no node is the primary", "DatabaseWithoutPrimary", "db-1", "patroni_primary", "0"),
		f.tells("both nodes are the primary", "DatabaseWithTwoPrimaries", "db-2", "patroni_primary", "1"),
		f.tells("the standby does not follow", "DatabaseWithoutStandby", "db-2", "patroni_sync_standby", "0"),
		f.tells("the standby is 100 MB behind", "DatabaseStandbyLags", "db-2", "patroni_xlog_replayed_location", "900000000"),
		f.tells("etcd is not reached", "DatabaseManagerBlind", "db-1", "patroni_dcs_last_seen", ago(time.Minute)),
		f.tells("a node is away", "DatabaseNodeDown", "db-2", "", ""),
		promoted,
		f.tells("a backup hangs", "BackupOverdue", "backups", "expense_backup_next_attempt_timestamp_seconds", ago(4*time.Hour)),
		f.tells("the log is not archived", "LogArchiveFailing", "backups", "expense_backup_archive_failing", "1"),
		f.tells("the base backup failed", "BaseBackupFailing", "backups", "expense_backup_base_failing", "1"),
	}
}
