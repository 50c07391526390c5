package program_test

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

	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/program"
	"expense-tracker/tests/rig/programtest"
)

func TestEveryPromisedMetricIsThere(t *testing.T) {
	programtest.OnEach(t, programtest.Storages(), func(t *testing.T, storage string) {
		p := programtest.Start(t, storage)
		for _, outcome := range []string{"accepted", "duplicate", "rejected", "failed"} {
			check.Equal(t, outcome+" at the start", programtest.Metric(t, p.URL, "expense_submissions_total",
				programtest.Labels{"outcome": outcome}), 0)
		}
		check.Equal(t, "ready", programtest.Metric(t, p.URL, "expense_tracker_ready", nil), 1)
		check.Equal(t, "entries", programtest.Metric(t, p.URL, "expense_entries", nil), 0)
		check.Equal(t, "build", programtest.Metric(t, p.URL, "expense_tracker_build_info", programtest.Labels{"version": "dev"}), 1)

		user := programtest.Visit(t, p.URL)
		user.Add("food", "1.00")
		user.Add("food", "1.00")
		user.Post("/add", programtest.Form("category", "food", "price", "none"))
		user.Get("/nothing")
		check.Equal(t, "requests", programtest.Metric(t, p.URL, "http_server_request_duration_seconds",
			programtest.Labels{"http_request_method": "POST", "http_route": "/add", "http_response_status_code": "303"}), 2)
		check.Equal(t, "refused requests", programtest.Metric(t, p.URL, "http_server_request_duration_seconds",
			programtest.Labels{"http_request_method": "POST", "http_route": "/add", "http_response_status_code": "422"}), 1)
		check.Equal(t, "accepted", programtest.Metric(t, p.URL, "expense_submissions_total", programtest.Labels{"outcome": "accepted"}), 2)
		check.Equal(t, "store operations", programtest.Metric(t, p.URL, "expense_store_operation_duration_seconds",
			programtest.Labels{"operation": "add", "outcome": "ok"}), 2)
		check.Eventually(t, 30*time.Second, "expense_entries is 2",
			func() bool { return programtest.Metric(t, p.URL, "expense_entries", nil) == 2 })

		promised := []string{
			"go_memory_used_bytes", "go_goroutine_count", "go_config_gogc_percent", "go_processor_limit",
			"process_cpu_seconds_total", "process_resident_memory_bytes", "process_open_fds", "process_start_time_seconds",
		}
		if storage != "memory:" {
			promised = append(promised, "expense_store_batch_entries", "expense_store_batch_wait_seconds", "expense_store_queue_entries",
				"go_sql_connections_max_open", "go_sql_connections_open", "go_sql_connections_in_use", "go_sql_connections_idle",
				"go_sql_query_timing_milliseconds")
		}
		exported := programtest.Scrape(t, p.URL+"/metrics")
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
	p := programtest.Start(t, programtest.NewSQLite(t))
	user := programtest.Visit(t, p.URL)
	pester := func(n int) {
		unheard := fmt.Sprint("X", n)
		user.Send(unheard, "/"+unheard, "", map[string]string{"Host": unheard + ".example"})
		user.Send(http.MethodGet, "/"+unheard+"?q="+unheard, "", map[string]string{"Host": unheard + ".example", "User-Agent": unheard,
			"X-Request-Id": unheard})
		user.Send(unheard, "/add", "", map[string]string{"Host": unheard + ".example"})
		user.Send(http.MethodGet, "/"+unheard, "", map[string]string{"User-Agent": unheard})
	}
	pester(0)
	check.Eventually(t, 30*time.Second, "the first audit of the totals", func() bool {
		return programtest.Scrape(t, p.URL+"/metrics")["expense_totals_differences"] != nil
	})
	programtest.Scrape(t, p.URL+"/metrics") // which is an operation of the store and a request itself
	before := series(programtest.Scrape(t, p.URL+"/metrics"))
	for n := range 1000 {
		pester(n + 1)
	}
	after := series(programtest.Scrape(t, p.URL+"/metrics"))
	for _, name := range slices.Sorted(maps.Keys(after)) {
		if !before[name] {
			t.Errorf("a new series: %s", name)
		}
	}
	unknown := programtest.Labels{"http_request_method": "GET", "http_response_status_code": "404"}
	foreign := programtest.Labels{"http_request_method": "GET", "http_response_status_code": "421"}
	check.Equal(t, "requests of a foreign host", programtest.Metric(t, p.URL, "http_server_request_duration_seconds", foreign), 1001)
	check.Equal(t, "requests of no route", programtest.Metric(t, p.URL, "http_server_request_duration_seconds", unknown), 1001)
}

// metricsOf returns where a program says that its metrics are, which is after it has said where its pages are.
func metricsOf(t *testing.T, p *program.Program) (address string) {
	t.Helper()
	check.Eventually(t, 30*time.Second, "the program says where its metrics are", func() bool {
		said := regexp.MustCompile(`Metrics are at (http://\S+)/metrics\n`).FindStringSubmatch(p.Output())
		if said != nil {
			address = said[1]
		}
		return said != nil
	})
	return address
}

func TestMetricsCanHaveAListenerOfTheirOwn(t *testing.T) {
	t.Parallel()
	p := programtest.Start(t, "memory:", "--metrics-listen", "127.0.0.1:0")
	address := metricsOf(t, p)
	check.Equal(t, "/metrics beside the pages", programtest.Visit(t, p.URL).Get("/metrics").Status, http.StatusNotFound)
	check.Equal(t, "ready", programtest.Metric(t, address, "expense_tracker_ready", nil), 1)
	for _, path := range []string{"/healthz", "/readyz"} {
		check.Equal(t, path+" beside the pages", programtest.Visit(t, p.URL).Get(path).Status, http.StatusOK)
		check.Equal(t, path+" beside the metrics", programtest.Visit(t, address).Get(path).Status, http.StatusOK)
	}
	check.Equal(t, "pages beside the metrics", programtest.Visit(t, address).Get("/").Status, http.StatusNotFound)
	if err := p.Stop(); err != nil {
		t.Error(err)
	}
	if conn, err := net.Dial("tcp", strings.TrimPrefix(address, "http://")); err == nil {
		_ = conn.Close() // it was only a knock
		t.Error("the metrics' listener is still open")
	}
}
