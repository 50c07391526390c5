package main

import (
	"fmt"
	"maps"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	dto "github.com/prometheus/client_model/go"
)

func TestEveryPromisedMetricIsThere(t *testing.T) {
	onEach(t, storages(), func(t *testing.T, storage string) {
		p := start(t, storage)
		for _, outcome := range []string{"accepted", "duplicate", "rejected", "failed"} {
			expect(t, outcome+" at the start", value(t, p.URL, "expense_submissions_total", set{"outcome": outcome}), 0)
		}
		expect(t, "ready", value(t, p.URL, "expense_tracker_ready", nil), 1)
		expect(t, "entries", value(t, p.URL, "expense_entries", nil), 0)
		expect(t, "build", value(t, p.URL, "expense_tracker_build_info", set{"version": "dev"}), 1)

		user := visit(t, p.URL)
		user.add("food", "1.00")
		user.add("food", "1.00")
		user.post("/add", form("category", "food", "price", "none"))
		user.get("/nothing")
		expect(t, "requests", value(t, p.URL, "http_server_request_duration_seconds", set{"http_request_method": "POST", "http_route": "/add", "http_response_status_code": "303"}), 2)
		expect(t, "refused requests", value(t, p.URL, "http_server_request_duration_seconds", set{"http_request_method": "POST", "http_route": "/add", "http_response_status_code": "422"}), 1)
		expect(t, "accepted", value(t, p.URL, "expense_submissions_total", set{"outcome": "accepted"}), 2)
		expect(t, "store operations", value(t, p.URL, "expense_store_operation_duration_seconds", set{"operation": "add", "outcome": "ok"}), 2)
		eventually(t, 10*time.Second, "expense_entries is 2", func() bool { return value(t, p.URL, "expense_entries", nil) == 2 })

		promised := []string{
			"go_memory_used_bytes", "go_goroutine_count", "go_config_gogc_percent", "go_processor_limit",
			"process_cpu_seconds_total", "process_resident_memory_bytes", "process_open_fds", "process_start_time_seconds",
		}
		if storage != "memory:" {
			promised = append(promised, "expense_store_batch_entries", "expense_store_batch_wait_seconds", "expense_store_queue_entries",
				"go_sql_connections_max_open", "go_sql_connections_open", "go_sql_connections_in_use", "go_sql_connections_idle", "go_sql_query_timing_milliseconds")
		}
		exported := scrape(t, p.URL+"/metrics")
		for _, name := range promised {
			if len(exported[name].GetMetric()) == 0 {
				t.Errorf("there is no %s", name)
			}
		}
		for name, family := range exported {
			if family.GetHelp() == "" {
				t.Errorf("%s is not explained", name)
			}
		}
	})
}

// series returns what identifies each series of an exposition.
func series(families map[string]*dto.MetricFamily) map[string]bool {
	all := map[string]bool{}
	for name, family := range families {
		for _, one := range family.GetMetric() {
			var labels []string
			for _, label := range one.GetLabel() {
				labels = append(labels, label.String())
			}
			all[name+"{"+strings.Join(labels, ",")+"}"] = true
		}
	}
	return all
}

func TestWhatStrangersMakeUpAddsNoSeries(t *testing.T) {
	t.Parallel()
	p := start(t, newSQLite(t))
	user := visit(t, p.URL)
	pester := func(n int) {
		unheard := fmt.Sprint("X", n)
		user.send(unheard, "/"+unheard, "", map[string]string{"Host": unheard + ".example"})
		user.send(http.MethodGet, "/"+unheard+"?q="+unheard, "", map[string]string{"Host": unheard + ".example", "User-Agent": unheard, "X-Request-Id": unheard})
		user.send(unheard, "/add", "", map[string]string{"Host": unheard + ".example"})
		user.send(http.MethodGet, "/"+unheard, "", map[string]string{"User-Agent": unheard})
	}
	pester(0)
	scrape(t, p.URL+"/metrics") // which is an operation of the store and a request itself
	before := series(scrape(t, p.URL+"/metrics"))
	for n := range 1000 {
		pester(n + 1)
	}
	after := series(scrape(t, p.URL+"/metrics"))
	for _, name := range slices.Sorted(maps.Keys(after)) {
		if !before[name] {
			t.Errorf("a new series: %s", name)
		}
	}
	unknown := set{"http_request_method": "GET", "http_response_status_code": "404"}
	foreign := set{"http_request_method": "GET", "http_response_status_code": "421"}
	expect(t, "requests of a foreign host", value(t, p.URL, "http_server_request_duration_seconds", foreign), 1001)
	expect(t, "requests of no route", value(t, p.URL, "http_server_request_duration_seconds", unknown), 1001)
}

func TestMetricsCanHaveAListenerOfTheirOwn(t *testing.T) {
	t.Parallel()
	p := start(t, "memory:", "--metrics-listen", "127.0.0.1:0")
	said := regexp.MustCompile(`Metrics are at (http://\S+)/metrics\n`)
	eventually(t, 5*time.Second, "the program says where its metrics are", func() bool { return said.MatchString(p.Output()) })
	address := said.FindStringSubmatch(p.Output())[1]
	expect(t, "/metrics beside the pages", visit(t, p.URL).get("/metrics").status, http.StatusNotFound)
	expect(t, "ready", value(t, address, "expense_tracker_ready", nil), 1)
	for _, path := range []string{"/healthz", "/readyz"} {
		expect(t, path+" beside the pages", visit(t, p.URL).get(path).status, http.StatusOK)
		expect(t, path+" beside the metrics", visit(t, address).get(path).status, http.StatusOK)
	}
	expect(t, "pages beside the metrics", visit(t, address).get("/").status, http.StatusNotFound)
	if err := p.Stop(); err != nil {
		t.Error(err)
	}
	if conn, err := net.Dial("tcp", strings.TrimPrefix(address, "http://")); err == nil {
		_ = conn.Close() // it was only a knock
		t.Error("the metrics' listener is still open")
	}
}
