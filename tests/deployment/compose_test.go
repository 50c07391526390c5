package deployment_test

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"expense-tracker/tests/rig/project"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
)

// loadCompose reads docker-compose.yml as docker compose does, with the given variables in place of .env.
func loadCompose(t testing.TB, variables ...string) *types.Project {
	t.Helper()
	return mustLoad(t, nil, cli.WithEnv(variables), cli.WithDefaultProfiles())
}

// load reads docker-compose.yml, and what stands over it, as docker compose does.
func load(t testing.TB, over []string, options ...cli.ProjectOptionsFn) (*types.Project, error) {
	t.Helper()
	var files []string
	for _, file := range append([]string{"docker-compose.yml"}, over...) {
		files = append(files, project.Path(t, file))
	}
	read, err := cli.NewProjectOptions(files, options...)
	if err != nil {
		t.Fatal(err)
	}
	return read.LoadProject(context.Background())
}

func mustLoad(t testing.TB, over []string, options ...cli.ProjectOptionsFn) *types.Project {
	t.Helper()
	loaded, err := load(t, over, options...)
	if err != nil {
		t.Fatal(err)
	}
	return loaded
}

func TestTheComposeFileNamesWhatTheReadmePromises(t *testing.T) {
	project := loadCompose(t)
	if project.Name != "expense-tracker" {
		t.Errorf("project is called %q", project.Name)
	}
	services := project.ServiceNames()
	slices.Sort(services)
	if want := []string{
		"alertmanager",
		"backups",
		"blackbox-exporter",
		"db",
		"expense-tracker",
		"grafana",
		"node-exporter",
		"postgres-exporter",
		"probe",
		"prometheus",
		"proxy",
		"roles",
	}; !slices.Equal(services, want) {
		t.Errorf("services %v, want %v", services, want)
	}
	volumes := slices.Sorted(maps.Keys(project.Volumes))
	if want := []string{
		"alertmanager_data", "backups", "backups_work", "grafana_data", "loki_data", "monitor_password", "postgres_data", "prometheus_data",
		"reader_password", "tempo_data",
	}; !slices.Equal(volumes, want) {
		t.Errorf("volumes %v, want %v", volumes, want)
	}
	for service, mount := range map[string]string{
		"alertmanager": "alertmanager_data:/alertmanager",
		"backups":      "backups:/backups",
		"db":           "postgres_data:/var/lib/postgresql",
		"grafana":      "grafana_data:/var/lib/grafana",
		"prometheus":   "prometheus_data:/prometheus",
	} {
		if !slices.ContainsFunc(project.Services[service].Volumes, func(v types.ServiceVolumeConfig) bool {
			return v.Type == types.VolumeTypeVolume && v.Source+":"+v.Target == mount
		}) {
			t.Errorf("%s does not keep its data on %s", service, mount)
		}
	}
}

func TestPortsArePublishedOnTheLoopbackOnly(t *testing.T) {
	published := map[string]string{}
	for name, service := range loadCompose(t).Services {
		if service.NetworkMode == "host" {
			t.Errorf("%s shares the host's network", name)
		}
		for _, port := range service.Ports {
			if port.HostIP != "127.0.0.1" {
				t.Errorf("%s publishes %s on %q", name, port.Published, port.HostIP)
			}
			published[port.Published] = name
		}
	}
	if want := map[string]string{"5000": "proxy", "3000": "grafana", "9090": "prometheus"}; !maps.Equal(published, want) {
		t.Errorf("published %v, want %v", published, want)
	}
}

// A second installation on the machine has ports of its own.
func TestPortsAreTheOperatorsToChoose(t *testing.T) {
	services := loadCompose(t, "SITE_PORT=5001", "GRAFANA_PORT=3001", "PROMETHEUS_PORT=9091").Services
	for name, want := range map[string]string{"proxy": "5001", "grafana": "3001", "prometheus": "9091"} {
		if ports := services[name].Ports; len(ports) != 1 || ports[0].Published != want || ports[0].HostIP != "127.0.0.1" {
			t.Errorf("%s is published at %+v, want %s", name, ports, want)
		}
	}
	if !slices.Contains(services["prometheus"].Command, "--web.external-url=http://localhost:9091") {
		t.Errorf("messages lead to another Prometheus: %v", services["prometheus"].Command)
	}
}

// What is published, if anything, is the installation's: on the internet the proxy is not.
func TestADeploymentAsksForNoPublishedPort(t *testing.T) {
	text, err := os.ReadFile(project.Path(t, ".github/workflows/deploy.yml"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if strings.Contains(line, "127.0.0.1:") && !strings.Contains(line, "docker compose exec") {
			t.Errorf("it asks for %s", strings.TrimSpace(line))
		}
	}
}

func TestServicesStartByHealth(t *testing.T) {
	project := loadCompose(t)
	for name, service := range project.Services {
		if name == "roles" { // which ends
			continue
		}
		if check := service.HealthCheck; check == nil || len(check.Test) < 2 || check.Interval == nil || check.Timeout == nil ||
			check.StartPeriod == nil {
			t.Errorf("%s has no complete health check: %+v", name, check)
		}
		for dependency, how := range service.DependsOn {
			want := types.ServiceConditionHealthy
			if dependency == "roles" {
				want = types.ServiceConditionCompletedSuccessfully
			}
			if how.Condition != want {
				t.Errorf("%s waits for %s only until it is %s", name, dependency, how.Condition)
			}
		}
	}
	for _, edge := range [][2]string{
		{"expense-tracker", "db"}, {"grafana", "prometheus"}, {"roles", "db"}, {"grafana", "roles"}, {"postgres-exporter", "roles"},
		{"proxy", "expense-tracker"},
	} {
		if _, waits := project.Services[edge[0]].DependsOn[edge[1]]; !waits {
			t.Errorf("%s does not wait for %s", edge[0], edge[1])
		}
	}
	if waits := project.Services["prometheus"].DependsOn; len(waits) > 0 {
		t.Errorf("Prometheus waits for %v: who says then that they do not start?", waits)
	}
	if test := project.Services["expense-tracker"].HealthCheck.Test; !slices.Equal(test, []string{"CMD", "expense-tracker", "healthcheck"}) {
		t.Errorf("the program is checked with %v", test)
	}
}

func TestImagesArePinnedByVersion(t *testing.T) {
	version := regexp.MustCompile(`^[a-z./-]+:v?\d+\.\d+(\.\d+)?(-[a-z]+)?$`)
	project := loadCompose(t, "COMPOSE_PROFILES=containers")
	for name, service := range project.Services {
		if service.Build == nil && service.Image != project.Services["expense-tracker"].Image && !version.MatchString(service.Image) {
			t.Errorf("%s: image %q is not pinned by version", name, service.Image)
		}
	}
}

func TestEveryMountedFileExists(t *testing.T) {
	project := loadCompose(t)
	for name, service := range project.Services {
		for _, volume := range service.Volumes {
			if volume.Type != types.VolumeTypeBind || !strings.HasPrefix(volume.Source, project.WorkingDir+"/") {
				continue
			}
			if found, err := filepath.Glob(volume.Source); err != nil || len(found) == 0 {
				t.Errorf("%s mounts %s, which is missing", name, volume.Source)
			}
		}
	}
}

// Each who talks to the database does so on a network of the two, which leads nowhere else.
func TestTheDatabaseIsReachedByThoseWhoHaveTo(t *testing.T) {
	project := loadCompose(t, "COMPOSE_PROFILES=containers")
	want := map[string]string{
		"storage": "expense-tracker", "make-roles": "roles", "watch-database": "postgres-exporter", "money": "grafana",
		"dumps": "backups",
	}
	for network := range project.Services["db"].Networks {
		var others []string
		for name, service := range project.Services {
			if _, joined := service.Networks[network]; joined && name != "db" {
				others = append(others, name)
			}
		}
		if !slices.Equal(others, []string{want[network]}) || !project.Networks[network].Internal {
			t.Errorf("on the network %s with the database: %v, internal %v", network, others, project.Networks[network].Internal)
		}
	}
	if networks := project.Services["db"].Networks; len(networks) != len(want) {
		t.Errorf("the database is on the networks %v", networks)
	}
}

// A password that the deployment drew is for the one service that connects with it, and for what draws it.
func TestDrawnPasswordsAreForOneServiceEach(t *testing.T) {
	project := loadCompose(t, "COMPOSE_PROFILES=containers")
	want := map[string]string{"monitor_password": "postgres-exporter", "reader_password": "grafana"}
	for volume, owner := range want {
		for name, service := range project.Services {
			for _, mounted := range service.Volumes {
				if mounted.Source == volume && (name != "roles" && name != owner || name == owner && !mounted.ReadOnly) {
					t.Errorf("%s has %s, read-only %t", name, volume, mounted.ReadOnly)
				}
			}
		}
	}
}

// The Docker engine's socket is the whole machine: nobody has it who was not asked for by the name of a profile.
func TestNobodyHasTheEnginesSocketUnasked(t *testing.T) {
	for name, service := range loadCompose(t).Services {
		for _, volume := range service.Volumes {
			if strings.HasSuffix(volume.Source, "docker.sock") || strings.HasSuffix(volume.Source, "containerd") {
				t.Errorf("%s has the Docker engine's socket", name)
			}
		}
	}
	profiled := loadCompose(t, "COMPOSE_PROFILES=containers").Services["cadvisor"]
	for _, volume := range profiled.Volumes {
		if !volume.ReadOnly {
			t.Errorf("cAdvisor may write to %s", volume.Source)
		}
	}
	if networks := slices.Collect(maps.Keys(profiled.Networks)); !slices.Equal(networks, []string{"scrape-containers"}) ||
		len(profiled.Ports) > 0 {
		t.Errorf("cAdvisor is reached on %v, at %v", networks, profiled.Ports)
	}
}

func TestTheExporterShowsEveryDiskThatMayHoldData(t *testing.T) {
	var excluded *regexp.Regexp
	for _, argument := range loadCompose(t).Services["node-exporter"].Command {
		if pattern, found := strings.CutPrefix(argument, "--collector.filesystem.mount-points-exclude="); found {
			excluded = regexp.MustCompile(pattern)
		}
	}
	if excluded == nil {
		t.Fatal("no mount points are left out")
	}
	for _, disk := range []string{
		"/", "/boot", "/home", "/srv/data", "/var", "/var/lib", "/var/lib/docker", "/var/lib/docker/volumes",
		"/var/lib/docker/volumes/expense-tracker_postgres_data/_data",
		"/var/lib/docker/overlay2", "/var/lib/containers", "/var/lib/containers/storage/volumes", "/var/lib/kubelet", "/device",
		"/system", "/runner",
	} {
		if excluded.MatchString(disk) {
			t.Errorf("a disk at %s is not seen", disk)
		}
	}
	for _, other := range []string{
		"/proc", "/proc/sys/fs/binfmt_misc", "/sys/fs/cgroup", "/dev/shm", "/run", "/run/user/1000", "/var/lib/docker/overlay2/0a1b/merged",
		"/var/lib/docker/containers/0a1b/mounts/shm",
		"/var/lib/docker/rootfs/overlayfs/0a1b", "/var/lib/docker/netns/default", "/var/lib/containers/storage/overlay/0a1b/merged",
		"/var/lib/kubelet/pods/0a1b/volumes/secret",
	} {
		if !excluded.MatchString(other) {
			t.Errorf("%s counts as a disk", other)
		}
	}
}

// A change of a file that Prometheus or Grafana reads at its start has to reach it, though nothing else does that is not changed.
func TestWhatTheMonitoringReadsIsPartOfItsDefinition(t *testing.T) {
	if labels := loadCompose(t, "PROXY_FILES=changed").Services["proxy"].Labels; labels["expense-tracker.files"] != "changed" {
		t.Errorf("the proxy has the labels %v", labels)
	}
	project := loadCompose(t, "MONITORING_FILES=changed")
	for _, name := range []string{"prometheus", "alertmanager", "grafana", "blackbox-exporter"} {
		if project.Services[name].Labels["expense-tracker.files"] != "changed" {
			t.Errorf("%s has the labels %v", name, project.Services[name].Labels)
		}
	}
	for _, name := range []string{"db", "expense-tracker", "node-exporter", "probe"} {
		if len(project.Services[name].Labels) > 0 {
			t.Errorf("%s is restarted for %v", name, project.Services[name].Labels)
		}
	}
}
