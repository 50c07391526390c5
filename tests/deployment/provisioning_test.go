package deployment_test

import (
	"slices"
	"strings"
	"testing"

	"expense-tracker/tests/rig/project"

	"github.com/compose-spec/compose-go/v2/types"
)

type datasourceFile struct {
	Datasources []struct {
		UID       string `yaml:"uid"`
		Type      string `yaml:"type"`
		URL       string `yaml:"url"`
		IsDefault bool   `yaml:"isDefault"`
		JSON      struct {
			TimeInterval string `yaml:"timeInterval"`
		} `yaml:"jsonData"`
	} `yaml:"datasources"`
}

func provisionedDatasources(t testing.TB) datasourceFile {
	t.Helper()
	var file datasourceFile
	readYAML(t, project.Path(t, "observability/grafana/provisioning/datasources/prometheus.yml"), &file)
	return file
}

func TestTheDataSourceIsThePrometheusOfTheComposeFile(t *testing.T) {
	sources := provisionedDatasources(t).Datasources
	if len(sources) != 1 {
		t.Fatalf("%d data sources", len(sources))
	}
	source := sources[0]
	if source.UID != "prometheus" || source.Type != "prometheus" || source.URL != "http://prometheus:9090" || !source.IsDefault {
		t.Errorf("data source %+v", source)
	}
	if interval := prometheusConfig(t).Global["scrape_interval"]; interval != any(source.JSON.TimeInterval) {
		t.Errorf("Grafana takes the scrape interval for %s, it is %s", source.JSON.TimeInterval, interval)
	}
}

func TestEveryPanelAsksTheProvisionedDataSource(t *testing.T) {
	known := datasource{Type: "prometheus", UID: provisionedDatasources(t).Datasources[0].UID}
	for file, board := range dashboards(t) {
		for _, panel := range board.charts() {
			if panel.Datasource != known {
				t.Errorf("%s: %q asks %+v", file, panel.Title, panel.Datasource)
			}
			for _, target := range panel.Targets {
				if target.Datasource != known {
					t.Errorf("%s: %q asks %+v", file, panel.Title, target.Datasource)
				}
			}
		}
		for _, variable := range board.Templating.List {
			if variable.Datasource != known {
				t.Errorf("%s: variable %s asks %+v", file, variable.Name, variable.Datasource)
			}
		}
	}
}

func TestLinksLeadToDashboards(t *testing.T) {
	boards := dashboards(t)
	for file, board := range boards {
		for _, link := range board.Links {
			if _, found := boards[strings.TrimPrefix(link.URL, "/d/")+".json"]; !found {
				t.Errorf("%s links to %s, which is none of ours", file, link.URL)
			}
		}
	}
}

// TestGrafanaFindsTheDashboards follows the way of a file into the container: mounted read-only where the provider looks.
func TestGrafanaFindsTheDashboards(t *testing.T) {
	var file struct {
		Providers []struct {
			Options struct {
				Path string `yaml:"path"`
			} `yaml:"options"`
		} `yaml:"providers"`
	}
	readYAML(t, project.Path(t, "observability/grafana/provisioning/dashboards/expense-tracker.yml"), &file)
	if len(file.Providers) != 1 {
		t.Fatalf("%d providers", len(file.Providers))
	}
	path := file.Providers[0].Options.Path
	grafana := loadCompose(t).Services["grafana"]
	if !slices.ContainsFunc(grafana.Volumes, func(v types.ServiceVolumeConfig) bool {
		return v.Source == project.Path(t, "observability/grafana/dashboards") && v.Target == path && v.ReadOnly
	}) {
		t.Errorf("the dashboards are not mounted at %s", path)
	}
	if home := setting(t, grafana.Environment, "GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"); home != path+"/expense-tracker.json" {
		t.Errorf("Grafana's first page is %s", home)
	}
}

// TestPrometheusFindsTheRules does the same for rules, whose paths are relative to the configuration.
func TestPrometheusFindsTheRules(t *testing.T) {
	service := loadCompose(t).Services["prometheus"]
	mounted := map[string]string{}
	for _, volume := range service.Volumes {
		mounted[volume.Target] = volume.Source
	}
	if mounted["/etc/prometheus/prometheus.yml"] != project.Path(t, "prometheus.yml") {
		t.Errorf("prometheus.yml is not mounted: %v", mounted)
	}
	if mounted["/etc/prometheus/observability/prometheus"] != project.Path(t, "observability/prometheus") {
		t.Errorf("the rules are not mounted beside it: %v", mounted)
	}
	if files := prometheusConfig(t).RuleFiles; !slices.Equal(files, []string{"observability/prometheus/*.rules.yml"}) {
		t.Errorf("rule files %v", files)
	}
	if !slices.Contains(service.Command, "--config.file=/etc/prometheus/prometheus.yml") {
		t.Errorf("Prometheus is started with %v", service.Command)
	}
}
