package deployment_test

import (
	"slices"
	"strings"
	"testing"

	"expense-tracker/observability/grafana/boards"
	"expense-tracker/tests/rig/project"

	"github.com/compose-spec/compose-go/v2/types"
)

type datasourceFile struct {
	Datasources []provisioned `yaml:"datasources"`
}

// provisioned is a data source that Grafana is given.
type provisioned struct {
	UID       string `yaml:"uid"`
	Name      string `yaml:"name"`
	Type      string `yaml:"type"`
	URL       string `yaml:"url"`
	User      string `yaml:"user"`
	Editable  bool   `yaml:"editable"`
	IsDefault bool   `yaml:"isDefault"`
	JSON      struct {
		TimeInterval string `yaml:"timeInterval"`
		Database     string `yaml:"database"`
		SSLMode      string `yaml:"sslmode"`
		MaxOpen      int    `yaml:"maxOpenConns"`
	} `yaml:"jsonData"`
	Secure struct {
		Password string `yaml:"password"`
	} `yaml:"secureJsonData"`
}

// provisionedDatasources returns those of all files, by their plugins.
func provisionedDatasources(t testing.TB) map[string]provisioned {
	t.Helper()
	sources, uids := map[string]provisioned{}, map[string]bool{}
	for _, path := range matching(t, "observability/grafana/provisioning/datasources/*.yml") {
		var file datasourceFile
		readYAML(t, path, &file)
		for _, source := range file.Datasources {
			if _, twice := sources[source.Type]; (twice && source.Type == "prometheus") || uids[source.UID] || source.UID == "" || source.Editable {
				t.Errorf("%s: the data source %+v", path, source)
			}
			uids[source.UID] = true
			sources[source.Type] = source
		}
	}
	return sources
}

func TestTheDataSourceIsThePrometheusOfTheComposeFile(t *testing.T) {
	source := provisionedDatasources(t)["prometheus"]
	if source.UID != "prometheus" || source.URL != "http://prometheus:9090" || !source.IsDefault {
		t.Errorf("data source %+v", source)
	}
	if interval := prometheusConfig(t).Global["scrape_interval"]; source.JSON.TimeInterval != interval {
		t.Errorf("Grafana takes the scrape interval for %s, it is %s", source.JSON.TimeInterval, interval)
	}
}

// Grafana asks for people's spending as the role that may read it and nothing else, with the password from the volume that is mounted.
func TestTheDataSourceOfMoneyIsTheRoleThatReads(t *testing.T) {
	source := provisionedDatasources(t)["grafana-postgresql-datasource"]
	project := loadCompose(t)
	roles, grafana := project.Services["roles"], project.Services["grafana"]
	if source.Name != "Money" || source.URL != "db:5432" || source.User != "expense_reader" || source.IsDefault ||
		source.JSON.Database != setting(t, roles.Environment, "PGDATABASE") || source.JSON.SSLMode != "disable" {
		t.Errorf("data source %+v", source)
	}
	mounted := func(service types.ServiceConfig) string {
		for _, volume := range service.Volumes {
			if volume.Source == "reader_password" {
				return volume.Target
			}
		}
		return ""
	}
	if want := "$__file{" + mounted(grafana) + "/password}"; source.Secure.Password != want {
		t.Errorf("Grafana reads the password from %s, and it is in %s", source.Secure.Password, want)
	}
	if folder := setting(t, roles.Environment, "READER_FOLDER"); mounted(roles) != folder {
		t.Errorf("the password is written to %s, and the volume is at %s", folder, mounted(roles))
	}
	// The role has five connections, one of which is somebody's by hand.
	if source.JSON.MaxOpen < 1 || source.JSON.MaxOpen > 4 {
		t.Errorf("Grafana opens %d connections", source.JSON.MaxOpen)
	}
}

// Panels ask the data source that is chosen at the top, of their plugin: one that is provisioned.
func TestEveryPanelAsksTheChosenDataSource(t *testing.T) {
	sources := provisionedDatasources(t)
	for file := range boards.All() {
		board := dashboards(t)[file]
		chosen := datasource{UID: "${datasource}"}
		for _, variable := range board.Templating.List {
			if variable.Type == "datasource" {
				chosen.Type, _ = variable.Query.(string)
			}
		}
		if _, known := sources[chosen.Type]; !known {
			t.Errorf("%s chooses among %q, and none is provisioned", file, chosen.Type)
		}
		for _, panel := range board.charts() {
			if panel.asks() && panel.Datasource != chosen {
				t.Errorf("%s: %q asks %+v", file, panel.Title, panel.Datasource)
			}
			for _, target := range panel.Targets {
				if target.Datasource != chosen {
					t.Errorf("%s: %q asks %+v", file, panel.Title, target.Datasource)
				}
			}
		}
		for _, variable := range board.Templating.List {
			if variable.Type != "datasource" && variable.Datasource != chosen {
				t.Errorf("%s: variable %s asks %+v", file, variable.Name, variable.Datasource)
			}
		}
		for _, annotation := range board.Annotations.List {
			if annotation.BuiltIn == 0 && annotation.Datasource != chosen {
				t.Errorf("%s: the marks %s ask %+v", file, annotation.Name, annotation.Datasource)
			}
		}
	}
}

// A link leads to a dashboard or a runbook of ours.
func TestLinksLeadToWhatIsThere(t *testing.T) {
	found := dashboards(t)
	linked := map[string]bool{}
	check := func(file string, l link) {
		switch address, _, _ := strings.Cut(l.URL, "?"); {
		case l.Type == "dashboards":
			for uid, board := range found {
				if len(l.Tags) == 0 || !slices.Contains(board.Tags, l.Tags[0]) {
					t.Errorf("%s links to all that are tagged %v, which %s is not", file, l.Tags, uid)
				}
			}
		case strings.HasPrefix(address, "/d/"):
			if _, there := found[strings.TrimPrefix(address, "/d/")+".json"]; !there {
				t.Errorf("%s links to %s, which is none of ours", file, l.URL)
			}
		case strings.HasPrefix(address, "/public/runbooks/"):
			name := strings.TrimSuffix(strings.TrimPrefix(address, "/public/runbooks/"), ".md")
			linked[name] = true
			if _, there := runbooks(t)[name]; !there {
				t.Errorf("%s links to the runbook %s, which is not there", file, name)
			}
		default:
			t.Errorf("%s links to %q", file, l.URL)
		}
	}
	for file, board := range found {
		for _, l := range board.Links {
			check(file, l)
		}
		for _, panel := range board.charts() {
			for _, l := range panel.Links {
				check(file+": "+panel.Title, l)
			}
		}
	}
	if len(linked) < 12 {
		t.Errorf("panels link to the runbooks %v alone", linked)
	}
	// Grafana serves what stands in its folder of public files.
	grafana := loadCompose(t).Services["grafana"]
	if !slices.ContainsFunc(grafana.Volumes, func(v types.ServiceVolumeConfig) bool {
		return v.Source == project.Path(t, "docs/runbooks") && v.Target == "/usr/share/grafana/public/runbooks" && v.ReadOnly
	}) {
		t.Error("Grafana does not have the runbooks")
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
