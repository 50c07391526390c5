package deployment_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"expense-tracker/observability"
	"expense-tracker/tests/rig/project"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
)

// withTraces reads docker-compose.yml with the profile that has the stores of traces and logs, as .env.example says to start it.
func withTraces(t *testing.T) *types.Project {
	t.Helper()
	return mustLoad(t, nil, cli.WithProfiles([]string{"traces"}), cli.WithEnv([]string{"OTEL_EXPORTER_OTLP_ENDPOINT=http://collector:4318"}))
}

func TestTracesAreAProfileThatPlainComposeKnowsNothingOf(t *testing.T) {
	stores := []string{"collector", "loki", "tempo"}
	plain, whole := loadCompose(t), withTraces(t)
	for _, name := range stores {
		if _, there := plain.Services[name]; there {
			t.Errorf("%s is started without the profile", name)
		}
		if _, there := whole.Services[name]; !there {
			t.Errorf("%s is not started with the profile", name)
		}
	}
	for name, service := range plain.Services {
		for dependency := range service.DependsOn {
			if slices.Contains(stores, dependency) {
				t.Errorf("%s waits for %s, which may not be there", name, dependency)
			}
		}
	}
	for _, project := range []*types.Project{plain, whole} {
		var environ []string
		for name, value := range project.Services["expense-tracker"].Environment {
			if value != nil {
				environ = append(environ, name+"="+*value)
			}
		}
		wanted, err := observability.TracesWanted(environ)
		if err != nil || wanted != (project == whole) {
			t.Errorf("traces are sent: %t, %v", wanted, err)
		}
	}
	if _, set := plain.Services["expense-tracker"].Environment["OTEL_EXPORTER_OTLP_HEADERS"]; set {
		t.Error("what may be a secret is in the environment, which docker inspect shows")
	}
}

// TestTheSpansFindTheirWay follows a span from the program to Grafana, by the names and ports of the files that take part.
func TestTheSpansFindTheirWay(t *testing.T) {
	services := withTraces(t).Services
	meet := func(a, b string) {
		t.Helper()
		for network := range services[a].Networks {
			if _, joined := services[b].Networks[network]; joined {
				return
			}
		}
		t.Errorf("%s does not reach %s", a, b)
	}
	for _, pair := range [][2]string{
		{"expense-tracker", "collector"}, {"collector", "tempo"}, {"collector", "loki"}, {"grafana", "tempo"}, {"grafana", "loki"},
	} {
		meet(pair[0], pair[1])
	}
	var collector struct {
		Receivers struct {
			OTLP struct {
				Protocols map[string]struct {
					Endpoint string `yaml:"endpoint"`
				} `yaml:"protocols"`
			} `yaml:"otlp"`
			FileLog struct {
				Include   []string         `yaml:"include"`
				Operators []map[string]any `yaml:"operators"`
			} `yaml:"filelog"`
		} `yaml:"receivers"`
		Exporters map[string]struct {
			Endpoint string `yaml:"endpoint"`
		} `yaml:"exporters"`
		Service struct {
			Pipelines map[string]struct{ Receivers, Processors, Exporters []string } `yaml:"pipelines"`
		} `yaml:"service"`
		Processors map[string]any `yaml:"processors"`
	}
	readYAML(t, project.Path(t, "observability/traces/collector.yml"), &collector)
	var tempo struct {
		Server struct {
			Port int `yaml:"http_listen_port"`
		} `yaml:"server"`
		Distributor struct {
			Receivers struct {
				OTLP struct {
					Protocols map[string]struct {
						Endpoint string `yaml:"endpoint"`
					} `yaml:"protocols"`
				} `yaml:"otlp"`
			} `yaml:"receivers"`
		} `yaml:"distributor"`
	}
	readYAML(t, project.Path(t, "observability/traces/tempo.yml"), &tempo)
	if at := collector.Receivers.OTLP.Protocols["http"].Endpoint; at != "0.0.0.0:4318" {
		t.Errorf("the collector listens at %s", at)
	}
	if at := tempo.Distributor.Receivers.OTLP.Protocols["http"].Endpoint; at != "0.0.0.0:4318" || tempo.Server.Port != 3200 {
		t.Errorf("Tempo listens at %s, and is asked at %d", at, tempo.Server.Port)
	}
	for name, want := range map[string]string{"otlphttp/traces": "http://tempo:4318", "otlphttp/logs": "http://loki:3100/otlp"} {
		if got := collector.Exporters[name].Endpoint; got != want {
			t.Errorf("%s leads to %q", name, got)
		}
	}
	for signal, pipeline := range collector.Service.Pipelines {
		if len(pipeline.Receivers) != 1 || len(pipeline.Exporters) != 1 || collector.Exporters[pipeline.Exporters[0]].Endpoint == "" {
			t.Errorf("the pipeline of %s is %+v", signal, pipeline)
		}
		for _, name := range pipeline.Processors {
			if _, defined := collector.Processors[name]; !defined {
				t.Errorf("the pipeline of %s names %s, which is not defined", signal, name)
			}
		}
	}
	logs := collector.Receivers.FileLog.Include[0]
	if !slices.ContainsFunc(services["collector"].Volumes, func(v types.ServiceVolumeConfig) bool {
		return strings.HasPrefix(logs, v.Target+"/") && v.ReadOnly
	}) {
		t.Errorf("Docker's logs are not mounted at %s", logs)
	}
	if label := services["expense-tracker"].Logging.Options["labels"]; label != "com.docker.compose.service" {
		t.Errorf("a line of the log does not say whose it is: %q", label)
	}
}

// TestTracesLogsAndMetricsLeadToEachOther checks the links that Grafana is given against the data sources that it is given.
func TestTracesLogsAndMetricsLeadToEachOther(t *testing.T) {
	type source struct {
		UID       string `yaml:"uid"`
		URL       string `yaml:"url"`
		IsDefault bool   `yaml:"isDefault"`
		JSON      struct {
			Exemplars []struct {
				Name string `yaml:"name"`
				UID  string `yaml:"datasourceUid"`
			} `yaml:"exemplarTraceIdDestinations"`
			ToLogs struct {
				UID   string `yaml:"datasourceUid"`
				Query string `yaml:"query"`
			} `yaml:"tracesToLogsV2"`
			ToMetrics struct {
				UID     string `yaml:"datasourceUid"`
				Queries []struct {
					Query string `yaml:"query"`
				} `yaml:"queries"`
			} `yaml:"tracesToMetrics"`
			Derived []struct {
				UID     string `yaml:"datasourceUid"`
				Matcher string `yaml:"matcherRegex"`
				URL     string `yaml:"url"`
			} `yaml:"derivedFields"`
		} `yaml:"jsonData"`
	}
	all := map[string]source{}
	for _, file := range []string{"prometheus.yml", "traces.yml"} {
		var read struct {
			Datasources []source `yaml:"datasources"`
		}
		readYAML(t, project.Path(t, "observability/grafana/provisioning/datasources/"+file), &read)
		for _, one := range read.Datasources {
			if _, twice := all[one.UID]; twice || one.IsDefault != (one.UID == "prometheus") {
				t.Errorf("%s: uid %q twice, or not as default", file, one.UID)
			}
			all[one.UID] = one
		}
	}
	services := withTraces(t).Services
	for uid, one := range all {
		if host := regexp.MustCompile(`^http://([a-z]+):\d+$`).FindStringSubmatch(one.URL); host == nil || services[host[1]].Name == "" {
			t.Errorf("%s is asked at %q, where no service is", uid, one.URL)
		}
	}
	metrics, traces, logs := all["prometheus"].JSON, all["traces"].JSON, all["logs"].JSON
	if len(metrics.Exemplars) != 1 || metrics.Exemplars[0].Name != "trace_id" || metrics.Exemplars[0].UID != "traces" {
		t.Errorf("points lead to %+v", metrics.Exemplars)
	}
	if traces.ToLogs.UID != "logs" || !strings.Contains(traces.ToLogs.Query, "$${__trace.traceId}") || traces.ToMetrics.UID != "prometheus" {
		t.Errorf("spans lead to %+v and %+v", traces.ToLogs, traces.ToMetrics)
	}
	if len(logs.Derived) != 1 || logs.Derived[0].UID != "traces" || logs.Derived[0].Matcher != "trace_id" ||
		logs.Derived[0].URL != "$${__value.raw}" {
		t.Errorf("lines lead to %+v", logs.Derived)
	}
	if !slices.Contains(services["prometheus"].Command, "--enable-feature=exemplar-storage") {
		t.Error("Prometheus keeps no exemplars")
	}
}
