package deployment_test

import (
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/common/model"
)

// soon is how long a query may find nothing: on a machine that does much else, scrapes are missed at times, and what they would have brought
// is away until the next.
const soon = time.Minute

// TestQueriesFindDataOnTheLiveSystem runs every panel's query and every rule against a Prometheus that scrapes the real programs.
func TestQueriesFindDataOnTheLiveSystem(t *testing.T) {
	w := startWatched(t)
	t.Run("targets", func(t *testing.T) {
		await(t, soon, "every target answers", func() bool { return len(w.query(t, `up == 1`)) == targets })
		await(t, soon, "the exporters reach what they ask", func() bool {
			return len(w.query(t, `pg_up == 1`)) == 1 && len(w.query(t, `probe_success == 1`)) == len(pages)
		})
		// The bound that prometheus.yml sets is far above what is exported, as it says.
		for _, series := range w.query(t, `scrape_samples_scraped{job="expense-tracker"}`) {
			if series.Value < 50 || series.Value > 2500 {
				t.Errorf("%s exports %v samples", series.Metric["instance"], series.Value)
			}
		}
	})
	t.Run("names", func(t *testing.T) { checkNames(t, w) })
	for file, board := range dashboards(t) {
		t.Run(file, func(t *testing.T) {
			for _, panel := range board.charts() {
				checkPanel(t, w, board, panel, ".*")
			}
			for _, annotation := range board.Annotations.List {
				if annotation.Expr != "" {
					checkPanel(t, w, board, panel{Title: annotation.Name, Targets: []target{{Expr: annotation.Expr, Legend: annotation.Title}}}, ".*")
				}
			}
		})
	}
	t.Run("memory storage", func(t *testing.T) {
		board := dashboards(t)["expense-tracker.json"]
		for _, panel := range board.charts() {
			if !sqlOnly(panel) {
				checkPanel(t, w, board, panel, regexp.QuoteMeta(w.memory))
			}
		}
	})
	t.Run("rules", func(t *testing.T) {
		for _, rule := range rules(t) {
			var series model.Vector // an error in the rule fails the test
			right := within(soon, func() bool {
				series = w.query(t, rule.Expr)
				return rule.Alert == "" && findsANumber(series) ||
					rule.Alert != "" && (len(series) == 0 || ofTheMachine(rule.Alert))
			})
			if !right && rule.Alert != "" {
				t.Errorf("%s is raised although all is well: %v", rule.Alert, series)
			} else if !right {
				t.Errorf("%s records nothing: %v", rule.Record, series)
			}
		}
	})
	t.Run("variables", func(t *testing.T) {
		for file, board := range dashboards(t) {
			for _, variable := range board.Templating.List {
				if variable.Type == "datasource" || variable.Datasource.Type != "prometheus" {
					continue
				}
				parts := regexp.MustCompile(`^label_values\((.+), (\w+)\)$`).FindStringSubmatch(variable.Definition)
				if parts == nil {
					t.Fatalf("%s: %s is defined as %q", file, variable.Name, variable.Definition)
				}
				var series model.Vector
				if !within(soon, func() bool {
					series = w.query(t, board.expand(parts[1], ".*"))
					return len(series) > 0 && series[0].Metric[model.LabelName(parts[2])] != ""
				}) {
					t.Errorf("%s: %s has no values", file, variable.Name)
				}
				// All has to mean what there is to choose from.
				for _, one := range series {
					value := string(one.Metric[model.LabelName(parts[2])])
					if variable.Name == "job" && !regexp.MustCompile("^(?:"+variable.All+")$").MatchString(value) {
						t.Errorf("%s: all jobs leave out %s", file, value)
					}
				}
			}
		}
	})
}

// ofTheMachine reports whether an alert may be raised here: the machine is small, and does much else, so that answers and scrapes take
// longer, and may be short of room by itself. No proxy runs here, and one alert is always raised.
func ofTheMachine(alert string) bool {
	return strings.HasPrefix(alert, "Host") || strings.Contains(alert, "Latency") ||
		slices.Contains([]string{"ExpenseTrackerSlow", "ExpenseTrackerUnsteady", "ProxyDown", watchdog}, alert)
}

// expand puts in what Grafana does: for every choice that which stands for all, but for the instances.
func (d dashboard) expand(expression, instances string) string {
	choices := []string{"$__rate_interval", "1m", "$instance", strings.ReplaceAll(instances, `\`, `\\`)}
	for _, variable := range d.Templating.List {
		if variable.All != "" {
			choices = append(choices, "$"+variable.Name, strings.ReplaceAll(variable.All, `\`, `\\`))
		}
	}
	return strings.NewReplacer(choices...).Replace(expression)
}

// empty are queries that find nothing on a system that is well, by the metric that they ask for, and why.
var empty = map[string]string{
	"ALERTS":                         "nothing is wrong",
	"probe_ssl_earliest_cert_expiry": "the pages go without TLS on one's own machine",
	"probe_tls_version_info":         "the same",
}

// notYet are metrics that postgres_exporter does not have before version 0.12, which Debian 12 and its like do not bring. They are tried
// where a newer one is installed, and in the compose file.
var notYet = []string{
	"pg_stat_user_tables_n_dead_tup", "pg_stat_user_tables_n_live_tup", "pg_stat_user_tables_seq_scan", "pg_stat_user_tables_n_tup_ins",
	"pg_stat_user_tables_n_tup_upd", "pg_stat_user_tables_n_tup_del", "pg_stat_user_tables_autovacuum_count", "pg_wal_size_bytes",
	"pg_replication_lag_seconds",
}

// mayBeEmpty says why a query may find nothing here, if it may.
func (w watched) mayBeEmpty(t *testing.T, expression string) string {
	t.Helper()
	for _, name := range metricNames(expression) {
		if reason := empty[name]; reason != "" {
			return reason
		}
		if slices.Contains(notYet, name) && len(w.query(t, "pg_stat_user_tables_n_live_tup")) == 0 {
			return "the exporter is too old"
		}
	}
	return ""
}

// sqlOnly tells of a panel that says itself that it is empty where the storage is no SQL database: the memory storage has no pool and
// no commits.
func sqlOnly(p panel) bool {
	return slices.ContainsFunc(p.Targets, func(target target) bool {
		return strings.Contains(target.Expr, "go_sql_") || strings.Contains(target.Expr, "expense_store_batch_") ||
			strings.Contains(target.Expr, "expense_store_queue_") ||
			strings.Contains(target.Expr, "expense_store_wal_")
	})
}

// checkPanel demands a number from each query of a panel, and in it the labels that its legend shows. Where nothing may be found, the query
// is run all the same.
func checkPanel(t *testing.T, w watched, board dashboard, p panel, instances string) {
	t.Helper()
	for _, target := range p.Targets {
		if target.SQL != "" {
			continue // see TestMoneyIsExact
		}
		expression := board.expand(target.Expr, instances)
		if strings.Contains(expression, "$") {
			t.Errorf("%q has a variable that this test does not know: %s", p.Title, expression)
			continue
		}
		series := w.query(t, expression)
		if w.mayBeEmpty(t, target.Expr) != "" && len(series) == 0 {
			continue
		}
		if !within(soon, func() bool { series = w.query(t, expression); return findsANumber(series) }) {
			t.Errorf("%q finds nothing: %s gave %v", p.Title, expression, series)
			continue
		}
		for _, match := range regexp.MustCompile(`\{\{(\w+)\}\}`).FindAllStringSubmatch(target.Legend, -1) {
			if !slices.ContainsFunc(series, func(s *model.Sample) bool { return s.Metric[model.LabelName(match[1])] != "" }) {
				t.Errorf("%q shows %s in its legend, which no series of %s has", p.Title, match[1], expression)
			}
		}
	}
}

// findsANumber tells whether a series has a value that can be drawn.
func findsANumber(series model.Vector) bool {
	return slices.ContainsFunc(series, func(s *model.Sample) bool {
		return !math.IsNaN(float64(s.Value)) && !math.IsInf(float64(s.Value), 0)
	})
}

// checkNames demands that every metric in dashboards and rules is one that is exported or recorded.
func checkNames(t *testing.T, w watched) {
	var exported []string
	w.ask(t, "/api/v1/label/__name__/values", &exported)
	expressions := map[string]string{}
	for file, board := range dashboards(t) {
		for _, panel := range board.charts() {
			for _, target := range panel.Targets {
				if target.SQL == "" {
					expressions[file+": "+panel.Title+" "+target.RefID] = target.Expr
				}
			}
		}
	}
	for _, rule := range rules(t) {
		if rule.Alert != watchdog {
			expressions[rule.Record+rule.Alert] = rule.Expr
		}
	}
	for _, place := range slices.Sorted(maps.Keys(expressions)) {
		names := metricNames(expressions[place])
		if len(names) == 0 {
			t.Errorf("%s names no metric: %s", place, expressions[place])
		}
		for _, name := range names {
			// Those of Patroni and HAProxy are held to the real ones where both run, in cmd/chaos.
			elsewhere := w.mayBeEmpty(t, name) != "" || strings.HasPrefix(name, "patroni_") || strings.HasPrefix(name, "haproxy_")
			if !slices.Contains(exported, name) && !elsewhere {
				t.Errorf("%s names %s, which nobody exports", place, name)
			}
		}
	}
}

// metricNames returns the metrics that an expression names: what is left when texts, selectors, windows, lists of labels,
// numbers, functions and operators are taken out.
func metricNames(expression string) []string {
	for _, noise := range []string{
		`"(\\.|[^"\\])*"`, `\{[^}]*\}`, `\[[^\]]*\]`, `\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)`,
		`\b\d[\w.]*`, `[a-z_0-9]+\s*\(`, `\$\w+`, `\b(and|or|unless|bool|offset)\b`,
	} {
		expression = regexp.MustCompile(noise).ReplaceAllString(expression, " ")
	}
	names := regexp.MustCompile(`[a-zA-Z_:][a-zA-Z0-9_:]*`).FindAllString(expression, -1)
	slices.Sort(names)
	return slices.Compact(names)
}

func TestMetricNames(t *testing.T) {
	for expression, want := range map[string][]string{
		`up`: {"up"},
		`60 * sum by (job, le) (rate(a_total{x="b{c}", y!~"d|e"}[5m])) / 1e9`:                  {"a_total"},
		`label_replace(sum by (r) (rate(h_count{j=~"$i"}[$__rate_interval])), "r", "n", "")`:   {"h_count"},
		`(sum(rate(a[5m])) / (job:b:rate5m > 0)) or 0 * sum by (job) (up{job="x"})`:            {"a", "job:b:rate5m", "up"},
		`a >= b and on (instance) c > 1 unless d offset 5m`:                                    {"a", "b", "c", "d"},
		`histogram_quantile(0.95, sum without (le) (rate(x_bucket{r!=""}[1m]))) or absent(up)`: {"up", "x_bucket"},
	} {
		if names := metricNames(expression); !slices.Equal(names, want) {
			t.Errorf("%s names %v, found %v", expression, want, names)
		}
	}
}
